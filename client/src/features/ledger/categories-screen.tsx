import { type Category, categoryKinds } from "@home/shared/documents"
import Plus from "lucide-solid/icons/plus"
import { For, type JSX, Show, createSignal } from "solid-js"
import { useT } from "../../i18n/index.js"
import { Button, IconButton } from "../../ui/button.js"
import { Segmented, Switch } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { Sheet } from "../../ui/overlay.js"
import { Badge, Row } from "../../ui/pieces.js"
import { Screen, Section } from "../../ui/screen.js"
import { iconByName, iconOf } from "./icons.js"
import type { LedgerProps } from "./ledger.js"
import { defaultPlace } from "./names.js"
import { Drawn } from "../../ui/icon.js"

/** What money is spent on and where it comes from, each with a picture. */
export function CategoriesScreen(props: { readonly ledger: LedgerProps }): JSX.Element {
  const t = useT()
  const [editing, setEditing] = createSignal<Category | "new" | undefined>(undefined)
  const ofKind = (kind: Category["kind"]) =>
    [...props.ledger.book.categories.values()]
      .filter(category => category.kind === kind)
      .sort((a, b) => Number(a.archived) - Number(b.archived) || defaultPlace(a.key) - defaultPlace(b.key))
  return (
    <Screen
      title={t("money.categories")}
      back={{ href: "/money/more", label: t("action.back") }}
      actions={
        <IconButton
          kind="plain"
          icon={Plus}
          label={t("money.categories.add")}
          disabled={props.ledger.book.readOnly}
          onClick={() => setEditing("new")}
        />
      }
    >
      <For each={categoryKinds}>
        {kind => (
          <Section title={t(`money.${kind}`)}>
            <ul class="list category-list">
              <For each={ofKind(kind)}>
                {category => (
                  <Row
                    lead={<Drawn icon={iconOf(category.icon)} size="1.5rem" />}
                    title={props.ledger.names.category(category.id)}
                    trail={
                      <Show when={category.archived}>
                        <Badge>{t("money.categories.hidden")}</Badge>
                      </Show>
                    }
                    onSelect={() => setEditing(category)}
                  />
                )}
              </For>
            </ul>
          </Section>
        )}
      </For>
      <Show when={editing()} keyed>
        {one => (
          <CategorySheet
            ledger={props.ledger}
            category={one === "new" ? undefined : one}
            onClose={() => setEditing(undefined)}
          />
        )}
      </Show>
    </Screen>
  )
}

function CategorySheet(props: {
  readonly ledger: LedgerProps
  readonly category: Category | undefined
  readonly onClose: () => void
}): JSX.Element {
  const t = useT()
  // Made anew for each category.
  // eslint-disable-next-line solid/reactivity
  const { category, ledger } = props
  const shownName = category === undefined ? "" : ledger.names.category(category.id)
  const [name, setName] = createSignal(shownName)
  const [kind, setKind] = createSignal<Category["kind"]>(category?.kind ?? "expense")
  const [icon, setIcon] = createSignal(category?.icon ?? "circle-ellipsis")
  const [isArchived, setArchived] = createSignal(category?.archived ?? false)
  const save = (): void => {
    const rest = { kind: kind(), icon: icon(), archived: isArchived() }
    if (category === undefined) props.ledger.actions.addCategory({ name: name().trim(), ...rest })
    else
      props.ledger.actions.editCategory(
        category.id,
        name().trim() === shownName ? rest : { name: name().trim(), ...rest },
      )
    props.onClose()
  }
  return (
    <Sheet
      isOpen
      title={t(category === undefined ? "money.categories.add" : "money.categories.edit")}
      closeLabel={t("action.close")}
      onClose={props.onClose}
      actions={
        <Button kind="primary" disabled={name().trim() === "" || props.ledger.book.readOnly} onClick={save}>
          {t("money.entry.save")}
        </Button>
      }
    >
      <TextField label={t("money.accounts.name")} value={name()} onInput={setName} />
      <Segmented
        label={t("money.filter.kind")}
        options={categoryKinds.map(value => ({ value, label: t(`money.${value}`) }))}
        value={kind()}
        onChange={setKind}
      />
      <fieldset class="field">
        <legend class="field-label">{t("money.categories.icon")}</legend>
        <div class="icon-grid">
          <For each={Object.keys(iconByName)}>
            {one => (
              <button
                type="button"
                class="icon-choice"
                aria-label={one}
                aria-pressed={icon() === one}
                onClick={() => setIcon(one)}
              >
                <Drawn icon={iconOf(one)} size="1.5rem" />
              </button>
            )}
          </For>
        </div>
      </fieldset>
      <Show when={category !== undefined}>
        <Switch label={t("money.categories.archived")} isOn={isArchived()} onChange={setArchived} />
      </Show>
    </Sheet>
  )
}
