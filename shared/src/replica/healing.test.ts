import { describe, expect, it, vi } from "vitest"
import { missingWraps } from "../access/index.js"
import { itemsOf, writeItem } from "../testing/notes-of.js"
import { plainFamily } from "../testing/on-node/plain-family.js"
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
    await vi.waitFor(() => expect(lacking()).toBe(0))
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
