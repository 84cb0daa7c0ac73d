import { err } from "../../base/index.js"
import { type CommandResult, check, containerOf, done, isId } from "../command.js"
import { copiesOf } from "../conflicts.js"
import { documentLimits } from "../document-limits.js"
import { compareText } from "../ledger.js"
import { readItems } from "../read-items.js"
import type { Issues, ItemReader } from "../reading.js"
import { type MapDraft, isMap, itemOf, put, putSet, setOf } from "../scalar.js"
import { normaliseText } from "./text-match.js"

/** What a payee tells: "" and no tags where the rule says nothing of them. */
export interface PayeeRuleFields {
  /** Found anywhere in the payee, by `normaliseText`. */
  readonly payee: string
  readonly category: string
  readonly account: string
  readonly tags: readonly string[]
}

export interface PayeeRule extends PayeeRuleFields {
  readonly id: string
  readonly deletedAtMs?: number | undefined
}

const readRule = (id: string, reader: ItemReader): PayeeRule | undefined => {
  const payee = reader.text("payee")
  if (reader.failed) return undefined
  return {
    id,
    payee,
    category: reader.optionalText("category") ?? "",
    account: reader.optionalText("account") ?? "",
    tags: reader.set("tags"),
    deletedAtMs: reader.optionalInteger("deletedAtMs"),
  }
}

/** Shape: `payeeRules`: id -> `{payee, category?, account?, tags: {tag -> true}, deletedAtMs?}`. */
export const readPayeeRules = (fields: MapDraft, found: Issues): ReadonlyMap<string, PayeeRule> =>
  isMap(fields["payeeRules"])
    ? readItems(fields, "payeeRules", found, readRule)
    : new Map<string, PayeeRule>()

const checkRule = (fields: Partial<PayeeRuleFields>): CommandResult =>
  check([
    [
      fields.payee === undefined ||
        (normaliseText(fields.payee) !== "" && fields.payee.length <= documentLimits.title),
      "payee",
      "a name, or a part of one",
    ],
    [(fields.tags?.length ?? 0) <= documentLimits.perItem, "tags", "fewer tags"],
    [fields.tags?.every(tag => tag !== "" && tag.length <= documentLimits.name) ?? true, "tags", "names"],
  ])

export const addPayeeRule = (draft: unknown, id: string, fields: PayeeRuleFields): CommandResult => {
  const rules = containerOf(draft, "book", "payeeRules")
  if (!rules.ok) return rules
  const valid = checkRule(fields)
  if (!valid.ok) return valid
  if (!isId(id)) return err({ type: "InvalidField", field: "id", expected: "an id" })
  if (id in rules.value) return err({ type: "AlreadyExists", id })
  const { payee, category, account } = fields
  rules.value[id] = {
    ...itemOf({ payee, category: category || undefined, account: account || undefined }),
    tags: setOf(fields.tags),
  }
  return done
}

/** `deletedAtMs` removes a rule, `undefined` in its place brings it back. */
export const editPayeeRule = (
  draft: unknown,
  id: string,
  patch: Partial<PayeeRuleFields> & { readonly deletedAtMs?: number | undefined },
): CommandResult => {
  const rules = containerOf(draft, "book", "payeeRules")
  if (!rules.ok) return rules
  const copies = copiesOf(rules.value, id)
  if (copies.length === 0) return err({ type: "NotFound", id })
  const valid = checkRule(patch)
  if (!valid.ok) return valid
  const { tags, ...registers } = patch
  for (const copy of copies) {
    for (const [key, value] of Object.entries(registers)) put(copy, key, value === "" ? undefined : value)
    const set = copy["tags"]
    if (tags !== undefined && isMap(set)) putSet(set, tags)
  }
  return done
}

/** The rule for a payee: of those that are found in it the longest, of equal ones the one with the smaller id. */
export const payeeMatcher = (rules: Iterable<PayeeRule>): ((payee: string) => PayeeRule | undefined) => {
  const ordered = [...rules]
    .filter(rule => rule.deletedAtMs === undefined)
    .map(rule => ({ rule, text: normaliseText(rule.payee) }))
    .filter(({ text }) => text !== "")
    .sort((a, b) => b.text.length - a.text.length || compareText(a.rule.id, b.rule.id))
  return payee => {
    const wanted = normaliseText(payee)
    return ordered.find(({ text }) => wanted.includes(text))?.rule
  }
}
