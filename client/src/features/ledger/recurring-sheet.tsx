import { type EntryFields, type Schedule, addDays, datesOf } from "@home/shared/documents"
import { type JSX, createSignal } from "solid-js"
import { useT } from "../../i18n/index.js"
import { Select, Switch } from "../../ui/choice.js"
import { TextField } from "../../ui/field.js"
import { EntrySheet } from "./entry-sheet.js"
import type { LedgerProps } from "./ledger.js"

const rhythms = [
  { rrule: "FREQ=DAILY", label: "money.recurring.daily" },
  { rrule: "FREQ=WEEKLY", label: "money.recurring.weekly" },
  { rrule: "FREQ=WEEKLY;INTERVAL=2", label: "money.recurring.biweekly" },
  { rrule: "FREQ=MONTHLY", label: "money.recurring.monthly" },
  { rrule: "FREQ=MONTHLY;INTERVAL=3", label: "money.recurring.quarterly" },
  { rrule: "FREQ=YEARLY", label: "money.recurring.yearly" },
] as const

/** A month without the 31st has its last day instead: BYMONTHDAY says so where the day alone would leave it out. */
export const ruleOn = (rrule: string, date: string): string => {
  const day = Number(date.slice(8, 10))
  if (!rrule.startsWith("FREQ=MONTHLY") || day < 29) return rrule
  const days = Array.from({ length: day - 27 }, (_, at) => 28 + at).join(",")
  return `${rrule};BYMONTHDAY=${days};BYSETPOS=-1`
}

const rhythmOf = (rrule: string): string =>
  rhythms.find(one => one.rrule === rrule.replace(/;BYMONTHDAY=[\d,]+;BYSETPOS=-1$/, ""))?.rrule ?? rrule

interface Begin {
  readonly fields: EntryFields
  readonly schedule?: Schedule
}

/** The next day after `date` that a rhythm gives: what was just entered does not come due again. */
const nextAfter = (fields: EntryFields, rrule: string, date: string): string => {
  const recurring = { id: "", fields, rrule: ruleOn(rrule, fields.date), automatic: false, skips: [] }
  return datesOf(recurring, { from: addDays(date, 1), to: addDays(date, 800) }, 1)[0] ?? date
}

/** What recurs, how often and until when. */
export function RecurringSheet(props: {
  readonly ledger: LedgerProps
  readonly isOpen: boolean
  readonly begin: Begin
  readonly onSave: (fields: EntryFields, schedule: Schedule) => void
  readonly onClose: () => void
}): JSX.Element {
  const t = useT()
  // A sheet is made anew for each thing that it edits.
  // eslint-disable-next-line solid/reactivity
  const { fields, schedule } = props.begin
  const [rhythm, setRhythm] = createSignal(schedule === undefined ? "FREQ=MONTHLY" : rhythmOf(schedule.rrule))
  const [isAutomatic, setAutomatic] = createSignal(schedule?.automatic ?? true)
  const [last, setLast] = createSignal(schedule?.lastDate ?? "")
  const isKnown = (): boolean => rhythms.some(({ rrule }) => rrule === rhythm())
  const options = () => [
    ...rhythms.map(({ rrule, label }) => ({ value: rrule as string, label: t(label) })),
    ...(isKnown() ? [] : [{ value: rhythm(), label: t("money.recurring.custom") }]),
  ]
  const begin = (): EntryFields =>
    schedule === undefined
      ? {
          ...fields,
          date: nextAfter(fields, rhythm(), props.ledger.today),
          time: undefined,
          status: "settled",
        }
      : fields
  return (
    <EntrySheet
      ledger={props.ledger}
      isOpen={props.isOpen}
      title={t(schedule === undefined ? "money.detail.repeat" : "money.recurring.edit")}
      begin={begin()}
      onClose={props.onClose}
      onSave={next =>
        props.onSave(next, {
          rrule: isKnown() ? ruleOn(rhythm(), next.date) : rhythm(),
          automatic: isAutomatic(),
          lastDate: last() || undefined,
        })
      }
      extra={
        <div class="card stack">
          <Select
            label={t("money.recurring.every")}
            options={options()}
            value={rhythm()}
            onChange={setRhythm}
          />
          <TextField label={t("money.recurring.last")} type="date" value={last()} onInput={setLast} />
          <Switch
            label={t("money.recurring.automatic")}
            hint={t("money.recurring.automaticHint")}
            isOn={isAutomatic()}
            onChange={setAutomatic}
          />
        </div>
      }
    />
  )
}
