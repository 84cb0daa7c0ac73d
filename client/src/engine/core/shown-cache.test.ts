import type { DocumentKey } from "@home/shared/replica"
import { createMemoryStore, createTestClock } from "@home/shared/testing"
import { describe, expect, it } from "vitest"
import type { Shown } from "./rows.js"
import { createShownCache } from "./shown-cache.js"

const key = { area: "book", name: "", id: "b00c" } as unknown as DocumentKey

describe("what was last shown", () => {
  it("[E13] is what is shown again, also what is made of maps and sets", async () => {
    const clock = createTestClock(0)
    const store = createMemoryStore()
    const cache = createShownCache({
      store,
      clock,
      onFailed: error => {
        throw error
      },
    })
    const shown: Shown = {
      fields: {
        currency: "EUR",
        note: undefined,
        budgets: {
          byCategory: new Map([["food", new Map([["2026-11", { amountMinor: 20_000, currency: "EUR" }]])]]),
          carryOver: new Set(["food"]),
        },
      },
      collections: new Map([["accounts", new Map([["bank", { id: "bank", name: "$map" }]])]]),
    }
    cache.keep(key, shown)
    clock.advance(3_000)
    const loaded = async (): Promise<Shown> => (await cache.load(key)) ?? loaded()
    expect(await loaded()).toEqual(shown)
  })
})
