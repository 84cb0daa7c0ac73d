import "fake-indexeddb/auto"
import "@automerge/automerge"
import type { CircleId } from "@home/shared/base"
import { createTestClock } from "@home/shared/testing"
import { afterEach, describe, expect, it } from "vitest"
import type { EngineClient } from "./client.js"
import type { Entry } from "@home/shared/documents"
import {
  entryFields,
  must,
  openTestFamily,
  startTestEngine,
  testPassphrase,
  valueOf,
} from "./testing/test-engine.js"

const { put, add } = IDBObjectStore.prototype
afterEach(() => {
  Object.assign(IDBObjectStore.prototype, { put, add })
})

const entriesOf = (tab: EngineClient, circle?: CircleId): Promise<ReadonlyMap<string, Entry>> =>
  new Promise(resolve => {
    const rows = new Map<string, Entry>()
    const stop = tab.watchDocument({ area: "ledger", name: "2026", circle }, event => {
      if (event.type === "Rows")
        for (const { upserts } of event.rows) for (const [id, row] of upserts) rows.set(id, row)
      if (event.type !== "Whole") return
      queueMicrotask(() => stop())
      resolve(rows)
    })
  })

describe("an edit", () => {
  it("[E1] is in the journal before `edit` returns, and out of it once it is on disk or refused", async () => {
    const { tab, storage } = await openTestFamily()
    const done = tab.edit("addEntry", "2026", { id: "a", fields: entryFields(1) })
    expect(storage.entries.size).toBe(1)
    expect(await done).toEqual({ ok: true, value: undefined })
    expect(storage.entries.size).toBe(0)
    const refused = await tab.edit("addEntry", "2026", {
      id: "b",
      fields: { ...entryFields(1), currency: "nonsense" },
    })
    expect(refused).toMatchObject({ error: { type: "InvalidField", field: "currency" } })
    expect(storage.entries.size).toBe(0)
  })

  it("[E2] that its tab did not live to hand over is run at the next start, once, in order", async () => {
    const { name, tab, storage, engine } = await openTestFamily()
    await tab.edit("addEntry", "2026", { id: "a", fields: entryFields(1) })
    // The tab dies with its engine in the instant of these edits.
    engine.kill()
    void tab.edit("addEntry", "2026", { id: "b", fields: entryFields(2) })
    void tab.edit("editEntry", "2026", { id: "b", patch: { payee: "first", time: undefined } })
    void tab.edit("editEntry", "2026", { id: "b", patch: { payee: "second" } })
    expect(storage.entries.size).toBe(3)
    const copy = new Map(storage.entries)
    const next = startTestEngine(name)
    const other = next.openTab(storage)
    await must(other, "unlock", { type: "Passphrase", passphrase: testPassphrase })
    await valueOf(other, "state", ({ type }) => type === "Open")
    while (storage.entries.size > 0) await new Promise(resolve => setImmediate(resolve))
    const entries = await entriesOf(other)
    expect([...entries.keys()].sort()).toEqual(["a", "b"])
    expect(entries.get("b")?.payee).toBe("second")
    next.kill()
    // A third start with the same journal: everything was done already.
    for (const [key, value] of copy) storage.setItem(key, value)
    const again = startTestEngine(name).openTab(storage)
    await must(again, "unlock", { type: "Passphrase", passphrase: testPassphrase })
    while (storage.entries.size > 0) await new Promise(resolve => setImmediate(resolve))
    expect((await entriesOf(again)).get("b")?.payee).toBe("second")
  })

  it("[E2] sent again by a tab whose engine went away is done once by the next one", async () => {
    const { name, engine, tab, storage } = await openTestFamily()
    const first = tab.edit("addEntry", "2026", { id: "a", fields: entryFields(1) })
    const second = tab.edit("addEntry", "2026", { id: "a", fields: entryFields(1) })
    expect([await first, await second]).toEqual([
      { ok: true, value: undefined },
      { ok: true, value: undefined },
    ])
    const ticket = tab.lent()?.ticket
    engine.kill()
    const entries = await entriesOf(startTestEngine(name, { ticket }).openTab(storage))
    expect([...entries.keys()]).toEqual(["a"])
  })

  it("[E5] that finds the disk full says so, stays in the journal, and is tried again", async () => {
    const clock = createTestClock(Date.now())
    const { name, storage, tab } = await openTestFamily({ clock })
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("no room", "QuotaExceededError")
    }
    let waits: readonly unknown[] | undefined
    tab.watchSetAside(edits => (waits = edits.map(({ name, input }) => [name, input])))
    expect(waits).toEqual([])
    const input = { id: "a", fields: entryFields(1) }
    const full = await tab.edit("addEntry", "2026", input)
    expect(full).toEqual({ ok: false, error: { type: "StorageFull" } })
    expect(storage.entries.size).toBe(1)
    expect(waits).toEqual([["addEntry", input]])
    // What is too large for the journal is kept nowhere, and is not said to be.
    const note = "n".repeat(70_000)
    const large = await tab.edit("addEntry", "2026", { id: "b", fields: { ...entryFields(2), note } })
    expect(large).toEqual({ ok: false, error: { type: "JournalFull" } })
    expect(storage.entries.size).toBe(1)
    expect(waits).toEqual([["addEntry", input]])
    expect(await valueOf(tab, "storage", ({ isFull }) => isFull)).toMatchObject({ isFull: true })
    IDBObjectStore.prototype.put = put
    clock.advance(15_000)
    await valueOf(tab, "storage", ({ isFull }) => !isFull)
    while (storage.entries.size > 0) await new Promise(resolve => setImmediate(resolve))
    await expect.poll(() => waits).toEqual([])
    const ticket = tab.lent()?.ticket
    const next = startTestEngine(name, { ticket }).openTab(storage)
    expect([...(await entriesOf(next)).keys()]).toContain("a")
  })

  it("[E5] keeps no family from opening on a disk that is full, at whichever write it filled up", async () => {
    const { name, engine, tab, storage } = await openTestFamily()
    let last = { engine, tab }
    const kept: string[] = []
    // Another write each time is the first that finds no room, until the edit needs no more of them.
    for (let room = 0, isStored = false; !isStored; room++) {
      const id = `room-${room}`
      let left = room
      const fillUp = (method: typeof put) =>
        function (this: IDBObjectStore, ...values: Parameters<typeof put>) {
          if (left-- > 0) return method.apply(this, values)
          throw new DOMException("no room", "QuotaExceededError")
        }
      Object.assign(IDBObjectStore.prototype, { put: fillUp(put), add: fillUp(add) })
      isStored = (await last.tab.edit("addEntry", "2026", { id, fields: entryFields(1) })).ok
      last.engine.kill()
      left = 0
      const full = startTestEngine(name)
      const other = full.openTab(storage)
      await must(other, "unlock", { type: "Passphrase", passphrase: testPassphrase })
      if (kept.length > 0) expect([...(await entriesOf(other)).keys()]).toEqual(expect.arrayContaining(kept))
      expect(storage.entries.size).toBe(isStored ? 0 : 1)
      full.kill()
      Object.assign(IDBObjectStore.prototype, { put, add })
      const next = startTestEngine(name)
      last = { engine: next, tab: next.openTab(storage) }
      await must(last.tab, "unlock", { type: "Passphrase", passphrase: testPassphrase })
      while (storage.entries.size > 0) await new Promise(resolve => setImmediate(resolve))
      kept.push(id)
      expect([...(await entriesOf(last.tab)).keys()].sort()).toEqual([...kept].sort())
    }
    expect(kept.length).toBeGreaterThan(2)
  })

  it("[E5] that waits is told to nobody while it is locked, and again when it is open", async () => {
    const { tab, storage } = await openTestFamily()
    Object.assign(IDBObjectStore.prototype, {
      put: () => {
        throw new DOMException("no room", "QuotaExceededError")
      },
    })
    let waits = 0
    tab.watchSetAside(edits => (waits = edits.length))
    await tab.edit("addEntry", "2026", { id: "a", fields: entryFields(1) })
    expect(waits).toBe(1)
    await must(tab, "lock", {})
    await expect.poll(() => waits).toBe(0)
    expect(storage.entries.size).toBe(1)
    await must(tab, "unlock", { type: "Passphrase", passphrase: testPassphrase })
    await expect.poll(() => waits).toBe(1)
  })

  it("[E6] belongs to the circle that it names, in the journal as well, and is exported from there", async () => {
    const { name, tab, storage, engine } = await openTestFamily()
    const circle = (await must(tab, "makeCircle", {
      name: "Only mine",
      members: [],
      isBoxIn: false,
    })) as CircleId
    const shown = await valueOf(tab, "membership", ({ circles }) => circles.some(({ id }) => id === circle))
    expect(shown.circles.map(each => [each.isEveryone, each.name, each.isOnlyMe])).toEqual([
      [true, "", false],
      [false, "Only mine", true],
    ])
    expect(await tab.calls.nameCircle({ circle, name: " " })).toMatchObject({
      error: { type: "InvalidName" },
    })
    await tab.edit("addEntry", "2026", { id: "a", fields: entryFields(1) })
    await tab.edit("addEntry", "2026", { id: "b", fields: { ...entryFields(2), payee: "Notary" } }, circle)
    engine.kill()
    void tab.edit("editEntry", "2026", { id: "b", patch: { note: "later" } }, circle)
    expect(storage.entries.size).toBe(1)
    const next = startTestEngine(name).openTab(storage)
    await must(next, "unlock", { type: "Passphrase", passphrase: testPassphrase })
    while (storage.entries.size > 0) await new Promise(resolve => setImmediate(resolve))
    expect([...(await entriesOf(next)).keys()]).toEqual(["a"])
    expect([...(await entriesOf(next, circle)).values()]).toMatchObject([{ payee: "Notary", note: "later" }])
    const history = await next.ask("entryHistory", "2026", { id: "b" }, circle)
    expect(history.ok && history.value.length).toBe(2)
    const files = (await must(next, "exportAll", {})) as readonly { name: string; bytes: Uint8Array }[]
    const ledgers = files.filter(file => file.name.endsWith("ledger.csv"))
    const isTold = ledgers.map(file => new TextDecoder().decode(file.bytes).includes("Notary"))
    expect(isTold).toEqual([false, true])
    expect(ledgers[1]?.name).toMatch(/^Only mine [0-9a-f]{8}\/ledger\.csv$/)
  })
})
