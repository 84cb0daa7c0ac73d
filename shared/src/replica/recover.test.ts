import "@automerge/automerge"
import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { type CircleId, type GroupId, type IncarnationId, bytesToHex } from "../base/index.js"
import { circleIdOf, deviceIdOf, rekeyPlans, rekeysOf } from "../access/index.js"
import { createForger } from "../testing/forger.js"
import { createMemoryArchive } from "../testing/memory-archive.js"
import { createMemoryStore } from "../testing/memory-store.js"
import { itemsOf, noteKey, writeItem } from "../testing/notes-of.js"
import { createPlainSealer } from "../testing/plain-sealer.js"
import { type TestDevice, type TestFamily, createTestFamily, silentLog } from "../testing/test-family.js"
import { type Author, firstRekey } from "./author.js"
import { foundFamily } from "./found.js"
import { ingestAll, openGroupSession } from "./group-session.js"
import type { DeviceIdentity } from "./identity.js"
import { type RecoveryIdentity, recoverFamily, recoveryNote } from "./recover.js"
import { openReplica } from "./replica.js"
import { recoveryRoomOf } from "./rooms.js"

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest())

/** A family of two whose phrase is known, and a device that the phrase has let in without them. */
const recovered = async (
  meanwhile: (world: TestFamily, anna: TestDevice) => Promise<unknown> = () => Promise.resolve(),
) => {
  const world = createTestFamily({
    seed: 21,
    sealer: random => createPlainSealer({ sha256, randomBytes: n => random.bytes(n) }),
  })
  const { sealer, random, clock } = world
  const newIdentity = (): DeviceIdentity => {
    const secrets = { signing: random.bytes(32), wrap: random.bytes(32), link: random.bytes(32) }
    const keys = {
      signing: sealer.signingKeyOf(secrets.signing),
      wrap: sealer.agreementKeyOf(secrets.wrap),
      link: sealer.agreementKeyOf(secrets.link),
    }
    return { id: deviceIdOf(keys, sealer.hash), keys, secrets }
  }
  const secrets = { signing: random.bytes(32), wrap: random.bytes(32) }
  const recovery = {
    secrets,
    keys: { signing: sealer.signingKeyOf(secrets.signing), wrap: sealer.agreementKeyOf(secrets.wrap) },
  }
  const open = async (
    name: string,
    identity: DeviceIdentity,
    logKey: Uint8Array,
    store = createMemoryStore(),
    archive = createMemoryArchive(random.bytes(16)),
  ): Promise<TestDevice> => {
    const incarnation = bytesToHex(random.bytes(16)) as IncarnationId
    const replica = await openReplica(
      { sealer, random, clock, log: silentLog, store, archive },
      { identity, logKey, incarnation, isKeeper: false, slot: 0 },
    )
    return { name, identity, store, archive, logKey, isKeeper: false, incarnation, replica }
  }

  const identity = newIdentity()
  const founded = await foundFamily({ sealer, random }, identity, recovery)
  const store = createMemoryStore()
  await store.write(founded.changes)
  const anna = await open("Anna", identity, founded.logKey, store)
  const ben = await world.join(anna, "Ben", "editor")
  await writeItem(anna, "from before")
  await world.sync(anna, ben)

  await meanwhile(world, anna)
  const backup = createMemoryArchive(random.bytes(16))
  await backup.append((await anna.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles)
  const fresh = newIdentity()
  const found = await recoverFamily({ sealer }, backup, recovery, fresh)
  if (!found.ok) throw new Error(found.error.type)
  const newStore = createMemoryStore()
  for (const { id, bytes } of found.value.operations) {
    await newStore.write([{ type: "Put", key: ["operation", id], value: bytes }])
  }
  const phrase = await open("Phrase", fresh, found.value.logKey, newStore, backup)
  return { world, anna, ben, phrase, recovery, admission: found.value.admission }
}

describe("the phrase", () => {
  it("[P93] that another one has replaced lets nobody in, and it is said so", async () => {
    const { world, anna, recovery } = await recovered()
    const state = anna.replica.session.state()
    const keys = { signing: world.random.bytes(32), wrap: world.random.bytes(32) }
    const plans = rekeyPlans(state, anna.identity.id, { type: "setRecovery" })
    const rekeys = plans.map(plan => ({
      ...firstRekey(world.sealer, plan.circle, world.random.bytes(32), [], keys),
      replaces: plan.replaces,
    }))
    const wrapped = rekeys.map(rekey => ({
      ...rekey,
      wraps: plans
        .filter(({ circle }) => circle === rekey.circle)
        .flatMap(({ to }) => to)
        .map(to => ({ circle: rekey.circle, epoch: rekey.epoch, to, sealed: Uint8Array.of(1) })),
    }))
    const body = { type: "setRecovery", recovery: keys, rekeys: wrapped, cuts: [] } as const
    expect(await anna.replica.act(body)).toMatchObject({ ok: true })
    const found = await recoverFamily(world, anna.archive, recovery, anna.identity)
    expect(found).toEqual({ ok: false, error: { type: "PhraseReplaced" } })
  })
})

const newPhrase = ({ sealer, random }: TestFamily): RecoveryIdentity => {
  const secrets = { signing: random.bytes(32), wrap: random.bytes(32) }
  return {
    secrets,
    keys: { signing: sealer.signingKeyOf(secrets.signing), wrap: sealer.agreementKeyOf(secrets.wrap) },
  }
}

/** The epochs that a phrase opens on a device that never was in the family. */
const openedBy = async (world: TestFamily, device: TestDevice, recovery: RecoveryIdentity) => {
  const found = await recoverFamily(world, device.archive, recovery, device.identity)
  if (!found.ok) return found.error.type
  const { replica } = device
  // Nothing is sealed to these secrets: what is opened, the phrase has opened.
  const { secrets } = newPhrase(world)
  const identity = { ...device.identity, secrets: { ...secrets, link: secrets.wrap } }
  const own = { identity, logKey: found.value.logKey }
  const session = await openGroupSession(world, own, found.value.operations.slice(0, 1))
  await ingestAll(
    session,
    world.sealer,
    found.value.operations.map(({ bytes }) => bytes),
  )
  for (const { body } of session.log.operations())
    for (const rekey of rekeysOf(body)) session.keyring.recover(recovery.secrets.wrap, rekey)
  const epochs = [...replica.session.state().circles.values()].flatMap(({ epochs: all }) => [...all.keys()])
  return epochs.filter(epoch => session.keyring.epochKey(epoch) !== undefined).length === epochs.length
}

/** Ben becomes an admin, and makes a circle that nobody else reads. */
const circleOfHisOwn = async (world: TestFamily, anna: TestDevice, ben: TestDevice): Promise<CircleId> => {
  const member = ben.replica.session.state().devices.get(ben.identity.id)?.member
  if (member === undefined) throw new Error("no member")
  await anna.replica.act(author => author.setRole(member, "admin"))
  await world.sync(anna, ben)
  const circle = circleIdOf(
    ben.replica.group,
    ben.identity.id,
    ben.replica.session.log.nextSeq(ben.identity.id),
    world.sealer.hash,
  )
  const change = { type: "circle", circle, add: [member], remove: [] } as const
  const created = await ben.replica.act(async author => ({
    ...change,
    wraps: [],
    taking: await author.taking(change),
  }))
  expect(created).toMatchObject({ ok: true })
  await world.sync(anna, ben)
  return circle
}

describe("a phrase that takes the place of another", () => {
  it("[P96][P94a] opens all that the old one opened, in another room, and the old one does nothing any more", async () => {
    const { world, anna, ben, recovery } = await recovered()
    const next = newPhrase(world)
    const roomBefore = recoveryRoomOf(world.sealer, anna.replica.session.state().recovery)
    expect(await anna.replica.phrase.replace(next, recovery)).toMatchObject({ ok: true })
    await world.sync(anna, ben)
    await writeItem(ben, "under the new key")
    await world.sync(anna, ben)
    expect(await itemsOf(anna)).toEqual(["from before", "under the new key"])
    expect(await openedBy(world, ben, next)).toBe(true)
    expect(await openedBy(world, ben, recovery)).toBe("PhraseReplaced")
    expect(ben.replica.phrase.isCurrent(next)).toBe(true)
    expect(recoveryRoomOf(world.sealer, ben.replica.session.state().recovery)).not.toEqual(roomBefore)
    // What the old one signs behind that is nothing.
    const remove = (author: Author) => author.removeDevice(anna.identity.id)
    expect(await ben.replica.phrase.act(recovery, remove)).toEqual({
      ok: false,
      error: { type: "WrongPhrase" },
    })
  })

  it("[P96] is made by the founder when the old one is lost, and by nobody else", async () => {
    const { world, anna, ben } = await recovered()
    const next = newPhrase(world)
    const before = (await ben.archive.count()).bundles
    expect(await ben.replica.phrase.replace(next, undefined)).toEqual({
      ok: false,
      error: { type: "Refused", reason: "RankTooLow" },
    })
    expect(await ben.replica.phrase.replace(next, newPhrase(world))).toEqual({
      ok: false,
      error: { type: "WrongPhrase" },
    })
    // Nor is there a note that would lead nowhere.
    expect((await ben.archive.count()).bundles).toBe(before)
    expect(await anna.replica.phrase.replace(next, undefined)).toMatchObject({ ok: true })
    expect(await openedBy(world, anna, next)).toBe(true)
  })

  it("[P96a] reaches a circle that the founder does not read as soon as somebody writes there", async () => {
    const { world, anna, ben, recovery } = await recovered()
    const circle = await circleOfHisOwn(world, anna, ben)
    const next = newPhrase(world)
    // Without the old phrase: the founder has no key of that circle.
    expect(await anna.replica.phrase.replace(next, undefined)).toMatchObject({ ok: true })
    await world.sync(anna, ben)
    expect(await openedBy(world, ben, next)).toBe(false)
    const key = ben.replica.keyFor("notes", "secret", circle)
    const written = await ben.replica.change(key, draft => {
      Object.assign(draft as object, { title: "only mine" })
    })
    expect(written.ok).toBe(true)
    expect(await openedBy(world, ben, next)).toBe(true)
    expect(await openedBy(world, ben, recovery)).toBe("PhraseReplaced")
  })
})

describe("the phrase itself", () => {
  it("[P97] removes the founder's first device, whatever its rank", async () => {
    const { world, anna, ben, phrase, recovery, admission } = await recovered()
    await phrase.replica.actAs(admission)
    await world.sync(phrase, ben)
    const isLive = () => ben.replica.session.state().devices.get(anna.identity.id)?.live
    const remove = (author: Author) => author.removeDevice(anna.identity.id)
    expect(await ben.replica.act(remove)).toMatchObject({ ok: false })
    expect(isLive()).toBe(true)
    expect(await ben.replica.phrase.act(recovery, remove)).toMatchObject({ ok: true })
    expect(isLive()).toBe(false)
    await world.sync(phrase, ben)
    await writeItem(phrase, "goes on")
    await world.sync(phrase, ben)
    expect(await itemsOf(ben)).toEqual(["from before", "goes on"])
  })
})

describe("what the phrase opens", () => {
  it("[P97] for an act of its own stays in no keyring", async () => {
    const { world, anna, ben, recovery } = await recovered()
    const circle = await circleOfHisOwn(world, anna, ben)
    const remove = (author: Author) => author.removeDevice(ben.identity.id)
    expect(await anna.replica.phrase.act(recovery, remove)).toMatchObject({ ok: true })
    const epochs = [...(anna.replica.session.state().circles.get(circle)?.epochs.keys() ?? [])]
    // The removal has renewed the key of a circle that she does not read.
    expect(epochs).toHaveLength(2)
    expect(epochs.map(epoch => anna.replica.session.keyring.epochKey(epoch))).toEqual([undefined, undefined])
  })
})

describe("what somebody who once belonged leaves", () => {
  it("[P95] under the log's keys is opened before it is kept, and what is finally refused is not kept", async () => {
    const { world, anna, ben } = await recovered()
    const forger = await createForger(world, ben, "log")
    const { log, open } = anna.replica.session.keyring
    const before = (await anna.archive.count()).bundles
    for (const [key, parts] of [
      [log.key, { kind: "operation" as const, payload: Uint8Array.of(1, 2, 3) }],
      [log.key, { kind: "recovery" as const, payload: Uint8Array.of(1) }],
      [open.key, { kind: "operation" as const, payload: Uint8Array.of(1, 2, 3) }],
    ] as const) {
      const { bytes } = await forger.seal(noteKey(ben), { document: undefined, key, ...parts })
      const { added, refused } = await anna.replica.receive([bytes])
      expect([added.length, Object.values(refused)]).toEqual([0, [1]])
    }
    expect((await anna.archive.count()).bundles).toBe(before)
  })

  it("[P91] a note that the recovery key has not signed keeps the phrase from nothing", async () => {
    const { world, anna, ben, recovery } = await recovered()
    const forger = await createForger(world, ben, "log")
    const other = {
      group: "0f".repeat(32) as GroupId,
      logKey: world.random.bytes(32),
    }
    // A member knows the recovery key's public half, and what stands in a note; he cannot sign as it does.
    const claimed: RecoveryIdentity = {
      keys: recovery.keys,
      secrets: { ...recovery.secrets, signing: world.random.bytes(32) },
    }
    const { bytes } = await forger.seal(noteKey(ben), {
      kind: "recovery",
      document: undefined,
      key: anna.replica.session.keyring.open.key,
      payload: await recoveryNote(world.sealer, claimed, other),
    })
    const { added } = await anna.replica.receive([bytes])
    expect(added).toHaveLength(1)
    // Whatever lies first.
    const archive = createMemoryArchive(world.random.bytes(16))
    await archive.append([...added, ...(await anna.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles])
    const found = await recoverFamily(world, archive, recovery, ben.identity)
    expect(found).toMatchObject({ ok: true, value: { group: anna.replica.group } })
  })
})

describe("a device that the phrase let in", () => {
  it("[P66] reads what was sealed under the key of a void epoch as well", async () => {
    const { anna, phrase, admission } = await recovered(async (world, anna) => {
      const [cleo, dan] = [await world.join(anna, "Cleo", "user"), await world.join(anna, "Dan", "admin")]
      for (const other of [cleo, dan]) await world.sync(anna, other)
      const body = await dan.replica.author.rekeyBody(dan.replica.everyone())
      expect(body && (await dan.replica.act(body)).ok).toBe(true)
      await anna.replica.act(author => author.removeDevice(dan.identity.id))
      await world.sync(dan, cleo)
      await writeItem(cleo, "under a void key")
      await world.sync(cleo, anna)
    })
    expect(await phrase.replica.actAs(admission)).toMatchObject({ ok: true })
    expect(await itemsOf(phrase)).toEqual(["from before", "under a void key"])
    expect(await itemsOf(phrase)).toEqual(await itemsOf(anna))
  })

  it("[P92] is taken in by the others, over a link and from a room", async () => {
    const { world, ben, anna, phrase, admission } = await recovered()
    expect(await phrase.replica.actAs(admission)).toMatchObject({ ok: true })
    await writeItem(phrase, "from the phrase")
    // Ben does not know who calls.
    await world.sync(phrase, ben)
    expect(await itemsOf(ben)).toEqual(["from before", "from the phrase"])
    // In a room everything comes without introduction.
    const { bundles } = await phrase.archive.readSince(0, Number.MAX_SAFE_INTEGER)
    const received = await anna.replica.receive(bundles.map(({ bundle }) => bundle.bytes))
    expect(received.parked).toBe(0)
    expect(await itemsOf(anna)).toEqual(["from before", "from the phrase"])
    expect(anna.replica.session.state().devices.get(phrase.identity.id)?.live).toBe(true)
  })

  it("[P92] a stranger's admission of himself is neither taken nor stored", async () => {
    const { world, ben, phrase, admission } = await recovered()
    const altered = admission.slice()
    altered[altered.length - 40] = (altered[altered.length - 40] ?? 0) ^ 1
    const forger = await createForger(world, phrase)
    const { key } = phrase.replica.session.keyring.log
    const certificate = { type: "Full" as const, bytes: await forger.certify({ circle: undefined }) }
    for (const [payload, isTaken] of [
      [altered, false],
      [admission, true],
    ] as const) {
      const { bytes } = await forger.seal(noteKey(phrase), {
        kind: "operation",
        document: undefined,
        payload,
        key,
        certificate,
      })
      const before = await ben.archive.count()
      const { added, operations } = await ben.replica.introduce([bytes])
      expect([added.length, operations.length]).toEqual(isTaken ? [1, 1] : [0, 0])
      expect((await ben.archive.count()).bundles - before.bundles).toBe(isTaken ? 1 : 0)
    }
  })
})
