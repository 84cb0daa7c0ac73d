import "fake-indexeddb/auto"
import "@automerge/automerge"
import { createTestClock } from "@home/shared/testing"
import { describe, expect, it } from "vitest"
import type { DocumentEvent } from "../port.js"
import { entryFields, openTestFamily, startTestEngine, valueOf } from "../testing/test-engine.js"

type LedgerEvent = DocumentEvent<"ledger">

const rowsIn = (event: LedgerEvent): readonly string[] =>
  event.type === "Rows" ? event.rows.flatMap(({ upserts }) => upserts.map(([id]) => id)) : []

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(resolve => setImmediate(resolve))
}

describe("a document as rows", () => {
  it("[E10] begins with the newest rows, then the rest, then tells changes only", async () => {
    const { tab } = await openTestFamily()
    for (let i = 0; i < 70; i++) await tab.edit("addEntry", "2026", { id: `e${i}`, fields: entryFields(i) })
    const events: LedgerEvent[] = []
    const stop = tab.watchDocument({ area: "ledger", name: "2026" }, event => void events.push(event))
    await until(() => events.at(-1)?.type === "Whole")
    const [begin, first, rest] = events
    expect(begin).toMatchObject({ type: "Begin", counts: { entries: 70 } })
    if (first === undefined || rest === undefined) throw new Error("rows in two messages")
    expect(rowsIn(first)).toHaveLength(60)
    expect(rowsIn(rest)).toHaveLength(10)
    const dates = [...rowsIn(first), ...rowsIn(rest)].map(id => entryFields(Number(id.slice(1))).date)
    expect(dates).toEqual([...dates].sort().reverse())

    const before = events.length
    await tab.edit("editEntry", "2026", { id: "e3", patch: { payee: "another" } })
    await until(() => events.length > before)
    expect(events.slice(before)).toMatchObject([
      {
        type: "Rows",
        rows: [{ collection: "entries", upserts: [["e3", { payee: "another" }]], removes: [] }],
      },
    ])
    stop()
    await tab.edit("editEntry", "2026", { id: "e4", patch: { payee: "unseen" } })
    expect(events).toHaveLength(before + 1)
  })

  it("[E11] never sends an older state of a row after a newer one", async () => {
    const { tab } = await openTestFamily()
    for (let i = 0; i < 80; i++) await tab.edit("addEntry", "2026", { id: `e${i}`, fields: entryFields(i) })
    const oldest = "e0"
    const payees: string[] = []
    let changed: Promise<unknown> | undefined
    let isWhole = false
    tab.watchDocument({ area: "ledger", name: "2026" }, event => {
      // With the first rows out, and the oldest not among them, it is changed.
      if (event.type === "Rows")
        changed ??= tab.edit("editEntry", "2026", { id: oldest, patch: { payee: "newer" } })
      if (event.type === "Rows")
        for (const { upserts } of event.rows)
          for (const [id, row] of upserts) if (id === oldest) payees.push(row.payee)
      if (event.type === "Whole") isWhole = true
    })
    await until(() => isWhole && payees.includes("newer"))
    await changed
    expect(payees.lastIndexOf("newer")).toBe(payees.length - 1)
  })

  it("[E13] is shown as it was last shown, at once, and then as it is", async () => {
    const clock = createTestClock(Date.now())
    const { name, engine, tab } = await openTestFamily({ clock })
    await tab.edit("addEntry", "2026", { id: "a", fields: entryFields(1) })
    const look = (at: typeof tab) => {
      const rows: [string, string][] = []
      at.watchDocument({ area: "ledger", name: "2026" }, event => {
        if (event.type === "Rows")
          for (const { upserts } of event.rows) for (const [id, row] of upserts) rows.push([id, row.payee])
      })
      return rows
    }
    const first = look(tab)
    await until(() => first.length > 0)
    clock.advance(3_000)
    const { store } = engine.core.family()?.profile ?? {}
    const kept = async (): Promise<number> => (await store?.list(["shown"]))?.length ?? 0
    while ((await kept()) === 0) await new Promise(resolve => setImmediate(resolve))
    const raw = await engine.core.disk().database.store.list([])
    expect(raw.some(({ value }) => Buffer.from(value).includes("payee 1"))).toBe(false)
    // Changed after it was kept.
    await tab.edit("editEntry", "2026", { id: "a", patch: { payee: "newer" } })
    const ticket = tab.lent()?.ticket
    engine.kill()
    const rows = look(startTestEngine(name, { ticket }).openTab())
    await until(() => rows.length > 1)
    expect(rows).toEqual([
      ["a", "payee 1"],
      ["a", "newer"],
    ])
  })

  it("[E13] corrects the rows on top where nothing else was kept, and goes on with the rest", async () => {
    const clock = createTestClock(Date.now())
    const { name, engine, tab } = await openTestFamily({ clock })
    for (let i = 0; i < 70; i++) await tab.edit("addEntry", "2026", { id: `e${i}`, fields: entryFields(i) })
    let isShown = false
    tab.watchDocument({ area: "ledger", name: "2026" }, event => (isShown ||= event.type === "Rows"))
    await until(() => isShown)
    clock.advance(3_000)
    const store = engine.core.family()?.profile.store
    if (store === undefined) throw new Error("a store")
    let shown = await store.list(["shown"])
    while (shown.length === 0) shown = await store.list(["shown"])
    const rest = shown.filter(({ key }) => key.includes("rest"))
    await store.write(rest.map(({ key }) => ({ type: "Remove", key })))
    await tab.edit("editEntry", "2026", { id: "e69", patch: { payee: "newer" } })
    const ticket = tab.lent()?.ticket
    engine.kill()
    const events: LedgerEvent[] = []
    startTestEngine(name, { ticket })
      .openTab()
      .watchDocument({ area: "ledger", name: "2026" }, event => void events.push(event))
    await until(() => events.some(({ type }) => type === "Whole"))
    expect(events.slice(0, 5).map(({ type }) => type)).toEqual(["Begin", "Rows", "Rows", "Rows", "Whole"])
    const [begin, first, corrected, others] = events as [LedgerEvent, LedgerEvent, LedgerEvent, LedgerEvent]
    expect(begin).toMatchObject({ counts: { entries: 70 } })
    expect(rowsIn(first)).toHaveLength(60)
    expect(corrected).toMatchObject({ rows: [{ upserts: [["e69", { payee: "newer" }]], removes: [] }] })
    expect([...rowsIn(first), ...rowsIn(others)].sort()).toEqual(
      Array.from({ length: 70 }, (_, i) => `e${i}`).sort(),
    )
  })

  it("[E12] tells a value at once, and to nobody who has stopped looking", async () => {
    const { tab } = await openTestFamily()
    const first = await valueOf(tab, "membership", ({ members }) => members[0]?.name === "Anna")
    expect(first).toMatchObject({ familyName: "Home", members: [{ isYou: true, role: "admin" }] })
    const names: string[] = []
    const stop = tab.watch("membership", ({ familyName }) => void names.push(familyName))
    await until(() => names.length > 0)
    await tab.edit("editProfile", "family", { displayName: "The others" })
    await until(() => names.includes("The others"))
    stop()
    await tab.edit("editProfile", "family", { displayName: "Nobody hears" })
    await valueOf(tab, "membership", ({ familyName }) => familyName === "Nobody hears")
    expect(names).toEqual(["Home", "The others"])
  })
})
