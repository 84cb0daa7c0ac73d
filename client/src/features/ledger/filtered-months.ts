import { type Entry, type Filter, matcherOf } from "@home/shared/documents"
import type { Steps } from "../../ui/in-slices.js"

interface Left {
  readonly from: readonly Entry[]
  readonly left: readonly Entry[]
}
type TextOf = (entry: Entry) => string

const others = (filter: Filter): string => JSON.stringify({ ...filter, text: "" })

/** Whatever `next` finds, `before` has found: somebody types on. */
const isNarrower = (next: Filter, before: Filter): boolean =>
  next.text.startsWith(before.text) && others(next) === others(before)

/**
 * What a filter leaves of each month. A month of which the same is left is the same array as before, so that nothing
 * is drawn or summed anew; and while a text grows, only what the shorter one left is looked at. Yields after each month;
 * one that is given up half-way has found nothing.
 */
export const createFilteredMonths = () => {
  let known = new Map<string, Left>()
  let last: { readonly filter: Filter; readonly textOf: TextOf } | undefined
  return function* (
    months: readonly (readonly Entry[])[],
    filter: Filter,
    textOf: TextOf,
  ): Steps<readonly (readonly Entry[])[]> {
    const isOn = last?.textOf === textOf && isNarrower(filter, last.filter)
    const holds = matcherOf(filter, textOf)
    const next = new Map<string, Left>()
    for (const from of months) {
      const month = from[0]?.date.slice(0, 7) ?? ""
      const before = known.get(month)
      const base = isOn && before?.from === from ? before.left : from
      const found = base.filter(holds)
      next.set(month, { from, left: found.length === base.length ? base : found })
      yield
    }
    known = next
    last = { filter, textOf }
    return [...next.values()].map(({ left }) => left).filter(left => left.length > 0)
  }
}
