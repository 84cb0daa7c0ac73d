import type { Category } from "@home/shared/documents"
import Ellipsis from "lucide-solid/icons/ellipsis"
import { For, type JSX, Show, createMemo, createSignal } from "solid-js"
import { useT } from "../../i18n/index.js"
import { iconOf } from "./icons.js"
import { Drawn } from "../../ui/icon.js"

/** With the tile that shows all, two rows on a phone: what is used most is there without looking. */
const firstShown = 7

/** Categories as pictures with names; one is chosen, choosing it again takes the choice back. */
export function CategoryGrid(props: {
  readonly label: string
  readonly categories: readonly Category[]
  readonly nameOf: (id: string) => string
  readonly value: string
  readonly onChange: (id: string) => void
}): JSX.Element {
  const t = useT()
  const [isWhole, setWhole] = createSignal(false)
  const shown = createMemo(() => {
    if (isWhole() || props.categories.length <= firstShown + 1) return props.categories
    const first = props.categories.slice(0, firstShown)
    const chosen = props.categories.find(({ id }) => id === props.value)
    return chosen === undefined || first.includes(chosen) ? first : [...first.slice(0, -1), chosen]
  })
  return (
    <div class="category-grid" role="group" aria-label={props.label}>
      <For each={shown()}>
        {category => (
          <button
            type="button"
            class="category-tile"
            aria-pressed={category.id === props.value}
            onClick={() => props.onChange(category.id === props.value ? "" : category.id)}
          >
            <Drawn icon={iconOf(category.icon)} size="1.5rem" />
            <span>{props.nameOf(category.id)}</span>
          </button>
        )}
      </For>
      <Show when={shown().length < props.categories.length}>
        <button type="button" class="category-tile" onClick={() => setWhole(true)}>
          <Drawn icon={Ellipsis} size="1.5rem" />
          <span>{t("money.entry.allCategories")}</span>
        </button>
      </Show>
    </div>
  )
}
