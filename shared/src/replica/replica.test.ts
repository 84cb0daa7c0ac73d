import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import { itemsOf, writeItem } from "../testing/notes-of.js"
import { newsFor, plainFamily, plainTrio } from "../testing/on-node/plain-family.js"
import type { TestDevice } from "../testing/test-family.js"
import { readHeard } from "./first-heard.js"

const write = async (device: TestDevice, name: string, key: string, text: string): Promise<void> => {
  const changed = await device.replica.change(
    device.replica.keyFor("notes", name),
    (draft: { checklist: Record<string, unknown> }) => {
      draft.checklist[key] = new A.ImmutableString(text)
    },
  )
  expect(changed.ok).toBe(true)
}
const items = (device: TestDevice, name: string): Promise<Record<string, string>> =>
  device.replica.read(device.replica.keyFor("notes", name), doc => {
    const { checklist } = doc as unknown as { checklist: Record<string, { val: string }> }
    return Object.fromEntries(Object.entries(checklist).map(([key, value]) => [key, String(value)]))
  })

const note = "00112233445566778899aabbccddeeff"

describe("replica", () => {
  it("two devices agree after a link", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await write(anna, note, "a", "apples")
    await world.sync(anna, ben)
    expect(await items(ben, note)).toEqual({ a: "apples" })
    await write(ben, note, "b", "bread")
    await write(anna, note, "c", "cheese")
    await world.sync(ben, anna)
    expect(await items(anna, note)).toEqual({ a: "apples", b: "bread", c: "cheese" })
    expect(await items(ben, note)).toEqual(await items(anna, note))
  })

  it("[P2] a copy with an altered signature does not stand in the way of the right one", async () => {
    const { anna, ben } = await plainTrio()
    await writeItem(ben, "here")
    const [right] = await newsFor(ben, anna)
    if (right === undefined) throw new Error("one bundle")
    const altered = right.slice()
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1
    const received = await anna.replica.receive([altered, right, right])
    expect(received.refused).toEqual({ BadFeedSignature: 1 })
    expect(received.duplicates).toBe(1)
    expect(await itemsOf(anna)).toEqual(["here"])
  })

  it("[P13a] when it first heard of an operation is kept, and not what was handed to it when it came in", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    const admissions = async (device: TestDevice) => [...(await readHeard(device.store)).values()]
    const early = await admissions(anna)
    expect([early.length, await admissions(ben)]).toEqual([1, []])
    const acted = await anna.replica.act(author => author.suspend(ben.identity.id))
    if (!acted.ok) throw new Error("refused")
    await world.sync(anna, ben)
    const heard = await readHeard(ben.store)
    await world.sync(anna, ben)
    await world.reopen(ben)
    expect([...heard]).toEqual([[acted.value, world.clock.now()]])
    expect(await readHeard(ben.store)).toEqual(heard)
  })

  it("[P10] an edit that was not sent when the process died is sent by the next one", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await write(anna, note, "a", "apples")
    // The screen's edit reached the disk, the seal did not: the process died in between.
    const handle = await anna.replica.open(anna.replica.keyFor("notes", note))
    handle.change(doc => {
      const { checklist } = doc as { checklist: Record<string, unknown> }
      checklist["b"] = new A.ImmutableString("bread")
    })
    await anna.replica.flush()
    await world.reopen(anna)
    await world.sync(anna, ben)
    await anna.replica.tend()
    await world.sync(anna, ben)
    expect(await items(ben, note)).toEqual({ a: "apples", b: "bread" })
  })

  it("[P40] a profile restored from an old copy goes on under a new incarnation; nothing is lost or doubled", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await write(anna, note, "a", "apples")
    const old = await world.copy(anna, true)
    await write(anna, note, "b", "bread")
    await world.sync(anna, ben)
    // The original is gone; the copy edits before it hears of anything.
    await write(old, note, "c", "cheese")
    await world.sync(old, ben)
    await world.sync(old, ben)
    expect(await items(old, note)).toEqual({ a: "apples", b: "bread", c: "cheese" })
    expect(await items(ben, note)).toEqual(await items(old, note))
  })

  it("[P40] a copy that nobody noticed finds out from a peer, and does not fork the family", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await write(anna, note, "a", "apples")
    const old = await world.copy(anna, false)
    await write(anna, note, "b", "bread")
    await world.sync(anna, ben)
    await write(old, note, "c", "cheese")
    await world.sync(old, ben)
    await world.sync(old, ben)
    await write(old, note, "d", "dates")
    await world.sync(old, ben)
    // Anna's branch may have lost the place; she still has the right, and writes it again.
    await world.sync(anna, ben)
    await world.sync(anna, ben)
    await world.sync(old, ben)
    const all = { a: "apples", b: "bread", c: "cheese", d: "dates" }
    expect(await items(ben, note)).toEqual(all)
    expect(await items(old, note)).toEqual(all)
    expect(await items(anna, note)).toEqual(all)
  })

  it("[P30] the author of an edit that others built upon may be gone for ever: anyone who applied it gives it on", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    const cleo = await world.join(anna, "Cleo", "user")
    await write(ben, note, "b", "bread")
    await world.sync(ben, anna)
    await write(anna, note, "a", "apples")
    await world.sync(anna, cleo)
    expect(await items(cleo, note)).toEqual({ a: "apples", b: "bread" })
  })

  it("[P50] late edits of a removed device: the same verdict whether the removal or the edits come first", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    const cleo = await world.join(anna, "Cleo", "editor")
    await write(ben, note, "early", "kept")
    for (const other of [anna, cleo]) await world.sync(ben, other)
    // Anna removes Ben; Ben, who does not know, goes on, and Cleo hears of his edit first.
    const removed = await anna.replica.act(author => author.removeDevice(ben.identity.id))
    expect(removed).toMatchObject({ ok: true })
    await write(ben, note, "late", "quarantined")
    await world.sync(ben, cleo)
    expect(await items(cleo, note)).toEqual({ early: "kept", late: "quarantined" })
    await world.sync(anna, cleo)
    await world.sync(cleo, anna)
    expect(await items(cleo, note)).toEqual({ early: "kept" })
    expect(await items(anna, note)).toEqual({ early: "kept" })
    const [late] = await anna.replica.late()
    expect(late?.device).toBe(ben.identity.id)
    expect(await cleo.replica.late()).toHaveLength(1)
    // Whoever may write there can take them in after all.
    if (late !== undefined) expect(await anna.replica.acceptLate(late)).toMatchObject({ ok: true })
    await world.sync(anna, cleo)
    expect(await items(anna, note)).toEqual({ early: "kept", late: "quarantined" })
    expect(await items(cleo, note)).toEqual({ early: "kept", late: "quarantined" })
    // After the rebuild everyone can still write, and agrees.
    await write(cleo, note, "after", "fine")
    await world.sync(cleo, anna)
    expect(await items(anna, note)).toEqual(await items(cleo, note))
  })

  it("[P50] late edits show in a document of which nothing counts here", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    await write(ben, note, "late", "the only edit")
    // Nobody links with a removed device: its bundles come on a stick.
    const { bundles } = await ben.archive.readSince(0, 1 << 20)
    await anna.replica.receive(bundles.map(({ bundle }) => bundle.bytes))
    expect(await anna.replica.documents("notes")).toEqual([])
    expect(await anna.replica.late()).toMatchObject([{ device: ben.identity.id, key: { name: note } }])
  })
})
