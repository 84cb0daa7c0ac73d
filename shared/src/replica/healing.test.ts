import { describe, expect, it } from "vitest"
import { missingWraps, nothingTaken } from "../access/index.js"
import { itemsOf, writeItem } from "../testing/notes-of.js"
import { memberOf, plainFamily } from "../testing/on-node/plain-family.js"
import type { TestFamily } from "../testing/test-family.js"

/** Anna removes Dan while Ben, who does not know, admits Cleo: Cleo lacks the new key. Then Anna is gone. */
const besideARemoval = async (world: TestFamily) => {
  const anna = await world.found("Anna")
  const ben = await world.join(anna, "Ben", "admin")
  const dan = await world.join(anna, "Dan", "user")
  for (const device of [ben, dan]) await world.sync(anna, device)
  expect((await anna.replica.act(author => author.removeDevice(dan.identity.id))).ok).toBe(true)
  const cleo = await world.join(ben, "Cleo", "editor")
  // Anna's removal reaches Ben as bundles, and she is never heard of again: she cannot heal what she ranks first for.
  const bundles = (await anna.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles
  await anna.replica.close()
  await ben.replica.receive(bundles.map(({ bundle }) => bundle.bytes))
  await writeItem(ben, "sealed under the new key")
  await world.sync(ben, cleo)
  return { ben, cleo }
}

describe("healing", () => {
  it("[P65] when the first in rank is gone, the next one gives the missing keys, after a while", async () => {
    const world = plainFamily()
    const { ben, cleo } = await besideARemoval(world)
    const lacking = (): number => missingWraps(ben.replica.session.state(), ben.replica.everyone()).length
    expect(lacking()).toBe(1)
    expect(await itemsOf(cleo)).toEqual([])
    world.clock.advance(60_000)
    await expect.poll(() => lacking()).toBe(0)
    await world.sync(ben, cleo)
    expect(await itemsOf(cleo)).toEqual(["sealed under the new key"])
  })

  it("[P65] a device that never runs for long heals as well, when it comes back later", async () => {
    const world = plainFamily()
    const { ben, cleo } = await besideARemoval(world)
    await ben.replica.close()
    world.clock.advance(60_000)
    expect(world.clock.pending()).toBe(0)
    await world.reopen(ben)
    await world.sync(ben, cleo)
    await world.sync(ben, cleo)
    expect(await itemsOf(cleo)).toEqual(["sealed under the new key"])
  })
})

describe("a guest's stay", () => {
  const dayMs = 86_400_000
  const familyWithGuest = async (seed: number) => {
    const world = plainFamily(seed)
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "admin")
    await world.sync(anna, ben)
    const guest = await world.join(anna, "Gil", { guestUntilMs: world.clock.now() + dayMs })
    // He reads and writes in Everyone's chat.
    const circle = anna.replica.everyone()
    const { id, keys } = guest.identity
    const taken = await anna.replica.act(author =>
      Promise.resolve({
        type: "circle",
        circle,
        add: [memberOf(guest)],
        remove: [],
        wraps: author.wrapsFor(id, keys.wrap, [circle]),
        taking: nothingTaken,
      }),
    )
    expect(taken.ok).toBe(true)
    for (const other of [ben, guest]) await world.sync(anna, other)
    const writes = async (): Promise<boolean> =>
      (
        await guest.replica.change(
          guest.replica.keyFor("chat", "2026-11"),
          (draft: Record<string, unknown>) => {
            draft["said"] = world.clock.now()
          },
        )
      ).ok
    const isIn = (device: typeof anna): boolean =>
      device.replica.session.state().devices.get(guest.identity.id)?.live === true
    return { world, anna, ben, writes, isIn }
  }

  it("[P65a] ends by the clock of the highest-ranked admin's device, which removes him", async () => {
    const { world, anna, ben, writes, isIn } = await familyWithGuest(5)
    await anna.replica.tend()
    world.clock.advance(dayMs - 1)
    expect([isIn(anna), isIn(ben)]).toEqual([true, true])
    // By his own clock too: he writes nothing more, also before anybody has told him.
    expect(await writes()).toBe(true)
    world.clock.advance(1)
    expect(await writes()).toBe(false)
    await expect.poll(() => isIn(anna)).toBe(false)
    await world.sync(anna, ben)
    expect(isIn(ben)).toBe(false)
  })

  it("[P65a] is ended by the next admin's device when the first stays away, and by nobody else", async () => {
    const { world, anna, ben, isIn } = await familyWithGuest(6)
    const cleo = await world.join(anna, "Cleo", "editor")
    for (const other of [ben, cleo]) await world.sync(anna, other)
    await anna.replica.close()
    world.clock.advance(dayMs)
    await ben.replica.tend()
    await cleo.replica.tend()
    expect([isIn(ben), isIn(cleo)]).toEqual([true, true])
    world.clock.advance(60_000)
    await expect.poll(() => isIn(ben)).toBe(false)
    expect(isIn(cleo)).toBe(true)
  })
})
