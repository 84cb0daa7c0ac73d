import {
  type DeviceId,
  type IncarnationId,
  type Log,
  type MemberId,
  type Random,
  type Store,
  bytesToHex,
} from "../base/index.js"
import type { Role } from "../access/index.js"
import {
  type Archive,
  type DeviceIdentity,
  type LinkSession,
  type RecoveryIdentity,
  type Replica,
  createLinkSession,
  foundFamily,
  hostJoin,
  openReplica,
  requestJoin,
} from "../replica/index.js"
import { deviceIdOf } from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import { createSeededRandom, createTestClock, type TestClock } from "./clock.js"
import { createMemoryArchive } from "./memory-archive.js"
import { createChannelPair } from "./memory-channel.js"
import { createMemoryStore } from "./memory-store.js"

export const silentLog: Log = { event: () => {} }

/** One device of a test family with its disk: `reopen` is what a restart does. */
export interface TestDevice {
  readonly name: string
  readonly identity: DeviceIdentity
  readonly store: Store
  readonly archive: Archive
  readonly logKey: Uint8Array
  readonly isKeeper: boolean
  incarnation: IncarnationId
  replica: Replica
}

export interface TestFamily {
  readonly clock: TestClock
  readonly random: Random
  readonly sealer: Sealer
  found(name: string): Promise<TestDevice>
  /** What the phrase would yield of the family that a device founded. */
  recoveryOf(founder: TestDevice): RecoveryIdentity
  /** Takes a new person's device, another device of the host, or a box in. */
  join(
    host: TestDevice,
    name: string,
    as: Role | "own device" | "box" | { readonly guestUntilMs: number },
  ): Promise<TestDevice>
  /** Connects two devices until the returned function is called. */
  connect(
    a: TestDevice,
    b: TestDevice,
  ): { readonly sessions: readonly [LinkSession, LinkSession]; close(): void }
  /** Connects two devices until both have everything of each other. */
  sync(a: TestDevice, b: TestDevice): Promise<void>
  reopen(device: TestDevice): Promise<void>
  /** A second profile with everything that is on the first one's disk now. `fresh`: the copy was noticed. */
  copy(device: TestDevice, fresh: boolean): Promise<TestDevice>
}

/** A family in memory: real replicas over whatever sealer the caller hands in. */
export const createTestFamily = (deps: {
  readonly sealer: (random: Random) => Sealer
  readonly seed?: number
  readonly log?: Log
}): TestFamily => {
  const random = createSeededRandom(deps.seed ?? 1)
  const clock = createTestClock()
  const sealer = deps.sealer(random)
  const log = deps.log ?? silentLog

  const identityOf = (): DeviceIdentity => {
    const secrets = { signing: random.bytes(32), wrap: random.bytes(32), link: random.bytes(32) }
    const keys = {
      signing: sealer.signingKeyOf(secrets.signing),
      wrap: sealer.agreementKeyOf(secrets.wrap),
      link: sealer.agreementKeyOf(secrets.link),
    }
    return { id: deviceIdOf(keys, sealer.hash), keys, secrets }
  }
  const newIncarnation = (): IncarnationId => bytesToHex(random.bytes(16)) as IncarnationId
  const openOver = (device: Omit<TestDevice, "replica">): Promise<Replica> =>
    openReplica(
      { sealer, random, clock, log, store: device.store, archive: device.archive },
      {
        identity: device.identity,
        logKey: device.logKey,
        incarnation: device.incarnation,
        isKeeper: device.isKeeper,
        slot: 0,
      },
    )

  const knows = (one: TestDevice, other: TestDevice) => (): boolean =>
    one.replica.session.state().devices.get(other.identity.id)?.live === true

  const recoveries = new Map<DeviceId, RecoveryIdentity>()
  const family: TestFamily = {
    recoveryOf: ({ identity }) => {
      const recovery = recoveries.get(identity.id)
      if (recovery === undefined) throw new Error("no founder")
      return recovery
    },
    clock,
    random,
    sealer,
    found: async name => {
      const identity = identityOf()
      const secrets = { signing: random.bytes(32), wrap: random.bytes(32) }
      const keys = {
        signing: sealer.signingKeyOf(secrets.signing),
        wrap: sealer.agreementKeyOf(secrets.wrap),
      }
      const recovery = { keys, secrets }
      recoveries.set(identity.id, recovery)
      const founded = await foundFamily({ sealer, random }, identity, recovery)
      const store = createMemoryStore()
      await store.write(founded.changes)
      const archive = createMemoryArchive()
      const bare = {
        name,
        identity,
        store,
        archive,
        logKey: founded.logKey,
        isKeeper: false,
        incarnation: newIncarnation(),
      }
      return { ...bare, replica: await openOver(bare) }
    },
    join: async (host, name, as) => {
      const identity = identityOf()
      const [hostEnd, newEnd] = createChannelPair()
      const hosting = hostJoin(hostEnd, {
        sealer,
        replica: host.replica,
        logKey: host.logKey,
        relays: [],
        boxes: [],
        admitAs:
          as === "box"
            ? { type: "Box", circles: [host.replica.everyone()] }
            : as === "own device"
              ? { type: "OwnDevice" }
              : typeof as === "object"
                ? { type: "Member", role: "guest", untilMs: as.guestUntilMs }
                : { type: "Member", role: as },
        newMemberId: () => bytesToHex(random.bytes(16)) as MemberId,
        confirm: () => Promise.resolve(true),
      })
      const joined = await requestJoin(
        newEnd,
        { sealer, identity },
        { kind: as === "box" ? "box" : "person", name },
      )
      if (!joined.ok) {
        const hosted = await hosting
        throw new Error(`joining failed: ${JSON.stringify([joined.error, hosted])}`)
      }
      const { admitted, done } = joined.value
      const store = createMemoryStore()
      for (const bytes of admitted.operations) {
        await store.write([
          { type: "Put", key: ["operation", bytesToHex(sealer.hash("operation", bytes))], value: bytes },
        ])
      }
      const archive = createMemoryArchive()
      await archive.append(admitted.bundles)
      const bare = {
        name,
        identity,
        store,
        archive,
        logKey: admitted.logKey,
        isKeeper: as === "box",
        incarnation: newIncarnation(),
      }
      const device = { ...bare, replica: await openOver(bare) }
      done()
      await hosting
      return device
    },
    connect: (a, b) => {
      const [endA, endB] = createChannelPair()
      const sessions = [
        createLinkSession(a.replica, endA, {
          name: `link ${b.name}`,
          isKeeper: a.isKeeper,
          isAuthorised: knows(a, b),
        }),
        createLinkSession(b.replica, endB, {
          name: `link ${a.name}`,
          isKeeper: b.isKeeper,
          isAuthorised: knows(b, a),
        }),
      ] as const
      return {
        sessions,
        close: () => {
          for (const session of sessions) session.close()
        },
      }
    },
    sync: async (a, b) => {
      const link = family.connect(a, b)
      await Promise.all(link.sessions.map(session => session.settle()))
      link.close()
    },
    copy: async (device, fresh) => {
      const store = createMemoryStore()
      const entries = await device.store.list([])
      await store.write(entries.map(({ key, value }) => ({ type: "Put", key, value })))
      const archive = createMemoryArchive()
      await archive.append((await device.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles)
      const bare = { ...device, store, archive, incarnation: fresh ? newIncarnation() : device.incarnation }
      return { ...bare, replica: await openOver(bare) }
    },
    reopen: async device => {
      await device.replica.close()
      device.replica = await openOver(device)
    },
  }
  return family
}
