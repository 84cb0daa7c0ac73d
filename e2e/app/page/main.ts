import { startEngineClient } from "@home/client/engine"
import type { CallName, Calls, DocumentEvent, Engine, ValueName } from "@home/client/engine/port"

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string }
}
const factory = (globalThis as { readonly trustedTypes?: TrustedTypes }).trustedTypes
const policy = factory?.createPolicy("home", { createScriptURL: url => url })

const engine = startEngineClient({
  trustedScriptUrl: url => policy?.createScriptURL(url) ?? url,
  onWorkerFailed: reason => console.error(`worker: ${reason}`),
})

const values: Record<string, unknown> = {}
const history: unknown[] = []
for (const name of [
  "state",
  "pairing",
  "membership",
  "sync",
  "storage",
  "late",
] as const satisfies ValueName[]) {
  engine.watch(name, value => {
    values[name] = value
    if (name === "state") history.push((value as { readonly type: string }).type)
  })
}

interface Seen {
  readonly rows: Map<string, unknown>
  isWhole: boolean
  /** Milliseconds after the watch began. */
  firstRowsMs: number | undefined
  wholeMs: number | undefined
  readonly beganMs: number
  events: number
}
const ledgers = new Map<string, Seen>()
const watchLedger = (year: string): void => {
  if (ledgers.has(year)) return
  const seen: Seen = {
    rows: new Map(),
    isWhole: false,
    firstRowsMs: undefined,
    wholeMs: undefined,
    beganMs: performance.now(),
    events: 0,
  }
  ledgers.set(year, seen)
  engine.watchDocument({ area: "ledger", name: year }, (event: DocumentEvent<"ledger">) => {
    seen.events += 1
    if (event.type === "Begin") {
      seen.rows.clear()
      seen.isWhole = false
    }
    if (event.type === "Rows") {
      seen.firstRowsMs ??= performance.now() - seen.beganMs
      for (const { upserts, removes } of event.rows) {
        for (const [id, row] of upserts) seen.rows.set(id, row)
        for (const id of removes) seen.rows.delete(id)
      }
    }
    if (event.type === "Whole") {
      seen.isWhole = true
      seen.wholeMs ??= performance.now() - seen.beganMs
    }
  })
}

interface Ledger extends Omit<Seen, "rows"> {
  readonly rows: readonly unknown[]
}

/** What the tests of the engine say and ask; there are no screens on this page. */
export interface Driver {
  readonly engine: Engine
  value(name: string): unknown
  states(): readonly unknown[]
  call<N extends CallName>(name: N, input: Parameters<Calls[N]>[0]): ReturnType<Calls[N]>
  /** One of a row of entries of 2026, as the journal keeps it. */
  addEntry(number: number): ReturnType<Engine["edit"]>
  /** So many rows of a year as an import makes them, some hundred in one edit. */
  importRows(year: string, count: number): Promise<number>
  watchLedger(year: string): void
  ledger(year: string): Ledger | undefined
  entryCount(year: string): number
  isWhole(year: string): boolean
}
/** Of those that every book begins with. */
const categories = ["groceries", "eating-out", "transport", "home", ""]

const driver: Driver = {
  engine,
  value: name => values[name],
  states: () => history,
  call: (name, input) => engine.calls[name](input as never) as never,
  addEntry: number =>
    engine.edit("addEntry", "2026", {
      id: `entry-${number}`,
      fields: {
        date: `2026-11-${String(1 + (number % 28)).padStart(2, "0")}`,
        direction: "expense",
        status: "settled",
        amountMinor: 100 + number,
        currency: "EUR",
        account: "cash",
        payee: `payee ${number}`,
        note: "",
        category: "",
        tags: [],
        splits: [],
        shares: {},
      },
    }),
  importRows: async (year, count) => {
    const size = 500
    let added = 0
    for (let from = 0; from < count; from += size) {
      const rows = Array.from({ length: Math.min(size, count - from) }, (_, i) => {
        const number = from + i
        const month = String(1 + (number % 12)).padStart(2, "0")
        return {
          id: `${year}${String(number).padStart(28, "0")}`,
          sourceId: `row-${number}`,
          fields: {
            date: `${year}-${month}-${String(1 + (number % 28)).padStart(2, "0")}`,
            direction: "expense",
            status: "settled",
            amountMinor: 100 + number,
            currency: "EUR",
            account: "cash",
            payee: `payee ${number % 300}`,
            note: "",
            category: categories[number % categories.length] ?? "",
            tags: [],
            splits: [],
            shares: {},
          },
        }
      })
      const result = await engine.edit("importEntries", year, { format: "bench", rows: rows as never })
      if (result.ok) added += rows.length
      else throw new Error(JSON.stringify(result.error))
    }
    return added
  },
  watchLedger,
  ledger: year => {
    const seen = ledgers.get(year)
    return seen && { ...seen, rows: [...seen.rows.values()] }
  },
  entryCount: year => ledgers.get(year)?.rows.size ?? 0,
  isWhole: year => ledgers.get(year)?.isWhole ?? false,
}
Object.assign(globalThis, { driver })
