import { describe, expect, it } from "vitest"
import { itemsOf, writeItem } from "../testing/notes-of.js"
import { newsFor, plainFamily } from "../testing/on-node/plain-family.js"
import { plainShare } from "../testing/on-node/plain-share.js"
import type { TestDevice } from "../testing/test-family.js"
import { keepPseudonym, pseudonymsIn } from "./share-pseudonyms.js"
import { tendShare } from "./share-tending.js"

/** A family of a phone and a tablet, both the founder's. */
const household = async (seed: number) => {
  const world = plainFamily(seed)
  const phone = await world.found("phone")
  const tablet = await world.join(phone, "tablet", "own device")
  const family = { replica: phone.replica, sealer: world.sealer }
  const loseTablet = () => phone.replica.act(author => author.removeDevice(tablet.identity.id))
  return { phone, tablet, family, loseTablet }
}

const isLive = (at: TestDevice, device: TestDevice): boolean | undefined =>
  at.replica.session.state().devices.get(device.identity.id)?.live

describe("who leaves a family that shares", () => {
  it("[X14] leaves the share too: it reads nothing new there, and what it writes does not count", async () => {
    const { world, anna, comeIn, secrets } = await plainShare()
    const [otto, tablets] = [await comeIn("Otto"), await comeIn("Otto's tablet")]
    for (const device of [otto, tablets]) await world.sync(anna, device)
    const { tablet, family, loseTablet } = await household(51)
    const { group } = otto.replica
    await keepPseudonym(family, group, tablet.identity.id, tablets.identity.id)
    const tend = () => tendShare(world, family, { replica: otto.replica, secrets })

    expect(await tend()).toEqual([])
    expect((await pseudonymsIn(family, group)).get(family.replica.device)).toBe(otto.identity.id)
    await loseTablet()
    expect(await tend()).toEqual([tablets.identity.id])
    // Once: there is nobody left to take out.
    expect([await tend(), (await pseudonymsIn(family, group)).has(tablet.identity.id)]).toEqual([[], false])

    await writeItem(tablets, "from the lost one")
    await anna.replica.receive(await newsFor(tablets, anna))
    await world.sync(anna, otto)
    await writeItem(anna, "under a new key")
    await tablets.replica.receive(await newsFor(anna, tablets))
    expect([isLive(anna, tablets), isLive(anna, otto)]).toEqual([false, true])
    expect([await itemsOf(anna), await itemsOf(tablets)]).toEqual([["under a new key"], []])
  })

  it("[X14] takes nobody of the other side along, whatever the family has written down", async () => {
    const { world, anna, comeIn, ownSecrets } = await plainShare()
    const otto = await comeIn("Otto")
    const { tablet, family, loseTablet } = await household(52)
    await keepPseudonym(family, anna.replica.group, tablet.identity.id, otto.identity.id)
    await loseTablet()
    expect(await tendShare(world, family, { replica: anna.replica, secrets: ownSecrets })).toEqual([])
    expect(isLive(anna, otto)).toBe(true)
  })
})
