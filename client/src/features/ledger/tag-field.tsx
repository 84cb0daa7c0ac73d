import Plus from "lucide-solid/icons/plus"
import { For, type JSX, createMemo, createSignal } from "solid-js"
import { useT } from "../../i18n/index.js"
import { IconButton } from "../../ui/button.js"
import { TextField } from "../../ui/field.js"

/** Tags to switch on and off, and a place for a new one. */
export function TagField(props: {
  readonly known: readonly string[]
  readonly value: readonly string[]
  readonly onChange: (tags: readonly string[]) => void
}): JSX.Element {
  const t = useT()
  const [text, setText] = createSignal("")
  const all = createMemo(() => [...new Set([...props.value, ...props.known])].slice(0, 24))
  const add = (): void => {
    const tag = text().trim().replace(/^#/, "")
    setText("")
    if (tag !== "" && !props.value.includes(tag)) props.onChange([...props.value, tag])
  }
  const toggle = (tag: string): void =>
    props.onChange(props.value.includes(tag) ? props.value.filter(one => one !== tag) : [...props.value, tag])
  return (
    <fieldset class="field">
      <legend class="field-label">{t("money.entry.tags")}</legend>
      <div class="chips">
        <For each={all()}>
          {tag => (
            <button
              type="button"
              class="chip"
              aria-pressed={props.value.includes(tag)}
              onClick={() => toggle(tag)}
            >
              #{tag}
            </button>
          )}
        </For>
      </div>
      <div class="with-button">
        <TextField
          label={t("money.entry.newTag")}
          isLabelHidden
          placeholder={t("money.entry.newTag")}
          value={text()}
          onInput={setText}
          onKeyDown={event => {
            if (event.key !== "Enter") return
            event.preventDefault()
            add()
          }}
        />
        <IconButton icon={Plus} label={t("money.entry.addTag")} onClick={add} />
      </div>
    </fieldset>
  )
}
