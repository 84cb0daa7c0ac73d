import "@automerge/automerge"
import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { type Store, type StoreChange, bytesToHex, type IncarnationId } from "../base/index.js"
import { createForger } from "../testing/forger.js"
import { itemsOf, noteKey, writeItem } from "../testing/notes-of.js"
import { createPlainSealer } from "../testing/plain-sealer.js"
import { type TestDevice, type TestFamily, createTestFamily, silentLog } from "../testing/test-family.js"
import { parseBody } from "../wire/index.js"
import { openReplica } from "./replica.js"

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest())
const family = (seed = 1): TestFamily =>
  createTestFamily({
    seed,
    sealer: random => createPlainSealer({ sha256, randomBytes: n => random.bytes(n) }),
  })

const newsFor = async (from: TestDevice, to: TestDevice): Promise<readonly Uint8Array[]> => {
  const known = new Set(
    (await to.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles.map(({ hash }) => hash),
  )
  const all = (await from.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles
  return all.filter(({ hash }) => !known.has(hash)).map(({ bundle }) => bundle.bytes)
}
const trio = async (seed?: number) => {
  const world = family(seed)
  const anna = await world.found("Anna")
  const ben = await world.join(anna, "Ben", "editor")
  const cleo = await world.join(anna, "Cleo", "editor")
  for (const other of [ben, cleo]) await world.sync(anna, other)
  return { world, anna, ben, cleo }
}
const memberOf = (device: TestDevice) => {
  const member = device.replica.session.state().devices.get(device.identity.id)?.member
  if (member === undefined) throw new Error("not a member")
  return member
}
const readableSealer = createPlainSealer({ sha256, randomBytes: n => new Uint8Array(n) })
/** A store whose disk fails, or whose process dies, from a chosen write on. */
const fragile = (
  store: Store,
): Store & { dieAt(isFatal: (changes: readonly StoreChange[]) => boolean): void } => {
  let isFatal: (changes: readonly StoreChange[]) => boolean = () => false
  return {
    ...store,
    write: changes =>
      isFatal(changes) ? Promise.reject(new Error("the process died")) : store.write(changes),
    dieAt: at => (isFatal = at),
  }
}
/** The device over another store or archive, as if it had been moved there. */
const over = async (
  world: TestFamily,
  device: TestDevice,
  parts: Partial<TestDevice>,
): Promise<TestDevice> => {
  const bare = { ...device, ...parts }
  const replica = await openReplica(
    {
      sealer: world.sealer,
      random: world.random,
      clock: world.clock,
      log: silentLog,
      store: bare.store,
      archive: bare.archive,
    },
    { ...bare, recoveryRoom: new Uint8Array(32), slot: 0 },
  )
  return { ...bare, replica }
}

describe("the crash rule", () => {
  it("[P12] an operation that was not sealed when the process died was never made", async () => {
    const { world, anna, ben } = await trio()
    let isDead = false
    const archive = {
      ...anna.archive,
      append: (bundles: Parameters<typeof anna.archive.append>[0]) =>
        isDead ? Promise.reject(new Error("died")) : anna.archive.append(bundles),
    }
    const mortal = await over(world, anna, { archive })
    isDead = true
    await expect(mortal.replica.act(author => author.removeDevice(ben.identity.id))).rejects.toThrow("died")
    isDead = false
    await world.reopen(mortal)
    expect(mortal.replica.session.state().devices.get(ben.identity.id)?.live).toBe(true)
    // What is made afterwards rests on nothing that the others never get.
    await writeItem(mortal, "after")
    await world.sync(mortal, ben)
    expect(await itemsOf(ben)).toEqual(["after"])
  })

  it("[P13] an operation and what it set free are kept together: no crash leaves the one without the other", async () => {
    const { world, anna, ben, cleo } = await trio()
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    const operations = await newsFor(anna, cleo)
    await writeItem(anna, "under the new key")
    const content = (await newsFor(anna, cleo)).filter(bytes => !operations.some(other => other === bytes))
    const store = fragile(cleo.store)
    const mortal = await over(world, cleo, { store })
    await mortal.replica.receive(content.slice(-1))
    // The process dies at the write behind the one that holds the operation.
    let writes = 0
    store.dieAt(() => (writes += 1) > 1)
    await mortal.replica.receive(operations).catch(() => undefined)
    store.dieAt(() => false)
    await world.reopen(mortal)
    expect(await itemsOf(mortal)).toEqual(["under the new key"])
  })

  it("[P14] the same sealed bytes are sent again after a restart, and no number is used twice", async () => {
    const { world, anna, ben } = await trio()
    await writeItem(anna, "one")
    const [feed] = await anna.replica.feedsOf(anna.identity.id, anna.replica.everyone())
    if (feed === undefined) throw new Error("no feed")
    const before = await anna.archive.read(feed, 1, 1 << 20)
    await world.reopen(anna)
    await writeItem(anna, "two")
    const after = await anna.archive.read(feed, 1, 1 << 20)
    expect(after.slice(0, before.length).map(({ bundle }) => bundle.bytes)).toEqual(
      before.map(({ bundle }) => bundle.bytes),
    )
    expect(after.map(({ bundle }) => bundle.seq)).toEqual([1, 2])
    expect(bytesToHex(after[1]?.bundle.prev ?? new Uint8Array(0))).toBe(after[0]?.hash)
    await world.sync(anna, ben)
    expect(await itemsOf(ben)).toEqual(["one", "two"])
  })
})

describe("late edits", () => {
  const late = async (seed = 3) => {
    const all = await trio(seed)
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
    const mortal = await over(world, cleo, { store })
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
    const { world, anna, ben, cleo } = await trio(4)
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
    const world = family(9)
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
    const { world, anna, ben } = await trio(10)
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
    const { world, anna, ben, cleo } = await trio(11)
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
})

describe("keys", () => {
  const tagsOf = async (device: TestDevice): Promise<readonly string[]> =>
    (await device.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles.map(({ bundle }) => bundle.epochTag)

  it("[P60] nothing is sealed under a key that a removed device holds, whatever the writer's role", async () => {
    const { world, anna, ben, cleo } = await trio(12)
    const held = new Set(ben.replica.session.keyring.tags())
    // A device that Anna removed; the circle's key has not moved because the removal is not the writer's own.
    await anna.replica.act(author => author.removeMember(memberOf(ben)))
    await world.sync(anna, cleo)
    const before = (await tagsOf(cleo)).length
    await writeItem(cleo, "secret")
    const fresh = (await tagsOf(cleo))
      .slice(before)
      .filter(tag => tag !== cleo.replica.session.keyring.log.tag)
    expect(fresh.length).toBeGreaterThan(0)
    for (const tag of fresh) expect(held.has(tag)).toBe(false)
  })

  it("[P61] whoever joins reads all of the history with one key, also what was sealed while several heads stood", async () => {
    const world = family(13)
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "admin")
    await world.sync(anna, ben)
    await writeItem(anna, "first epoch")
    await world.sync(anna, ben)
    // Two rekeys that do not know of each other.
    for (const admin of [anna, ben]) {
      const body = await admin.replica.author.rekeyBody(admin.replica.everyone())
      expect(body && (await admin.replica.act(body)).ok).toBe(true)
    }
    // Ben hears of Anna's and writes under both, before anybody has healed.
    const heads = () => ben.replica.session.state().circles.get(ben.replica.everyone())?.heads.length
    await ben.replica.receive(await newsFor(anna, ben))
    expect(heads()).toBe(2)
    await writeItem(ben, "under two heads")
    expect(heads()).toBe(2)
    await world.sync(ben, anna)
    await world.sync(anna, ben)
    expect(heads()).toBe(1)
    const late = await world.join(anna, "Fay", "user")
    await world.sync(anna, late)
    expect(await itemsOf(late)).toEqual(["first epoch", "under two heads"])
  })

  it("[P61] what was sealed under heads that never stood together here is read all the same", async () => {
    const world = family(17)
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "admin")
    const cleo = await world.join(anna, "Cleo", "user")
    const dora = await world.join(anna, "Dora", "user")
    for (const other of [ben, cleo, dora]) await world.sync(anna, other)
    const rekey = async (admin: TestDevice): Promise<void> => {
      const body = await admin.replica.author.rekeyBody(admin.replica.everyone())
      expect(body && (await admin.replica.act(body)).ok).toBe(true)
    }
    await rekey(anna)
    await rekey(ben)
    // Cleo knows one rekey of each, and writes under both.
    for (const admin of [anna, ben]) await cleo.replica.receive(await newsFor(admin, cleo))
    expect(cleo.replica.session.state().circles.get(cleo.replica.everyone())?.heads.length).toBe(2)
    await writeItem(cleo, "under the two")
    // Anna has gone on to a third epoch before Dora hears of Ben's.
    await rekey(anna)
    for (const other of [anna, ben, cleo]) await dora.replica.receive(await newsFor(other, dora))
    expect(await itemsOf(dora)).toEqual(["under the two"])
  })

  it("[P62] a device that was admitted beside a rekey gets its wrap from anyone who holds the key", async () => {
    const world = family(14)
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "admin")
    const dora = await world.join(anna, "Dora", "user")
    await world.sync(anna, ben)
    await ben.replica.act(author => author.removeMember(memberOf(dora)))
    const eve = await world.join(anna, "Eve", "user")
    await writeItem(ben, "under a key that Eve has not")
    await world.sync(anna, ben)
    await world.sync(anna, ben)
    await world.sync(anna, eve)
    expect(await itemsOf(eve)).toEqual(["under a key that Eve has not"])
  })

  it("[P63] the first bundle of a feed in an epoch carries its certificate whole, the next ones its hash", async () => {
    const { anna, ben } = await trio(15)
    await writeItem(anna, "1")
    await writeItem(anna, "2")
    await anna.replica.act(author => author.removeDevice(ben.identity.id))
    await writeItem(anna, "3")
    const [feed] = await anna.replica.feedsOf(anna.identity.id, anna.replica.everyone())
    const kinds: (string | undefined)[] = []
    for (const { bundle } of feed === undefined ? [] : await anna.archive.read(feed, 1, 1 << 20)) {
      const key = anna.replica.session.keyring.keyOf(bundle.epochTag)
      const plain = key && readableSealer.openBundle(bundle, key.key)
      kinds.push(plain && parseBody(plain)?.certificate.type)
    }
    expect(kinds).toEqual(["Full", "Hash", "Full"])
  })
})

describe("a profile", () => {
  it("[P42] that is moved goes on under a new incarnation with a feed of its own", async () => {
    const { world, anna } = await trio(16)
    await writeItem(anna, "before")
    const moved = await over(world, anna, {
      incarnation: "0c".repeat(16) as IncarnationId,
      store: anna.store,
      archive: anna.archive,
    })
    await writeItem(moved, "after")
    expect(await moved.replica.feedsOf(anna.identity.id, anna.replica.everyone())).toHaveLength(2)
    expect(await itemsOf(moved)).toEqual(["after", "before"])
  })
})
