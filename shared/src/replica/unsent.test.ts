import * as A from "@automerge/automerge/slim"
import { describe, expect, it } from "vitest"
import { itemsOf, noteKey, writeItem } from "../testing/notes-of.js"
import { plainFamily } from "../testing/on-node/plain-family.js"
import type { TestDevice } from "../testing/test-family.js"

/** As a screen does: into the open document, saved, and the process ends before anything is sealed. */
const typeUnsent = async (device: TestDevice, text: string): Promise<void> => {
  const handle = await device.replica.open(noteKey(device))
  handle.change(doc => {
    const { checklist } = doc as { checklist: Record<string, unknown> }
    checklist[text] = new A.ImmutableString(text)
  })
  await device.replica.flush()
}

/** Anna's profile as it was before she wrote "sent", with "unsent" typed into it: both under one (actor, seq). */
const backInTime = async (seed: number) => {
  const failed: string[] = []
  const world = plainFamily(seed, { event: name => void (name === "document failed" && failed.push(name)) })
  const anna = await world.found("Anna")
  const ben = await world.join(anna, "Ben", "editor")
  await writeItem(anna, "first")
  await world.sync(anna, ben)
  const old = await world.copy(anna, false)
  await writeItem(anna, "sent")
  await world.sync(anna, ben)
  await typeUnsent(old, "unsent")
  return { world, anna, ben, old, failed }
}
const all = ["first", "sent", "unsent"]

describe("what was not sent", () => {
  it("[P40] stays when another edit with its number was taken in and the process died before it was looked at", async () => {
    const { world, anna, ben, old, failed } = await backInTime(1)
    await old.archive.append((await anna.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles)
    await world.reopen(old)
    expect(await itemsOf(old)).toContain("sent")
    for (let round = 0; round < 2; round++) await world.sync(old, ben)
    expect(failed).toEqual([])
    expect(await itemsOf(old)).toEqual(all)
    expect(await itemsOf(ben)).toEqual(all)
  })

  it("[P40] stays when another edit with its number comes while it waits for a peer to be asked", async () => {
    const { world, ben, old, failed } = await backInTime(2)
    const noticed = await world.copy(old, true)
    for (let round = 0; round < 2; round++) await world.sync(noticed, ben)
    expect(failed).toEqual([])
    expect(await itemsOf(noticed)).toEqual(all)
    expect(await itemsOf(ben)).toEqual(all)
  })

  it("[P40] stays when what others wrote leaves the document while it waits for a peer to be asked", async () => {
    const world = plainFamily(3)
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    const cleo = await world.join(anna, "Cleo", "editor")
    await writeItem(anna, "first")
    await world.sync(anna, ben)
    await world.sync(anna, cleo)
    const old = await world.copy(anna, false)
    await typeUnsent(old, "unsent")
    const noticed = await world.copy(old, true)
    // Cleo is removed, and what she writes meanwhile is too late: first it counts at the copy, then it leaves.
    await anna.replica.act(author => author.removeDevice(cleo.identity.id))
    await writeItem(cleo, "late")
    const late = (await cleo.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles
    await noticed.replica.receive(late.map(({ bundle }) => bundle.bytes))
    expect(await itemsOf(noticed)).toEqual(["first", "late", "unsent"])
    const removal = (await anna.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles
    await noticed.replica.receive(removal.map(({ bundle }) => bundle.bytes))
    expect(await itemsOf(noticed)).toEqual(["first", "unsent"])
    for (let round = 0; round < 2; round++) await world.sync(noticed, ben)
    expect(await itemsOf(noticed)).toEqual(["first", "unsent"])
    expect(await itemsOf(ben)).toEqual(["first", "unsent"])
  })

  it("[P40] leaves the document and is late everywhere when the right to it went before it was sealed", async () => {
    const { world, anna, ben } = await backInTime(4)
    const benMember = ben.replica.session.state().devices.get(ben.identity.id)?.member
    if (benMember === undefined) throw new Error("no member")
    const copied = await world.copy(ben, false)
    await typeUnsent(copied, "unsent")
    const noticed = await world.copy(copied, true)
    await anna.replica.act(author => author.setRole(benMember, "guest"))
    for (let round = 0; round < 2; round++) await world.sync(noticed, anna)
    expect(await itemsOf(noticed)).toEqual(["first", "sent"])
    expect(await itemsOf(anna)).toEqual(["first", "sent"])
    for (const device of [noticed, anna]) expect(await device.replica.late()).toHaveLength(1)
  })
})
