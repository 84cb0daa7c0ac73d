import { describe, expect, it } from "vitest"
import { createForger } from "../testing/forger.js"
import { itemsOf, noteKey, writeItem } from "../testing/notes-of.js"
import {
  fragile,
  memberOf,
  movedTo,
  newsFor,
  plainFamily,
  plainTrio,
} from "../testing/on-node/plain-family.js"
import type { TestDevice } from "../testing/test-family.js"

describe("the verdict", () => {
  it("[P52] counts the same when somebody built upon edits of a device whose admission is void", async () => {
    const world = plainFamily(23)
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "admin")
    const dora = await world.join(anna, "Dora", "editor")
    for (const other of [ben, dora]) await world.sync(anna, other)
    // Anna knows of the removal before she hears of Eve, the others after they have read her.
    await anna.replica.act(author => author.removeMember(memberOf(ben)))
    const eve = await world.join(ben, "Eve", "editor")
    await writeItem(eve, "by Eve")
    await world.sync(eve, ben)
    await world.sync(ben, dora)
    await writeItem(dora, "by Dora, upon it")
    for (const [to, from] of [
      [anna, dora],
      [dora, anna],
    ] as const)
      await to.replica.receive(await newsFor(from, to))
    expect(await itemsOf(dora)).toEqual(["by Dora, upon it", "by Eve"])
    expect(await itemsOf(anna)).toEqual(await itemsOf(dora))
  })
})

describe("late edits", () => {
  const late = async (seed = 3) => {
    const all = await plainTrio(seed)
    await writeItem(all.ben, "early")
    for (const other of [all.anna, all.cleo]) await all.world.sync(all.ben, other)
    await all.anna.replica.act(author => author.removeDevice(all.ben.identity.id))
    await writeItem(all.ben, "late")
    return all
  }

  it("[P53] leave the document when the removal comes, also after a restart and with nobody looking", async () => {
    for (const isOpen of [false, true]) {
      const { world, anna, ben, cleo } = await late()
      await world.sync(ben, cleo)
      await cleo.replica.flush()
      await world.reopen(cleo)
      if (isOpen) await cleo.replica.open(noteKey(cleo))
      await world.sync(anna, cleo)
      expect(await itemsOf(cleo)).toEqual(["early"])
      expect(await cleo.replica.late()).toHaveLength(1)
    }
  })

  it("[P53] leave the document also when much else was looked at since", async () => {
    const { world, anna, ben, cleo } = await late(8)
    await world.sync(ben, cleo)
    await cleo.replica.open(noteKey(cleo))
    expect(await itemsOf(cleo)).toEqual(["early", "late"])
    // More documents than indexes are kept in memory.
    for (let i = 0; i < 50; i++) await writeItem(cleo, "other", i.toString(16).padStart(32, "0"))
    await world.sync(anna, cleo)
    expect(await itemsOf(cleo)).toEqual(["early"])
  })

  it("[P53] leave the document too when a crash came between the verdict and the rebuild", async () => {
    const { world, anna, ben, cleo } = await late()
    await world.sync(ben, cleo)
    await cleo.replica.flush()
    const store = fragile(cleo.store)
    await cleo.replica.close()
    const mortal = await movedTo(world, cleo, { store })
    expect(await itemsOf(mortal)).toEqual(["early", "late"])
    // The operation is on the disk, the rebuilt document is not.
    store.dieAt(changes => changes.some(change => change.type === "Put" && change.key[0] === "document"))
    await mortal.replica.receive(await newsFor(anna, mortal)).catch(() => undefined)
    store.dieAt(() => false)
    await world.reopen(mortal)
    expect(mortal.replica.session.state().devices.get(ben.identity.id)?.live).toBe(false)
    expect(await itemsOf(mortal)).toEqual(["early"])
  })

  it("[P54] a chain that becomes whole settles every document that it runs through", async () => {
    const { world, anna, ben, cleo } = await plainTrio(4)
    const names = ["0a", "0b", "0c", "0d"].map(byte => byte.repeat(16))
    for (const name of names) await writeItem(ben, `in ${name.slice(0, 2)}`, name)
    await world.sync(ben, anna)
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    const news = await newsFor(anna, cleo)
    const removal = news.slice(-1)
    const content = news.slice(0, -1)
    await cleo.replica.receive(removal)
    // The cut's head comes last: until then nobody can say what lies inside.
    for (const bytes of content) await cleo.replica.receive([bytes])
    for (const name of names) expect(await itemsOf(cleo, name)).toEqual([`in ${name.slice(0, 2)}`])
  })

  it("[P55] which a permitted author built upon are adopted, with nothing else of their bundle; discarding is local", async () => {
    const { world, anna, ben, cleo } = await late(5)
    const forger = await createForger(world, ben)
    const key = noteKey(ben)
    const used = forger.edit(key, "used")
    const unused = forger.edit(key, "unused", { base: [used] })
    const bundle = await forger.seal(key, { changes: [used, unused] })
    // Cleo, who knows nothing, builds upon the first of the two.
    const cleos = await createForger(world, cleo)
    const upon = cleos.edit(noteKey(cleo), "upon", { base: [used] })
    const honest = await cleos.seal(noteKey(cleo), { changes: [upon] })
    await world.sync(anna, cleo)
    for (const reader of [anna, cleo]) {
      await reader.replica.receive([bundle.bytes, honest.bytes])
      expect(await itemsOf(reader)).toEqual(["early", "upon", "used"])
      const shown = await reader.replica.late()
      expect(shown.map(({ changes }) => changes.length)).toEqual([1])
      if (shown[0] !== undefined) await reader.replica.discardLate(shown[0])
      expect(await reader.replica.late()).toEqual([])
      expect((await reader.replica.index(noteKey(reader))).accepted.size).toBeGreaterThan(0)
    }
  })

  it("[P56] after a rebuild the own actor is a new one, and what was pending is not lost", async () => {
    const { world, anna, ben, cleo } = await late(6)
    await world.sync(ben, cleo)
    const handle = await cleo.replica.open(noteKey(cleo))
    // On the screen and not sealed yet when the removal arrives.
    handle.change(doc => {
      const { checklist } = doc as { checklist: Record<string, unknown> }
      checklist["pending"] = true
    })
    await cleo.replica.flush()
    await world.sync(anna, cleo)
    // Built upon the late edit, which is thereby adopted.
    expect(await itemsOf(cleo)).toEqual(["early", "late", "pending"])
    await world.sync(cleo, anna)
    expect(await itemsOf(anna)).toEqual(["early", "late", "pending"])
  })

  it("[P57] two removals at once: one state and one verdict, whoever hears which first", async () => {
    const world = plainFamily(9)
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "admin")
    const cleo = await world.join(anna, "Cleo", "admin")
    const dora = await world.join(anna, "Dora", "editor")
    for (const other of [ben, cleo, dora]) await world.sync(anna, other)
    await writeItem(dora, "early")
    for (const other of [anna, ben, cleo]) await world.sync(dora, other)
    // Ben removes Dora, Cleo too, and they do not know of each other's. Dora goes on.
    expect((await ben.replica.act(author => author.removeMember(memberOf(dora)))).ok).toBe(true)
    expect((await cleo.replica.act(author => author.removeMember(memberOf(dora)))).ok).toBe(true)
    await writeItem(dora, "late")
    const lateBundle = await newsFor(dora, anna)
    await writeItem(ben, "of Ben")
    await writeItem(cleo, "of Cleo")
    await world.sync(ben, anna)
    await anna.replica.receive(lateBundle)
    for (const [a, b] of [
      [cleo, anna],
      [anna, ben],
      [ben, cleo],
      [anna, cleo],
      [anna, ben],
    ] as const)
      await world.sync(a, b)
    for (const device of [anna, ben, cleo]) {
      expect(await itemsOf(device)).toEqual(["early", "of Ben", "of Cleo"])
      expect(device.replica.session.state().circles.get(device.replica.everyone())?.heads).toHaveLength(1)
    }
  })

  it("[P58] two devices that create the same month offline end with one, holding both", async () => {
    const { world, anna, ben } = await plainTrio(10)
    const put = (device: TestDevice, text: string) =>
      device.replica.change(
        device.replica.keyFor("ledger", "2027"),
        (draft: { months: Record<string, Record<string, unknown>> }) => {
          const month = draft.months["01"] ?? draft.months["1"] ?? Object.values(draft.months)[0]
          if (month === undefined) throw new Error("every month is there from the start")
          month[text] = true
        },
      )
    expect((await put(anna, "rent")).ok).toBe(true)
    expect((await put(ben, "bread")).ok).toBe(true)
    await world.sync(anna, ben)
    for (const device of [anna, ben]) {
      const rows = await device.replica.read(device.replica.keyFor("ledger", "2027"), doc =>
        Object.values((doc as unknown as { months: Record<string, object> }).months).flatMap(month =>
          Object.keys(month),
        ),
      )
      expect(rows.sort()).toEqual(["bread", "rent"])
    }
  })

  it("[P59] a demoted member's late edits are held back, his earlier ones stay, and he reads on", async () => {
    const { world, anna, ben, cleo } = await plainTrio(11)
    await writeItem(ben, "early")
    await world.sync(ben, anna)
    expect((await anna.replica.act(author => author.setRole(memberOf(ben), "guest"))).ok).toBe(true)
    await writeItem(ben, "late")
    await world.sync(ben, cleo)
    expect(await itemsOf(cleo)).toEqual(["early", "late"])
    await world.sync(anna, cleo)
    await world.sync(anna, ben)
    await writeItem(cleo, "go on")
    for (const [a, b] of [
      [cleo, anna],
      [anna, ben],
    ] as const)
      await world.sync(a, b)
    for (const device of [anna, ben, cleo]) expect(await itemsOf(device)).toEqual(["early", "go on"])
  })

  it("[P53a] what a suspension held counts again once it is lifted, whether it came before or after the lifting", async () => {
    const { world, anna, ben, cleo } = await plainTrio(42)
    const dora = await world.join(anna, "Dora", "editor")
    for (const other of [ben, cleo, dora]) await world.sync(anna, other)
    const device = ben.identity.id
    const suspended = await anna.replica.act(async author => ({
      type: "suspend",
      device,
      taking: await author.taking({ type: "suspend", device }),
    }))
    expect(suspended.ok).toBe(true)
    await writeItem(ben, "meanwhile")
    const content = await newsFor(ben, anna)
    await cleo.replica.receive(await newsFor(anna, cleo))
    await cleo.replica.receive(content)
    expect(await itemsOf(cleo)).toEqual([])
    expect((await anna.replica.act({ type: "resume", device })).ok).toBe(true)
    for (const other of [cleo, dora]) await other.replica.receive(await newsFor(anna, other))
    await dora.replica.receive(content)
    for (const other of [cleo, dora]) expect(await itemsOf(other)).toEqual(["meanwhile"])
  })
})
