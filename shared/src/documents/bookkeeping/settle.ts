import { type Debt, netOwed } from "../balances.js"
import type { Entry, EntryFields } from "../entry.js"

/** Beyond so many people the exact search would take too long: then pairs first, and the greedy rest. */
const exactPeople = 12

interface Net {
  readonly member: string
  minor: number
}

/** The one who owes most pays the one who is owed most: at most one payment fewer than people. */
const payOff = (group: readonly Net[], currency: string): readonly Debt[] => {
  const open = group.map(net => ({ ...net }))
  const debts: Debt[] = []
  for (;;) {
    open.sort((a, b) => a.minor - b.minor || (a.member < b.member ? -1 : 1))
    const [from, to] = [open[0], open.at(-1)]
    if (from === undefined || to === undefined || from.minor >= 0 || to.minor <= 0) return debts
    const amountMinor = Math.min(-from.minor, to.minor)
    debts.push({ from: from.member, to: to.member, currency, amountMinor })
    from.minor += amountMinor
    to.minor -= amountMinor
  }
}

/**
 * The most groups that settle among themselves. A group of k people needs k-1 payments, so the most groups are the
 * fewest payments. Over all subsets of people: `best[set]` = groups within the set.
 */
const groupsOf = (nets: readonly Net[]): readonly (readonly Net[])[] => {
  const size = 1 << nets.length
  const sums = new Array<number>(size).fill(0)
  const best = new Array<number>(size).fill(0)
  const lastTaken = new Array<number>(size).fill(-1)
  for (let set = 1; set < size; set++) {
    const lowest = 31 - Math.clz32(set & -set)
    sums[set] = (sums[set & (set - 1)] ?? 0) + (nets[lowest]?.minor ?? 0)
    for (let index = 0; index < nets.length; index++) {
      if ((set & (1 << index)) === 0) continue
      const groups = best[set ^ (1 << index)] ?? 0
      if (lastTaken[set] === -1 || groups > (best[set] ?? 0)) {
        best[set] = groups
        lastTaken[set] = index
      }
    }
    if (sums[set] === 0) best[set] = (best[set] ?? 0) + 1
  }
  const groups: Net[][] = []
  for (let set = size - 1; set > 0;) {
    // Walking back, a new group begins wherever what is left sums to zero.
    if (sums[set] === 0) groups.push([])
    const index = lastTaken[set] ?? 0
    const net = nets[index]
    if (net !== undefined) groups.at(-1)?.push(net)
    set ^= 1 << index
  }
  return groups
}

/** Who owes exactly what another is owed pays that one. */
const takePairs = (nets: readonly Net[]): { pairs: readonly (readonly Net[])[]; rest: readonly Net[] } => {
  const rest = [...nets]
  const pairs: Net[][] = []
  for (const debtor of nets.filter(({ minor }) => minor < 0)) {
    const at = rest.findIndex(({ minor }) => minor === -debtor.minor)
    const creditor = rest[at]
    if (creditor === undefined) continue
    pairs.push([debtor, creditor])
    rest.splice(at, 1)
    rest.splice(rest.indexOf(debtor), 1)
  }
  return { pairs, rest }
}

const settle = (nets: readonly Net[], currency: string): readonly Debt[] => {
  const groups =
    nets.length <= exactPeople ? groupsOf(nets) : (({ pairs, rest }) => [...pairs, rest])(takePairs(nets))
  return groups.flatMap(group => payOff(group, currency))
}

/** The fewest payments that settle everything, per currency; for more than twelve people few, not always fewest. */
export const whoOwes = (entries: Iterable<Entry>): readonly Debt[] =>
  [...netOwed(entries)].flatMap(([currency, net]) =>
    settle(
      [...net]
        .filter(([, minor]) => minor !== 0)
        .map(([member, minor]) => ({ member, minor }))
        .sort((a, b) => (a.member < b.member ? -1 : 1)),
      currency,
    ),
  )

/** A debt paid from hand to hand, as an entry: neutral, so it is in no balance and no report, but settles the debt. */
export const settlementOf = (debt: Debt, date: string, note: string): EntryFields => ({
  date,
  direction: "neutral",
  status: "settled",
  amountMinor: debt.amountMinor,
  currency: debt.currency,
  account: "",
  payee: "",
  note,
  category: "",
  tags: [],
  splits: [],
  paidBy: debt.from,
  shares: { [debt.to]: debt.amountMinor },
})

/** An amount in equal whole parts; what is left over goes to the first ones, a minor unit each. */
export const equalShares = (
  amountMinor: number,
  members: readonly string[],
): Readonly<Record<string, number>> => {
  const each = Math.floor(amountMinor / Math.max(1, members.length))
  const over = amountMinor - each * members.length
  return Object.fromEntries(members.map((member, index) => [member, each + (index < over ? 1 : 0)]))
}
