import { For, type JSX, Show } from "solid-js"
import { useT } from "../../i18n/index.js"
import { Select, Switch } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import type { EntryForm } from "./entry-form.js"
import type { Person } from "./names.js"

/** Who paid with own money, and whose it is: equal parts unless somebody says otherwise. */
export function ShareEditor(props: {
  readonly form: EntryForm
  readonly people: readonly Person[]
  readonly onChange: (patch: Partial<EntryForm>) => void
}): JSX.Element {
  const t = useT()
  const payers = () => [
    { value: "", label: t("money.share.nobody") },
    ...props.people.map(({ id, name }) => ({ value: id, label: name })),
  ]
  const pay = (paidBy: string): void =>
    props.onChange(
      paidBy === ""
        ? { paidBy, sharedBy: [], shareTexts: undefined }
        : {
            paidBy,
            sharedBy: props.form.sharedBy.length > 0 ? props.form.sharedBy : props.people.map(({ id }) => id),
          },
    )
  const toggle = (id: string): void => {
    const { sharedBy } = props.form
    const wanted = sharedBy.includes(id) ? sharedBy.filter(one => one !== id) : [...sharedBy, id]
    // In the order of the family, so that the odd cent falls alike everywhere.
    props.onChange({ sharedBy: props.people.map(person => person.id).filter(one => wanted.includes(one)) })
  }
  return (
    <div class="stack parts">
      <Select label={t("money.share.paidBy")} options={payers()} value={props.form.paidBy} onChange={pay} />
      <Show when={props.form.paidBy !== ""}>
        <fieldset class="field">
          <legend class="field-label">{t("money.share.for")}</legend>
          <div class="chips">
            <For each={props.people}>
              {person => (
                <button
                  type="button"
                  class="chip"
                  aria-pressed={props.form.sharedBy.includes(person.id)}
                  onClick={() => toggle(person.id)}
                >
                  {person.name}
                </button>
              )}
            </For>
          </div>
        </fieldset>
        <Switch
          label={t("money.share.equal")}
          isOn={props.form.shareTexts === undefined}
          onChange={isEqual => props.onChange({ shareTexts: isEqual ? undefined : {} })}
        />
        <Show when={props.form.shareTexts}>
          {texts => (
            <For each={props.people.filter(({ id }) => props.form.sharedBy.includes(id))}>
              {person => (
                <TextField
                  label={t("money.share.part", { name: person.name })}
                  inputMode="decimal"
                  autocomplete="off"
                  value={texts()[person.id] ?? ""}
                  onInput={text =>
                    props.onChange({ shareTexts: { ...texts(), [person.id]: text.replace(",", ".") } })
                  }
                />
              )}
            </For>
          )}
        </Show>
      </Show>
    </div>
  )
}
