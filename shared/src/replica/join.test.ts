import { describe, expect, it } from "vitest"
import { type BundleHash, type MemberId, bytesToHex } from "../base/index.js"
import { createForger } from "../testing/forger.js"
import { createChannelPair } from "../testing/memory-channel.js"
import { noteKey } from "../testing/notes-of.js"
import { plainFamily } from "../testing/on-node/plain-family.js"
import { type TestDevice, type TestFamily } from "../testing/test-family.js"
import { parseBundle } from "../wire/index.js"
import { type HostOptions, hostJoin, requestJoin } from "./join.js"
import type { SecureChannel } from "./link-session.js"
import { deviceIdOf } from "../access/index.js"

const identityOf = ({ sealer, random }: TestFamily) => {
  const secrets = { signing: random.bytes(32), wrap: random.bytes(32), link: random.bytes(32) }
  const keys = {
    signing: sealer.signingKeyOf(secrets.signing),
    wrap: sealer.agreementKeyOf(secrets.wrap),
    link: sealer.agreementKeyOf(secrets.link),
  }
  return { id: deviceIdOf(keys, sealer.hash), keys, secrets }
}

/** Anna takes somebody in; `through` sees and may change what she says, message by message. */
const meet = (
  world: TestFamily,
  anna: TestDevice,
  options: Partial<HostOptions> = {},
  through: (bytes: Uint8Array, index: number) => Uint8Array = bytes => bytes,
) => {
  const [hostEnd, newEnd] = createChannelPair()
  let index = 0
  const counted: SecureChannel = { ...hostEnd, send: bytes => hostEnd.send(through(bytes, index++)) }
  const hosting = hostJoin(counted, {
    sealer: world.sealer,
    replica: anna.replica,
    logKey: anna.logKey,
    relays: ["wss://relay.example"],
    boxes: [],
    admitAs: { type: "Member", role: "editor" },
    newMemberId: () => bytesToHex(world.random.bytes(16)) as MemberId,
    confirm: () => Promise.resolve(true),
    ...options,
  })
  const { sealer } = world
  const joining = requestJoin(
    newEnd,
    { sealer, identity: identityOf(world) },
    { kind: "person", name: "Eve" },
    options.onProgress,
  )
  return { hosting, joining, newEnd }
}

describe("handing the log over", () => {
  it("[P83] a log goes in as many parts as it takes, whole and with word of how far it is", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    for (const name of ["Ben", "Cleo", "Dora"]) await world.join(anna, name, "editor")
    const sizes: number[] = []
    const seen: number[] = []
    const { hosting, joining } = meet(
      world,
      anna,
      {
        partBytes: 1_000,
        onProgress: ({ doneBytes, totalBytes }) => seen.push(doneBytes / totalBytes),
      },
      bytes => {
        sizes.push(bytes.length)
        return bytes
      },
    )
    const joined = await joining
    if (!joined.ok) throw new Error(joined.error.type)
    const { operations, relays } = joined.value.admitted
    expect(operations.map(bytesToHex).sort()).toEqual(
      anna.replica.session.log
        .operations()
        .map(({ bytes }) => bytesToHex(bytes))
        .sort(),
    )
    expect(relays).toEqual(["wss://relay.example"])
    expect(sizes.length).toBeGreaterThan(4)
    expect(seen.at(-1)).toBe(1)
    joined.value.done()
    expect(await hosting).toMatchObject({ ok: true, value: { isStored: true } })
  })

  it("[P83] what somebody sealed under the log's keys is not passed on, nor one operation in many bundles", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const ben = await world.join(anna, "Ben", "editor")
    await world.sync(anna, ben)
    const forger = await createForger(world, ben, "log")
    const { log, open } = anna.replica.session.keyring
    const genesis = anna.replica.session.log.operations()[0]?.bytes ?? new Uint8Array(0)
    const key = noteKey(ben)
    const flood: Uint8Array[] = []
    for (let i = 0; i < 20; i++) {
      const none = { document: undefined } as const
      const rubbish = {
        ...none,
        kind: "operation",
        key: log.key,
        payload: new Uint8Array(900).fill(i),
      } as const
      const again = { ...none, kind: "operation", key: log.key, payload: genesis } as const
      const note = { ...none, kind: "recovery", key: open.key, payload: new Uint8Array(900).fill(i) } as const
      for (const parts of [rubbish, again, note]) flood.push((await forger.seal(key, parts)).bytes)
    }
    // However it came into her archive: what is refused today may lie there from before.
    for (const bytes of flood) {
      const parsed = parseBundle(bytes)
      if (!parsed.ok) throw new Error(parsed.error.type)
      const hash = bytesToHex(world.sealer.bundleHash(parsed.value)) as BundleHash
      await anna.archive.append([{ hash, bundle: parsed.value }])
    }
    const { joining } = meet(world, anna)
    const joined = await joining
    if (!joined.ok) throw new Error(joined.error.type)
    joined.value.done()
    const { bundles, operations } = joined.value.admitted
    const count = anna.replica.session.log.operations().length
    expect(operations).toHaveLength(count)
    // One bundle for each, Anna's note beside the genesis, and four at most of Ben's.
    expect(bundles).toHaveLength(count + 1 + 4)
  })

  it("[P83] a newcomer takes no more than was announced, and no announcement beyond all measure", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    /** Admitted ends with `bundles u32 | bytes u64`. */
    const announcing = (bundles: number, bytes: number) => (message: Uint8Array, index: number) => {
      if (index !== 1) return message
      const changed = message.slice()
      const view = new DataView(changed.buffer)
      view.setUint32(changed.length - 12, bundles)
      view.setBigUint64(changed.length - 8, BigInt(bytes))
      return changed
    }
    for (const [bundles, bytes] of [
      [1, 1 << 20],
      [1_000, 500],
      [200_001, 1 << 20],
      [1_000, 256 * 1024 * 1024 + 1],
    ] as const) {
      const { joining } = meet(world, anna, {}, announcing(bundles, bytes))
      expect(await joining).toEqual({ ok: false, error: { type: "ProtocolBroken" } })
    }
  })

  it("[P84] a newcomer that goes away before it has stored everything is admitted, and the host is told so", async () => {
    const world = plainFamily()
    const anna = await world.found("Anna")
    const before = anna.replica.session.state().devices.size
    // It breaks off at the first part, and once more behind the last.
    const early = meet(world, anna, { partBytes: 1 }, (bytes, index) => {
      if (index === 3) early.newEnd.close()
      return bytes
    })
    expect(await early.hosting).toMatchObject({ ok: true, value: { isStored: false } })
    expect((await early.joining).ok).toBe(false)
    const late = meet(world, anna)
    expect((await late.joining).ok).toBe(true)
    late.newEnd.close()
    expect(await late.hosting).toMatchObject({ ok: true, value: { isStored: false } })
    expect(anna.replica.session.state().devices.size).toBe(before + 2)
  })
})
