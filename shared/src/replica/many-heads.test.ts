import { describe, expect, it } from "vitest"
import { createForger } from "../testing/forger.js"
import { itemsOf, noteKey, writeItem } from "../testing/notes-of.js"
import { memberOf, plainTrio } from "../testing/on-node/plain-family.js"
import type { TestDevice, TestFamily } from "../testing/test-family.js"
import { limits } from "../wire/index.js"

/** Operations side by side, as a program writes them that does not look at what it wrote before. */
const fork = async (
  world: TestFamily,
  by: TestDevice,
  of: TestDevice,
  count: number,
): Promise<readonly Uint8Array[]> => {
  const { session, author, everyone } = by.replica
  const [epoch] = session.state().circles.get(everyone())?.heads ?? []
  if (epoch === undefined) throw new Error("a key")
  const forger = await createForger(world, by, "log")
  const bundles: Uint8Array[] = []
  for (let n = 0; n < count; n++) {
    // The same one as often as makes another operation of it.
    const wanted = Array.from({ length: n + 1 }, () => ({
      circle: everyone(),
      epoch,
      device: of.identity.id,
    }))
    const wraps = author.wraps(wanted)
    const payload = await session.sign({ type: "wrap", wraps })
    const parts = { kind: "operation" as const, document: undefined, payload }
    bundles.push((await forger.seal(noteKey(by), parts)).bytes)
  }
  return bundles
}

describe("a log with more heads than can be named", () => {
  const many = limits.groupHeads + 6

  it("[P17] a member who forks his log stops nobody: edits count, and he can be removed", async () => {
    const { world, anna, ben, cleo } = await plainTrio(41)
    for (const device of [anna, cleo]) await device.replica.receive(await fork(world, ben, anna, many))
    await world.sync(anna, cleo)
    expect(anna.replica.session.log.heads().length).toBeGreaterThan(limits.groupHeads)
    await writeItem(cleo, "written all the same")
    await world.sync(anna, cleo)
    expect(await itemsOf(anna)).toEqual(["written all the same"])
    const removed = await anna.replica.act(author => author.removeMember(memberOf(ben)))
    expect(removed.ok).toBe(true)
    await writeItem(anna, "without him")
    await world.sync(anna, cleo)
    expect((await itemsOf(cleo)).length).toBe(2)
    expect(cleo.replica.session.state().devices.get(ben.identity.id)?.live).toBe(false)
  })

  it("[P17] nor does one who was removed, and says that it was before", async () => {
    const { world, anna, ben, cleo } = await plainTrio(42)
    const late = await fork(world, ben, anna, many)
    expect((await anna.replica.act(author => author.removeMember(memberOf(ben)))).ok).toBe(true)
    await world.sync(anna, cleo)
    for (const device of [anna, cleo]) await device.replica.receive(late)
    expect(anna.replica.session.log.heads().length).toBeGreaterThan(limits.groupHeads)
    const { session } = anna.replica
    // What counts is named before what is void.
    expect(
      session.covers(
        session.log.heads(),
        [...session.log.operations()].filter(({ body }) => body.type === "removeMember").map(({ id }) => id),
      ),
    ).toBe(true)
    await writeItem(cleo, "we go on")
    await world.sync(anna, cleo)
    expect(await itemsOf(anna)).toEqual(["we go on"])
    expect((await anna.replica.act(author => author.setRole(memberOf(cleo), "admin"))).ok).toBe(true)
  })
})
