import "@automerge/automerge"
import { deflateRawSync } from "node:zlib"
import * as A from "@automerge/automerge"
import { createSealer } from "@home/crypto"
import {
  type ActorId,
  type CircleId,
  type FeedId,
  type GroupId,
  type OperationId,
  ByteWriter,
  bytesToHex,
  concatBytes,
  hexToBytes,
} from "@home/shared/base"
import {
  type Forger,
  type TestDevice,
  type TestFamily,
  createForger,
  createTestFamily,
  itemsOf,
  noteKey,
  tryWrite,
  writeItem,
} from "@home/shared/testing"
import { encodeChanges, parseBody, parseBundle } from "@home/shared/wire"
import { beforeAll, describe, expect, it } from "vitest"

const family = (seed: number): TestFamily =>
  createTestFamily({ seed, sealer: random => createSealer({ random }) })

let world: TestFamily
let anna: TestDevice
let ben: TestDevice
let cleo: TestDevice
let forger: Forger
let count = 0
/** A note that no other test looks at. */
const freshNote = (): string => (count += 1).toString(16).padStart(32, "a")

beforeAll(async () => {
  world = family(1)
  anna = await world.found("Anna")
  ben = await world.join(anna, "Ben", "editor")
  cleo = await world.join(anna, "Cleo", "editor")
  await world.sync(anna, ben)
  await world.sync(anna, cleo)
})

const expectRefused = async (bytes: Uint8Array, reason: string, name: string): Promise<void> => {
  const received = await anna.replica.receive([bytes])
  expect(received.refused).toEqual({ [reason]: 1 })
  expect(await itemsOf(anna, name)).toEqual([])
}

describe("a bundle of a member who cheats", () => {
  it("[P1] counts when nothing is wrong with it: the forger's tools are sound", async () => {
    const name = freshNote()
    forger = await createForger(world, ben)
    const key = noteKey(ben, name)
    const { bytes } = await forger.seal(key, { changes: [forger.edit(key, "fine")] })
    expect((await anna.replica.receive([bytes])).refused).toEqual({})
    expect(await itemsOf(anna, name)).toEqual(["fine"])
  })

  it("[P2] with any byte altered is refused before it is stored", async () => {
    const key = noteKey(ben, freshNote())
    const forger = await createForger(world, ben)
    const { bytes } = await forger.seal(key, { changes: [forger.edit(key, "altered")] })
    const before = (await anna.archive.count()).bundles
    for (let at = 0; at < bytes.length; at += 7) {
      const altered = bytes.slice()
      altered[at] = (altered[at] ?? 0) ^ 0x10
      const { refused, added } = await anna.replica.receive([altered])
      expect(Object.values(refused)).toEqual([1])
      expect(added).toEqual([])
    }
    expect((await anna.archive.count()).bundles).toBe(before)
  })

  it("[P3] under a certificate that the device did not sign is refused", async () => {
    const name = freshNote()
    const key = noteKey(ben, name)
    const forger = await createForger(world, ben)
    const changes = [forger.edit(key, "forged")]
    const asCleo = await forger.certify({ device: cleo.identity.id })
    await expectRefused(
      (await forger.seal(key, { changes, certificate: { type: "Full", bytes: asCleo } })).bytes,
      "BadCertificate",
      name,
    )
    const garbled = forger.certificate.slice()
    garbled[176] = (garbled[176] ?? 0) ^ 1
    await expectRefused(
      (await forger.seal(key, { changes, certificate: { type: "Full", bytes: garbled } })).bytes,
      "BadCertificate",
      name,
    )
  })

  it("[P3] in one's own feed with the victim's certificate is refused, whole or by its hash", async () => {
    const name = freshNote()
    const key = noteKey(ben, name)
    await writeItem(cleo, "mine", name)
    await world.sync(cleo, anna)
    const [feed] = await anna.replica.feedsOf(cleo.identity.id, anna.replica.everyone())
    const [first] = await anna.archive.read(feed as FeedId, 1, 1)
    const sealing = anna.replica.session.keyring.keyOf(first?.bundle.epochTag ?? "")
    const plain = first && sealing && world.sealer.openBundle(first.bundle, sealing.key)
    const body = plain && parseBody(plain)
    if (body?.certificate.type !== "Full") throw new Error("a certificate")
    const forger = await createForger(world, ben)
    const hash = bytesToHex(world.sealer.hash("certificate", body.certificate.bytes))
    for (const certificate of [body.certificate, { type: "Hash" as const, hash }]) {
      // Cleo's bundle sealed again, and Ben's own words under her name.
      for (const payload of [body.payload, encodeChanges([forger.edit(key, "hers?")])]) {
        const { bytes } = await forger.seal(key, { certificate, payload })
        expect((await anna.replica.receive([bytes])).refused).toEqual({ BadCertificate: 1 })
      }
    }
    expect(await itemsOf(anna, name)).toEqual(["mine"])
  })

  it("[P4] that holds another's changes under one's own certificate is refused", async () => {
    const name = freshNote()
    const key = noteKey(ben, name)
    await writeItem(cleo, "mine", name)
    await world.sync(cleo, ben)
    const victims = await ben.replica.read(key, doc => A.getAllChanges(doc as A.Doc<unknown>).slice(-1))
    const forger = await createForger(world, ben)
    const { bytes } = await forger.seal(key, { changes: victims })
    await expectRefused(bytes, "ForeignActor", name)
  })

  it("[P4] that claims another's actor, another slot's, document's or incarnation's is refused", async () => {
    const name = freshNote()
    const key = noteKey(ben, name)
    const forger = await createForger(world, ben)
    const other = await createForger(world, ben)
    const ofCleo = (await createForger(world, cleo)).actor(key)
    const actors: readonly ActorId[] = [
      ofCleo,
      forger.actor(key, 1),
      forger.actor(noteKey(ben, freshNote())),
      other.actor(key),
    ]
    for (const actor of actors) {
      const { bytes } = await forger.seal(key, { changes: [forger.edit(key, "claimed", { actor })] })
      await expectRefused(bytes, "ForeignActor", name)
    }
  })

  it("[P4] with one foreign change among good ones is refused whole", async () => {
    const name = freshNote()
    const key = noteKey(ben, name)
    const forger = await createForger(world, ben)
    const own = forger.edit(key, "own")
    const foreign = forger.edit(key, "foreign", { actor: (await createForger(world, cleo)).actor(key) })
    for (const changes of [
      [own, foreign],
      [foreign, own],
    ]) {
      await expectRefused((await forger.seal(key, { changes })).bytes, "ForeignActor", name)
    }
  })

  it("[P5] with a change appended behind a valid one, a document, a bundle of changes or bytes behind it is refused", async () => {
    const name = freshNote()
    const key = noteKey(ben, name)
    const forger = await createForger(world, ben)
    const own = forger.edit(key, "own")
    const foreign = forger.edit(key, "foreign", { actor: (await createForger(world, cleo)).actor(key) })
    const doc = A.applyChanges(A.init<unknown>(), [own])[0]
    const full = A.load<Record<string, unknown>>(
      A.save(A.from<Record<string, unknown>>({ a: 1 }, { actor: forger.actor(key) })),
    )
    const bundled = A.saveBundle(full, A.getHeads(full))
    for (const block of [
      concatBytes(own, foreign),
      concatBytes(own, own),
      concatBytes(own, Uint8Array.of(0)),
      A.save(full),
      A.save(doc),
      bundled,
      new Uint8Array(0),
    ]) {
      await expectRefused((await forger.seal(key, { changes: [block] })).bytes, "BadChange", name)
    }
  })

  it("[P5] whose payload inflates to gigabytes, or claims 2^40 operations, is refused in bounded memory", async () => {
    const name = freshNote()
    const key = noteKey(ben, name)
    const forger = await createForger(world, ben)
    const megabyte = new Uint8Array(deflateRawSync(new Uint8Array(1024 * 1024), { finishFlush: 2 }))
    const gigabytes = concatBytes(...Array.from({ length: 1024 }, () => megabyte), Uint8Array.of(3, 0))
    const payload = new ByteWriter()
      .u32(32 * 1024 * 1024)
      .bytes(gigabytes)
      .done()
    const before = process.memoryUsage().rss
    await expectRefused((await forger.seal(key, { payload })).bytes, "BadChange", name)
    // A column that says "2^40 times": 6 bytes of run length and a value.
    const actor = hexToBytes(forger.actor(key)) ?? new Uint8Array(0)
    const content = concatBytes(
      Uint8Array.of(0, 16),
      actor,
      Uint8Array.of(1, 1, 0, 0, 0, 1, 0x42, 7, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 1),
    )
    const hash = world.sealer.sha256(concatBytes(Uint8Array.of(1, content.length), content))
    const claim = concatBytes(
      Uint8Array.of(0x85, 0x6f, 0x4a, 0x83),
      hash.subarray(0, 4),
      Uint8Array.of(1, content.length),
      content,
    )
    await expectRefused((await forger.seal(key, { changes: [claim] })).bytes, "BadChange", name)
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024)
  })

  it("[P5] whose changes Automerge cannot read, or that rest on nothing, is refused", async () => {
    const name = freshNote()
    const key = noteKey(ben, name)
    const forger = await createForger(world, ben)
    const { hash: _, ...decoded } = A.decodeChange(forger.edit(key, "x"))
    const resting = A.encodeChange({ ...decoded, deps: [] } as never)
    await expectRefused((await forger.seal(key, { changes: [resting] })).bytes, "BadChange", name)
    // Columns of which the most important is missing: right in form, with the right hash.
    const actor = hexToBytes(forger.actor(key)) ?? new Uint8Array(0)
    const dep = hexToBytes(decoded.deps[0] ?? "") ?? new Uint8Array(0)
    const content = concatBytes(
      Uint8Array.of(1),
      dep,
      Uint8Array.of(16),
      actor,
      Uint8Array.of(1, 9, 0, 0, 0, 1, 0x42, 2, 1, 9),
    )
    const sum = world.sealer.sha256(concatBytes(Uint8Array.of(1, content.length), content))
    const unreadable = concatBytes(
      Uint8Array.of(0x85, 0x6f, 0x4a, 0x83),
      sum.subarray(0, 4),
      Uint8Array.of(1, content.length),
      content,
    )
    await expectRefused((await forger.seal(key, { changes: [unreadable] })).bytes, "BadChange", name)
  })

  it("[P6] whose change is impossible in content spoils no other document and stops nobody", async () => {
    const name = freshNote()
    const key = noteKey(ben, name)
    const forger = await createForger(world, ben)
    const { hash: _, ...decoded } = A.decodeChange(forger.edit(key, "x"))
    const secondWithoutFirst = A.encodeChange({ ...decoded, seq: 2 } as never)
    expect(
      (await anna.replica.receive([(await forger.seal(key, { changes: [secondWithoutFirst] })).bytes]))
        .refused,
    ).toEqual({})
    expect(await itemsOf(anna, name)).toEqual([])
    // Open on the screen, and hit by an operation on an object that does not exist.
    const hit = freshNote()
    const other = await createForger(world, ben)
    await anna.replica.open(noteKey(anna, hit))
    const ops = decoded.ops.map(op => ({ ...op, obj: `99@${other.actor(noteKey(ben, hit))}` }))
    const lost = A.encodeChange({ ...decoded, actor: other.actor(noteKey(ben, hit)), ops } as never)
    const { bytes } = await other.seal(noteKey(ben, hit), { changes: [lost] })
    const good = freshNote()
    const fine = await createForger(world, ben)
    const well = await fine.seal(noteKey(ben, good), { changes: [fine.edit(noteKey(ben, good), "fine")] })
    await anna.replica.receive([bytes, well.bytes])
    expect(await itemsOf(anna, good)).toEqual(["fine"])
    await world.reopen(anna)
    expect(await itemsOf(anna, good)).toEqual(["fine"])
    await writeItem(anna, "after", good)
    expect(await itemsOf(anna, good)).toEqual(["after", "fine"])
  })

  it("[P7] from another family is refused, or waits for a key that never comes", async () => {
    const strangers = family(2)
    const otto = await strangers.found("Otto")
    await writeItem(otto, "theirs")
    const { bundles } = await otto.archive.readSince(0, 1 << 20)
    const received = await anna.replica.receive(bundles.map(({ bundle }) => bundle.bytes))
    expect(received.refused).toEqual({ AnotherGroup: 1 }) // the recovery note, which everyone can open
    expect(received.parked).toBe(bundles.length - 1)
    const name = freshNote()
    const forger = await createForger(world, ben)
    const key = noteKey(ben, name)
    const group = otto.replica.group as GroupId
    await expectRefused(
      (await forger.seal(key, { group, changes: [forger.edit(key, "x")] })).bytes,
      "AnotherGroup",
      name,
    )
  })

  it("[P8] of one circle under another circle's key is refused", async () => {
    const name = freshNote()
    const key = noteKey(ben, name)
    const forger = await createForger(world, ben)
    const kids = "11".repeat(16) as CircleId
    const certificate = { type: "Full" as const, bytes: await forger.certify({ circle: kids }) }
    await expectRefused(
      (await forger.seal(key, { certificate, changes: [forger.edit(key, "x")] })).bytes,
      "WrongCircle",
      name,
    )
    // Content under the log's key, and in a feed of the log.
    const { keyring } = ben.replica.session
    const changes = [forger.edit(key, "y")]
    await expectRefused(
      (await forger.seal(key, { key: keyring.log.key, changes })).bytes,
      "WrongCircle",
      name,
    )
    const ofLog = await createForger(world, ben, "log")
    await expectRefused((await ofLog.seal(key, { changes: [ofLog.edit(key, "z")] })).bytes, "Malformed", name)
  })

  it("[P8] under the key that everyone has, unless it is a recovery note, is refused; and no note under another", async () => {
    const name = freshNote()
    const key = noteKey(ben, name)
    const ofLog = await createForger(world, ben, "log")
    const open = { key: ben.replica.session.keyring.open.key }
    await expectRefused(
      (await ofLog.seal(key, { ...open, changes: [ofLog.edit(key, "x")] })).bytes,
      "WrongCircle",
      name,
    )
    const operation = { kind: "operation" as const, document: undefined, payload: Uint8Array.of(1) }
    await expectRefused((await ofLog.seal(key, { ...open, ...operation })).bytes, "WrongCircle", name)
    await expectRefused(
      (await ofLog.seal(key, { kind: "recovery", document: undefined, payload: Uint8Array.of(1) })).bytes,
      "WrongCircle",
      name,
    )
    const forger = await createForger(world, ben)
    await expectRefused((await forger.seal(key, operation)).bytes, "WrongCircle", name)
  })

  it("[P9] that nobody can open with the right key is forged; a body that does not parse is malformed", async () => {
    const name = freshNote()
    const key = noteKey(ben, name)
    const forger = await createForger(world, ben)
    const sealed = await world.sealer.sealBundle({
      key:
        ben.replica.session.keyring.sealingKey(ben.replica.session.state(), ben.replica.everyone())?.key ??
        new Uint8Array(32),
      feedSeed: world.random.bytes(32),
      seq: 1,
      prev: new Uint8Array(32),
      body: Uint8Array.of(1, 2, 3),
    })
    await expectRefused(sealed.bytes, "Malformed", name)
    // Sealed under a key of the forger's own, with the tag of the circle's.
    const tag = parseBundle((await forger.seal(key, { changes: [] })).bytes)
    const wrong = await world.sealer.sealBundle({
      key: world.random.bytes(32),
      feedSeed: world.random.bytes(32),
      seq: 1,
      prev: new Uint8Array(32),
      body: Uint8Array.of(1),
    })
    expect(tag.ok && tag.value.epochTag === wrong.epochTag).toBe(false)
    expect((await anna.replica.receive([wrong.bytes])).parked).toBe(1)
  })
})

describe("a member without the right to write", () => {
  it("[P50] a guest that writes where it may not is not shown to anyone", async () => {
    const world = family(3)
    const anna = await world.found("Anna")
    const gus = await world.join(anna, "Gus", "editor")
    const cleo = await world.join(anna, "Cleo", "user")
    for (const other of [gus, cleo]) await world.sync(anna, other)
    const member = anna.replica.session.state().devices.get(gus.identity.id)?.member
    if (member === undefined) throw new Error("Gus")
    expect((await anna.replica.act(author => author.setRole(member, "guest"))).ok).toBe(true)
    await world.sync(anna, gus)
    expect(await tryWrite(gus, "honest program")).toMatchObject({ ok: false, error: { type: "NotAllowed" } })
    const forger = await createForger(world, gus)
    const key = noteKey(gus)
    const bundle = await forger.seal(key, { changes: [forger.edit(key, "own program")] })
    const backdated = await forger.seal(key, {
      changes: [forger.edit(key, "backdated", { base: [] })],
      groupHeads: [anna.replica.session.log.operations()[2]?.id as OperationId],
      slot: 0,
    })
    await world.sync(anna, cleo)
    for (const reader of [anna, cleo]) {
      await reader.replica.receive([bundle.bytes, backdated.bytes])
      expect(await itemsOf(reader)).toEqual([])
      expect((await reader.replica.late()).map(({ device }) => device)).toEqual([
        gus.identity.id,
        gus.identity.id,
      ])
    }
  })
})
