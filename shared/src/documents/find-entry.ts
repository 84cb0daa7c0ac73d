import { type Result, err, ok } from "../base/index.js"
import { type CommandError, containerOf } from "./command.js"
import { copiesOf, shownCopy } from "./conflicts.js"
import { type Entry, readEntry } from "./entry.js"
import { monthNames } from "./fixed-steps.js"
import { Issues, ItemReader } from "./reading.js"
import { type MapDraft, isMap } from "./scalar.js"

/** The month that holds the entry, whatever its date says today. */
export const bucketOf = (months: MapDraft, id: string): MapDraft | undefined =>
  monthNames.map(month => months[month]).find((bucket): bucket is MapDraft => isMap(bucket) && id in bucket)

/** An entry of a year with every copy of it: commands write to all. */
export const findEntry = (
  draft: unknown,
  id: string,
): Result<{ readonly copies: readonly MapDraft[]; readonly entry: Entry }, CommandError> => {
  const months = containerOf(draft, "ledger", "months")
  if (!months.ok) return months
  const bucket = bucketOf(months.value, id)
  const shown = bucket === undefined ? undefined : shownCopy(bucket, id)
  const entry = shown === undefined ? undefined : readEntry(id, new ItemReader(shown, id, new Issues()))
  if (bucket === undefined || entry === undefined) return err({ type: "NotFound", id })
  return ok({ copies: copiesOf(bucket, id), entry })
}
