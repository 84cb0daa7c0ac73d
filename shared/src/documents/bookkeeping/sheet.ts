import { type Balances, type Flow, addFlow, balancesOf, noFlow, postingsOf } from "../balances.js"
import type { Book } from "../book.js"
import { type Entry, counts } from "../entry.js"

/**
 * Balances and month sums that follow single entries: one edit among 50,000 costs two entries, not 50,000. Equal to
 * `balancesOf` and `monthlyFlows` over the same entries at any time. Make a new one when the book changes.
 */
export class Sheet {
  readonly #entries = new Map<string, Entry>()
  readonly #postedMinor = new Map<string, number>()
  readonly #unconverted = new Set<string>()
  readonly #flows = new Map<string, Map<string, Flow>>()

  constructor(readonly book: Book) {}

  /** Adds an entry, or puts it in the place of what was known of it. */
  put(entry: Entry): void {
    const before = this.#entries.get(entry.id)
    if (before === entry) return
    if (before !== undefined) this.#count(before, -1)
    this.#entries.set(entry.id, entry)
    this.#count(entry, 1)
  }

  /** Takes an entry out that is in no document any more (a document was built anew). */
  drop(id: string): void {
    const before = this.#entries.get(id)
    if (before === undefined) return
    this.#count(before, -1)
    this.#entries.delete(id)
  }

  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries
  }

  /** Month "2026-03" -> currency -> flow. */
  get flows(): ReadonlyMap<string, ReadonlyMap<string, Flow>> {
    return this.#flows
  }

  balances(): Balances {
    const { book } = this
    // Only a family that chose no currency yet needs to look at the entries' order.
    if (book.currency === "") return balancesOf(book, this.#entries.values())
    const byAccount = [...book.accounts.values()].map(({ id, currency, openingMinor }) => {
      const amountMinor = openingMinor + (this.#postedMinor.get(id) ?? 0)
      return [id, { account: id, currency: currency || book.currency, amountMinor }] as const
    })
    return { byAccount: new Map(byAccount), unconverted: [...this.#unconverted] }
  }

  #count(entry: Entry, sign: 1 | -1): void {
    if (!counts(entry)) return
    this.#unconverted.delete(entry.id)
    for (const { account, minor } of postingsOf(entry, id => this.#currencyOf(id))) {
      if (minor !== undefined)
        this.#postedMinor.set(account, (this.#postedMinor.get(account) ?? 0) + sign * minor)
      else if (sign === 1) this.#unconverted.add(entry.id)
    }
    if (entry.direction !== "transfer") this.#flow(entry, sign)
  }

  #flow(entry: Entry, sign: 1 | -1): void {
    const month = entry.date.slice(0, 7)
    const byCurrency = this.#flows.get(month) ?? new Map<string, Flow>()
    const flow = addFlow(byCurrency.get(entry.currency) ?? noFlow, entry.direction, sign * entry.amountMinor)
    byCurrency.set(entry.currency, flow)
    this.#flows.set(month, byCurrency)
  }

  #currencyOf(id: string): string | undefined {
    const account = this.book.accounts.get(id)
    return account === undefined ? undefined : account.currency || this.book.currency
  }
}
