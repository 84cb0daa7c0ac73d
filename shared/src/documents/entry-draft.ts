import { err } from "../base/index.js"
import { type By, type CommandResult, check, done } from "./command.js"
import { isContested } from "./conflicts.js"
import { isCurrency } from "./currency.js"
import { documentLimits } from "./document-limits.js"
import { type EntryFields, directions, isAmountMinor, sharesMinor, splitsMinor, statuses } from "./entry.js"
import { isRate } from "./money.js"
import { type MapDraft, type Scalar, isMap, itemOf, plain, put, putSet, setOf } from "./scalar.js"
import { type Source, sourceFields } from "./source.js"
import { isDate, isTime } from "./wall.js"

/**
 * Everything that must hold of an entry, checked before anything is changed. A statement names one side of a
 * transfer only, so an imported one may leave an account "".
 */
export const checkEntry = (entry: EntryFields, imported = false): CommandResult => {
  const { direction, account, toAccount, amountMinor, splits, shares } = entry
  const simple = check([
    [isDate(entry.date), "date", "YYYY-MM-DD"],
    [entry.time === undefined || isTime(entry.time), "time", "HH:MM:SS"],
    [directions.includes(direction), "direction", directions.join("|")],
    [statuses.includes(entry.status), "status", statuses.join("|")],
    [isAmountMinor(amountMinor), "amountMinor", "whole minor units, not negative"],
    [isCurrency(entry.currency), "currency", "ISO 4217 code"],
    [entry.rate === undefined || isRate(entry.rate), "rate", "positive decimal"],
    [direction === "transfer" || toAccount === undefined, "toAccount", "none unless a transfer"],
    [direction !== "transfer" || toAccount !== undefined, "toAccount", "both accounts"],
    [
      direction !== "transfer" || imported || (account !== "" && toAccount !== ""),
      "toAccount",
      "both accounts",
    ],
    [direction !== "transfer" || account !== toAccount || account === "", "toAccount", "another account"],
    [
      entry.toAmountMinor === undefined || direction === "transfer",
      "toAmountMinor",
      "none unless a transfer",
    ],
    [
      entry.toAmountMinor === undefined || isAmountMinor(entry.toAmountMinor),
      "toAmountMinor",
      "whole minor units",
    ],
    [entry.payee.length <= documentLimits.title, "payee", "a line"],
    [entry.note.length <= documentLimits.text, "note", "shorter text"],
    [entry.tags.length <= documentLimits.perItem, "tags", "fewer tags"],
    [entry.tags.every(tag => tag !== "" && tag.length <= documentLimits.name), "tags", "names"],
    [splits.length <= documentLimits.perItem, "splits", "fewer parts"],
    [splits.every(split => isAmountMinor(split.amountMinor)), "splits", "whole minor units"],
    [Object.values(shares).every(isAmountMinor), "shares", "whole minor units"],
  ])
  if (!simple.ok) return simple
  if (splits.length > 0 && splitsMinor(splits) !== amountMinor)
    return err({ type: "SplitsDoNotSum", amountMinor, splitsMinor: splitsMinor(splits) })
  if (Object.keys(shares).length > 0 && sharesMinor(shares) !== amountMinor)
    return err({ type: "SharesDoNotSum", amountMinor, sharesMinor: sharesMinor(shares) })
  return done
}

const scalarsOf = (fields: Partial<EntryFields>): Readonly<Record<string, Scalar>> => {
  const { tags: _tags, splits: _splits, shares: _shares, ...scalars } = fields
  return scalars
}

const splitDrafts = (splits: EntryFields["splits"]) =>
  splits.map(({ category, amountMinor, note }) => itemOf({ category, amountMinor, note }))

/** Whether two values say the same: maps by their keys in any order, lists by their order. */
const isSame = (a: unknown, b: unknown): boolean => {
  const [one, other] = [plain(a), plain(b)]
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null)
    return one === other
  const entries = Object.entries(one)
  return (
    entries.length === Object.keys(other).length &&
    entries.every(([key, value]) => isSame(value, (other as Readonly<Record<string, unknown>>)[key]))
  )
}

/** Fields that read as "" when they are absent: each is one operation in every row of a bill. */
const present = ({ payee, note, category, account, ...rest }: EntryFields) => ({
  ...scalarsOf(rest),
  payee: payee || undefined,
  note: note || undefined,
  category: category || undefined,
  account: account || undefined,
})

/**
 * The map of one entry with its set of tags, so that no other device ever has to make one. Splits and shares are
 * values that are replaced as a whole: they are absent until there are some.
 */
export const entryDraft = (fields: EntryFields, by: By, source?: Source): MapDraft => ({
  ...itemOf(present(fields)),
  ...itemOf({ author: by.author, createdAtMs: by.nowMs, ...sourceFields(source) }),
  tags: setOf(fields.tags),
  ...(fields.splits.length === 0 ? {} : { splits: splitDrafts(fields.splits) }),
  ...(Object.keys(fields.shares).length === 0 ? {} : { shares: { ...fields.shares } }),
})

/** Writes the fields of `patch` that change and no others; a field given as `undefined` is cleared. */
export const writeFields = (copy: MapDraft, patch: Partial<EntryFields>): void => {
  for (const [key, value] of Object.entries(scalarsOf(patch))) {
    // Saying the shown value again is how a person settles a conflict.
    if (value !== undefined && isContested(copy, key)) delete copy[key]
    put(copy, key, value)
  }
  const tags = copy["tags"]
  if (patch.tags !== undefined && isMap(tags)) putSet(tags, patch.tags)
  if (patch.splits !== undefined && !isSame(copy["splits"] ?? [], splitDrafts(patch.splits)))
    copy["splits"] = splitDrafts(patch.splits)
  if (patch.shares !== undefined && !isSame(copy["shares"] ?? {}, patch.shares))
    copy["shares"] = { ...patch.shares }
}

export const markEdited = (copy: MapDraft, by: By): void => {
  put(copy, "editedAtMs", by.nowMs)
  put(copy, "editedBy", by.author)
}
