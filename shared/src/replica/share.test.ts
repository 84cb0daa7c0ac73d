import "@automerge/automerge"
import { describe, expect, it } from "vitest"
import { itemsOf, noteKey, writeItem } from "../testing/notes-of.js"
import { newsFor } from "../testing/on-node/plain-family.js"
import { plainShare } from "../testing/on-node/plain-share.js"
import { roomsOf } from "./rooms.js"

describe("a share between two families", () => {
  it("[P150] the contact key alone lets a device in, which reads what is older and writes", async () => {
    const { world, anna, comeIn } = await plainShare()
    await writeItem(anna, "from before")
    const otto = await comeIn("Otto")
    expect(anna.replica.session.state().devices.get(otto.identity.id)?.live).toBe(true)
    await writeItem(otto, "from Otto")
    await writeItem(anna, "from Anna")
    await world.sync(anna, otto)
    for (const device of [anna, otto])
      expect(await itemsOf(device)).toEqual(["from Anna", "from Otto", "from before"])
    const doors = roomsOf(anna.replica, { sealer: world.sealer, identity: anna.identity }, "ws://r")
      .map(({ scope }) => scope)
      .filter(scope => scope.startsWith("door"))
    expect(doors).toEqual([`door ${otto.identity.id}`])
    // Another admin of that side comes in by the same key, also later.
    const olga = await comeIn("Olga")
    await world.sync(anna, olga)
    expect(await itemsOf(olga)).toContain("from Otto")
  })

  it("[P150] the founding side's other devices come in by their own contact key, also after the end, and govern it", async () => {
    const { world, anna, voucher, accept, comeIn, ownSecrets } = await plainShare()
    await writeItem(anna, "from before")
    const otto = await comeIn("Otto")
    await world.sync(anna, otto)
    // Not once, for no epoch must be missed: Anna renews the key before her tablet comes.
    const renewed = await anna.replica.author.rekeyBody(anna.replica.everyone())
    expect(renewed && (await anna.replica.act(renewed)).ok).toBe(true)
    await writeItem(anna, "under a new key")
    const tablet = await comeIn("tablet", ownSecrets)
    const { founder, devices } = tablet.replica.session.state()
    expect(devices.get(tablet.identity.id)).toMatchObject({ member: founder, live: true })
    await world.sync(anna, tablet)
    await world.sync(anna, otto)
    await writeItem(tablet, "from the tablet")
    await world.sync(tablet, otto)
    for (const device of [otto, tablet])
      expect(await itemsOf(device)).toEqual(["from before", "from the tablet", "under a new key"])
    expect((await tablet.replica.act(author => author.removeMember(voucher.member))).ok).toBe(true)
    await world.sync(tablet, anna)
    expect(anna.replica.session.state().members.get(voucher.member)?.live).toBe(false)
    const late = await accept("phone", ownSecrets)
    expect("device" in late && late.sharedWith).toEqual(voucher.signing)
  })

  it("[P150] another contact key, or one that was taken out, lets nobody in", async () => {
    const { anna, voucher, accept, world } = await plainShare()
    const wrong = { signing: world.random.bytes(32), agreement: world.random.bytes(32) }
    expect(await accept("Eve", wrong)).toEqual({ type: "NotForUs" })
    const early = await accept("Otto")
    await anna.replica.act(author => author.removeMember(voucher.member))
    expect(await accept("Olga")).toEqual({ type: "NotForUs" })
    // Who had his admission made before, and publishes it now, is nobody.
    if (!("device" in early)) throw new Error(early.type)
    expect((await early.device.replica.actAs(early.admission)).ok).toBe(true)
    const before = await anna.archive.readSince(0, Number.MAX_SAFE_INTEGER)
    await anna.replica.introduce(await newsFor(early.device, anna))
    expect(anna.replica.session.state().devices.has(early.device.identity.id)).toBe(false)
    expect((await anna.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles).toHaveLength(
      before.bundles.length,
    )
  })

  it("[P151] what the other side writes after the end is held back; what it read it keeps", async () => {
    const { anna, voucher, comeIn } = await plainShare()
    const otto = await comeIn("Otto")
    await writeItem(otto, "in time")
    await anna.replica.receive(await newsFor(otto, anna))
    await anna.replica.act(author => author.removeMember(voucher.member))
    await writeItem(anna, "after the end")
    await writeItem(otto, "too late")
    await anna.replica.receive(await newsFor(otto, anna))
    expect(await itemsOf(anna)).toEqual(["after the end", "in time"])
    expect((await anna.replica.late()).map(({ device }) => device)).toEqual([otto.identity.id])
    await otto.replica.receive(await newsFor(anna, otto))
    expect(await itemsOf(otto)).toContain("in time")
    expect(await itemsOf(otto)).not.toContain("after the end")
  })

  it("[P151] a guest reads, and his edits change nothing", async () => {
    const { anna, comeIn } = await plainShare("guest")
    await writeItem(anna, "to be read")
    const otto = await comeIn("Otto")
    await otto.replica.receive(await newsFor(anna, otto))
    expect(await itemsOf(otto)).toEqual(["to be read"])
    const key = noteKey(otto)
    expect(await otto.replica.change(key, () => undefined)).toEqual({
      ok: false,
      error: { type: "NotAllowed" },
    })
  })
})
