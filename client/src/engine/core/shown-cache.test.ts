import type { Area } from "@home/shared/base"
import type { DocumentKey } from "@home/shared/replica"
import { createMemoryStore, createTestClock } from "@home/shared/testing"
import { describe, expect, it } from "vitest"
import type { Shown } from "./rows.js"
import { createShownCache } from "./shown-cache.js"

const keyOf = (area: Area): DocumentKey => ({ area, name: "", id: "d0c" }) as unknown as DocumentKey

const cacheOfTwo = () => {
  const clock = createTestClock(0)
  const onFailed = (error: unknown): never => {
    throw error
  }
  const cache = createShownCache({ store: createMemoryStore(), clock, firstRows: 2, onFailed })
  /** Until it is kept, which takes no time that anybody could wait for. */
  const keep = async (key: DocumentKey, shown: Shown): Promise<void> => {
    cache.keep(key, shown)
    clock.advance(3_000)
    for (;;) {
      const whole = await (await cache.first(key))?.whole()
      if (whole?.fields["note"] === shown.fields["note"] && whole !== undefined) return
    }
  }
  return { cache, keep }
}

const withItems = (ids: readonly string[], fields: Shown["fields"] = {}): Shown => ({
  fields,
  collections: new Map([["accounts", new Map(ids.map(id => [id, { id, name: "$map" }]))]]),
})

describe("what was last shown", () => {
  it("[E13] is what is shown again, also what is made of maps and sets", async () => {
    const { cache, keep } = cacheOfTwo()
    const shown = withItems(["bank"], {
      currency: "EUR",
      note: undefined,
      budgets: {
        byCategory: new Map([["food", new Map([["2026-11", { amountMinor: 20_000, currency: "EUR" }]])]]),
        carryOver: new Set(["food"]),
      },
    })
    await keep(keyOf("book"), shown)
    expect(await (await cache.first(keyOf("book")))?.whole()).toEqual(shown)
  })

  it("[E13] is the rows on top first, then all: of a ledger the newest", async () => {
    const { cache, keep } = cacheOfTwo()
    const entries = [1, 3, 2].map(day => ({ id: `e${day}`, date: `2026-11-0${day}` }))
    const collections = new Map([["entries", new Map(entries.map(entry => [entry.id, entry]))]])
    await keep(keyOf("ledger"), { fields: { note: "a year" }, collections })
    const first = await cache.first(keyOf("ledger"))
    expect(first?.counts).toEqual({ entries: 3 })
    expect([...(first?.shown.collections.get("entries")?.keys() ?? [])]).toEqual(["e3", "e2"])
    expect(await first?.whole()).toEqual({ fields: { note: "a year" }, collections })
  })

  it("[E13] is never put together from what was kept at two times", async () => {
    const { cache, keep } = cacheOfTwo()
    await keep(keyOf("book"), withItems(["a", "b", "c"], { note: "before" }))
    const before = await cache.first(keyOf("book"))
    await keep(keyOf("book"), withItems(["a", "b", "d"], { note: "after" }))
    expect(await before?.whole()).toBeUndefined()
  })
})
