import { type Direction, type Filter, directions, minorDigits, noFilter } from "@home/shared/documents"
import { type JSX, Show, createMemo, createSignal } from "solid-js"
import { amountOf, textOfAmount } from "../../ui/amount.js"
import { useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Select } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { Sheet } from "../../ui/overlay.js"
import { partsOf } from "./filter-parts.js"
import type { LedgerProps } from "./ledger.js"

/** What to restrict the list to, and a name to remember it by. */
export default function FilterSheet(props: {
  readonly ledger: LedgerProps
  readonly isOpen: boolean
  readonly filter: Filter
  readonly onChange: (filter: Filter) => void
  readonly onClose: () => void
}): JSX.Element {
  const t = useT()
  const [name, setName] = createSignal("")
  const change = (patch: Partial<Filter>): void => props.onChange({ ...props.filter, ...patch })
  const any = () => ({ value: "", label: t("money.filter.any") })
  const one = (value: string): readonly string[] => (value === "" ? [] : [value])
  const categories = createMemo(() =>
    [...props.ledger.book.categories.keys()].map(id => ({
      value: id,
      label: props.ledger.names.category(id),
    })),
  )
  const tags = createMemo(() => {
    const known = new Set(props.filter.tags)
    for (const entry of props.ledger.state.entries().slice(0, 5000))
      for (const tag of entry.tags) known.add(tag)
    return [...known].sort()
  })
  const digits = (): number => minorDigits(props.ledger.currency)
  const textOf = (minor: number | undefined): string =>
    minor === undefined ? "" : textOfAmount(minor, digits())
  const [minText, setMinText] = createSignal(textOf(props.filter.minMinor))
  const [maxText, setMaxText] = createSignal(textOf(props.filter.maxMinor))
  const minorOf = (text: string): number | undefined => amountOf(text.replace(",", "."), digits())
  const clear = (): void => {
    setMinText("")
    setMaxText("")
    props.onChange({ ...noFilter, text: props.filter.text })
  }
  const save = (): void => {
    if (name().trim() === "") return
    props.ledger.actions.saveFilter(name().trim(), props.filter)
    setName("")
    props.onClose()
  }
  return (
    <Sheet
      isOpen={props.isOpen}
      title={t("money.filter")}
      closeLabel={t("action.close")}
      onClose={props.onClose}
      actions={
        <>
          <Button onClick={clear}>{t("money.filter.clear")}</Button>
          <Button kind="primary" onClick={() => props.onClose()}>
            {t("action.done")}
          </Button>
        </>
      }
    >
      <div class="pair">
        <TextField
          label={t("money.filter.from")}
          type="date"
          value={props.filter.from ?? ""}
          onInput={from => change({ from: from || undefined })}
        />
        <TextField
          label={t("money.filter.to")}
          type="date"
          value={props.filter.to ?? ""}
          onInput={to => change({ to: to || undefined })}
        />
        <TextField
          label={t("money.filter.min")}
          inputMode="decimal"
          value={minText()}
          onInput={text => {
            setMinText(text)
            change({ minMinor: minorOf(text) })
          }}
        />
        <TextField
          label={t("money.filter.max")}
          inputMode="decimal"
          value={maxText()}
          onInput={text => {
            setMaxText(text)
            change({ maxMinor: minorOf(text) })
          }}
        />
        <Select
          label={t("money.filter.kind")}
          options={[
            any(),
            ...directions.map(direction => ({ value: direction as string, label: t(`money.${direction}`) })),
          ]}
          value={props.filter.directions[0] ?? ""}
          onChange={value =>
            change({ directions: directions.filter((direction: Direction) => direction === value) })
          }
        />
        <Select
          label={t("money.filter.account")}
          options={[
            any(),
            ...[...props.ledger.book.accounts.keys()].map(id => ({
              value: id,
              label: props.ledger.names.account(id),
            })),
          ]}
          value={props.filter.accounts[0] ?? ""}
          onChange={value => change({ accounts: one(value) })}
        />
        <Select
          label={t("money.filter.category")}
          options={[any(), ...categories()]}
          value={props.filter.categories[0] ?? ""}
          onChange={value => change({ categories: one(value) })}
        />
        <Select
          label={t("money.filter.tag")}
          options={[any(), ...tags().map(tag => ({ value: tag, label: `#${tag}` }))]}
          value={props.filter.tags[0] ?? ""}
          onChange={value => change({ tags: one(value) })}
        />
        <Select
          label={t("money.filter.person")}
          options={[any(), ...props.ledger.people.map(({ id, name: label }) => ({ value: id, label }))]}
          value={props.filter.members[0] ?? ""}
          onChange={value => change({ members: one(value) })}
        />
      </div>
      <Show when={partsOf(props.filter) > 0 || props.filter.text !== ""}>
        <div class="with-button">
          <TextField label={t("money.filter.name")} value={name()} onInput={setName} />
          <Button onClick={save}>{t("money.filter.save")}</Button>
        </div>
      </Show>
    </Sheet>
  )
}
