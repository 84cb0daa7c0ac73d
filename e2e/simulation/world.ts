import {
  type BundleHash,
  type ChangeHash,
  type DeviceId,
  type IncarnationId,
  type Log,
  type MemberId,
  type StoreChange,
} from "@home/shared/base"
import { type RecoveryKeys, type Role, deviceIdOf } from "@home/shared/access"
import { operationChanges } from "@home/shared/device"
import {
  type DeviceIdentity,
  type RecoveryIdentity,
  type Replica,
  type StoredBundle,
  foundFamily,
  hostJoin,
  requestJoin,
} from "@home/shared/replica"
import { createChannelPair, createMemoryArchive } from "@home/shared/testing"
import type { Sealer } from "@home/shared/wire"
import type { Chance } from "./chance.js"
import type { SimulationClock } from "./clock.js"
import type { Coverage } from "./coverage.js"
import { type DeviceDeps, type SimulatedDevice, openDevice, setOnline } from "./device.js"
import { type Link, connect } from "./links.js"
import { type Profile, copyOf, newLife } from "./mortal.js"
import type { SimulatedRelay } from "./relay.js"
import type { ShareOfTwo } from "./share-world.js"
import type { FaultyWire } from "./socket.js"

type JoinAs = Role | "own device" | "box" | { readonly guestUntilMs: number }

/** One family, its devices and the network between them. */
export interface World {
  readonly chance: Chance
  readonly clock: SimulationClock
  readonly sealer: Sealer
  readonly coverage: Coverage
  readonly relay: SimulatedRelay | undefined
  readonly wire: FaultyWire
  readonly devices: SimulatedDevice[]
  readonly links: Set<Link>
  readonly recovery: RecoveryIdentity
  readonly canary: string
  /** What must stand in nobody's document, unless somebody who may has built upon it. */
  readonly forbidden: Forbidden[]
  /** Whom a device let in that may have been removed before. */
  readonly ghosts: { readonly name: string; readonly author: DeviceId; readonly device: DeviceId }[]
  /** In a world of two families, what they share. */
  share: ShareOfTwo | undefined
  readonly attacks: { tried: number; readonly accepted: Record<Attacker, number> }
  /** Something was taken that must be refused: counts, and fails the seed. */
  accepted(by: Attacker, text: string): void
  trace(line: string): void
  failed(error: unknown): void
  /** Waits for work of some devices; `undefined` when one of them died over it. */
  finish<T>(what: string, work: Promise<T>, ...devices: readonly SimulatedDevice[]): Promise<T | undefined>
  found(name: string): Promise<SimulatedDevice>
  join(host: SimulatedDevice, name: string, as: JoinAs): Promise<SimulatedDevice | undefined>
  adopt(
    name: string,
    identity: DeviceIdentity,
    logKey: Uint8Array,
    first: readonly StoreChange[],
    isKeeper: boolean,
    bundles?: readonly StoredBundle[],
  ): Promise<SimulatedDevice>
  /** The founder of another family. */
  stranger(): Promise<SimulatedDevice>
  newIdentity(): DeviceIdentity
  start(device: SimulatedDevice): Promise<void>
  /** Ends the process in good order (everything flushed) or at once. */
  stop(device: SimulatedDevice, how: "orderly" | "killed"): Promise<void>
  backUp(device: SimulatedDevice): Promise<void>
  restore(device: SimulatedDevice, isNoticed: boolean): Promise<void>
  link(a: SimulatedDevice, b: SimulatedDevice, messagesLeft?: number): Link | undefined
  setOnline(device: SimulatedDevice, isOnline: boolean): void
}

/** From whom nothing may be taken: the removed after the cut, guests beyond their place, other families, and the rest. */
export type Attacker = "Removed" | "Guest" | "Foreign" | "Other"

export interface Forbidden {
  readonly by: Attacker
  readonly author: SimulatedDevice
  readonly bundle: BundleHash
  /** The change that holds the text. */
  readonly change: ChangeHash
  readonly actor: string
}

/** Simulated time within which anything that can finish has finished. */
const patienceMs = 10 * 60 * 1000

export const createWorld = (
  deps: Omit<DeviceDeps, "log"> & {
    readonly coverage: Coverage
    readonly wire: FaultyWire
    readonly seed: number
    readonly trace: (line: string) => void
    readonly failed: (error: unknown) => void
  },
): World => {
  const { chance, clock, sealer, coverage, failed, trace } = deps
  const logOf = (who: string): Log => ({
    event: (name, fields) => {
      if (name !== "rekey refused") trace(`${who} notes: ${name} ${JSON.stringify(fields ?? {})}`)
      if (name === "new incarnation") coverage.count("new incarnation")
      if (name === "room failed") failed(new Error(`room failed: ${JSON.stringify(fields)}`))
      if (name === "rekey refused" || name === "document not saved")
        failed(new Error(`${name}: ${JSON.stringify(fields)}`))
    },
  })
  const depsOf = (device: SimulatedDevice): DeviceDeps => ({ ...deps, log: logOf(device.name) })
  const devices: SimulatedDevice[] = []
  const links = new Set<Link>()
  const recoverySecrets = { signing: chance.bytes(32), wrap: chance.bytes(32) }
  const recoveryKeys: RecoveryKeys = {
    signing: sealer.signingKeyOf(recoverySecrets.signing),
    wrap: sealer.agreementKeyOf(recoverySecrets.wrap),
  }

  const newIncarnation = (): IncarnationId => chance.hex(16) as IncarnationId
  const newIdentity = (): DeviceIdentity => {
    const secrets = { signing: chance.bytes(32), wrap: chance.bytes(32), link: chance.bytes(32) }
    const keys = {
      signing: sealer.signingKeyOf(secrets.signing),
      wrap: sealer.agreementKeyOf(secrets.wrap),
      link: sealer.agreementKeyOf(secrets.link),
    }
    return { id: deviceIdOf(keys, sealer.hash), keys, secrets }
  }

  const finish = async <T>(
    what: string,
    work: Promise<T>,
    ...of: readonly SimulatedDevice[]
  ): Promise<T | undefined> => {
    let outcome: { readonly value: T } | { readonly error: unknown } | undefined
    work.then(
      value => (outcome = { value }),
      (error: unknown) => (outcome = { error }),
    )
    const lives = of.flatMap(device => device.running?.life ?? [])
    const deadlineMs = clock.now() + patienceMs
    for (;;) {
      const hasStepped = await clock.step(Math.max(deadlineMs - clock.now(), 0))
      if (outcome !== undefined) {
        if ("error" in outcome) throw outcome.error
        return outcome.value
      }
      if (lives.some(life => life.isOver)) return undefined
      if (!hasStepped) throw new Error(`never ends: ${what}`)
    }
  }

  const cut = (device: SimulatedDevice): void => {
    for (const link of links) {
      if (!link.ends.includes(device)) continue
      link.close()
      links.delete(link)
    }
    device.running?.sync?.close()
  }

  const world: World = {
    chance,
    clock,
    sealer,
    coverage,
    relay: deps.relay,
    wire: deps.wire,
    devices,
    links,
    recovery: { keys: recoveryKeys, secrets: recoverySecrets },
    canary: `canary-of-seed-${deps.seed}`,
    forbidden: [],
    ghosts: [],
    share: undefined,
    attacks: { tried: 0, accepted: { Removed: 0, Guest: 0, Foreign: 0, Other: 0 } },
    accepted: (by, text) => {
      world.attacks.accepted[by] += 1
      failed(new Error(text))
    },
    trace,
    failed,
    finish,
    newIdentity,

    stranger: async () => {
      const founder = await world.found("stranger")
      devices.splice(devices.indexOf(founder), 1)
      await world.stop(founder, "killed")
      return founder
    },

    found: async name => {
      const identity = newIdentity()
      const founded = await foundFamily({ sealer, random: chance }, identity, world.recovery)
      return world.adopt(name, identity, founded.logKey, founded.changes, false)
    },

    adopt: async (name, identity, logKey, first, isKeeper, bundles = []) => {
      const profile: Profile = { disk: new Map(), archive: createMemoryArchive(chance.bytes(16)) }
      await profile.archive.append(bundles)
      for (const change of first) {
        if (change.type !== "Put") continue
        profile.disk.set(JSON.stringify(change.key), { key: change.key, value: change.value.slice() })
      }
      const device: SimulatedDevice = {
        name,
        identity,
        logKey,
        isKeeper,
        profile,
        incarnation: newIncarnation(),
        running: undefined,
        isOnline: deps.relay !== undefined,
        isLost: false,
        isRogue: false,
        backups: [],
      }
      devices.push(device)
      await world.start(device)
      return device
    },

    join: async (host, name, as) => {
      const replica = host.running?.replica
      if (replica === undefined) return undefined
      const identity = newIdentity()
      const [hostEnd, newEnd] = createChannelPair()
      const hosting = hostJoin(hostEnd, {
        sealer,
        replica,
        logKey: host.logKey,
        relays: [],
        boxes: [],
        admitAs: admissionAs(replica, as),
        newMemberId: () => chance.hex(16) as MemberId,
        confirm: () => Promise.resolve(true),
      })
      const self = {
        kind: as === "box" ? ("box" as const) : ("person" as const),
        name: `${world.canary}-${name}`,
      }
      const joined = await finish("joining", requestJoin(newEnd, { sealer, identity }, self), host)
      if (joined === undefined || !joined.ok) {
        coverage.count("operation refused")
        await finish("hosting", hosting, host)
        return undefined
      }
      const { admitted, done } = joined.value
      const device = await world.adopt(
        name,
        identity,
        admitted.logKey,
        operationChanges(sealer, admitted.operations),
        as === "box",
        bundlesOf(admitted),
      )
      done()
      await finish("hosting", hosting, host)
      return device
    },

    start: async device => {
      const life = newLife()
      device.running = await finish(`opening ${device.name}`, openDevice(depsOf(device), device, life))
      setOnline(depsOf(device), device, device.isOnline)
    },

    stop: async (device, how) => {
      const { running } = device
      if (running === undefined) return
      cut(device)
      if (how === "orderly") await finish(`closing ${device.name}`, running.replica.close(), device)
      running.life.isOver = true
      device.running = undefined
    },

    backUp: async device => {
      device.backups.push({ profile: await copyOf(device.profile), incarnation: device.incarnation })
    },

    restore: async (device, isNoticed) => {
      const backup = chance.oneOf(device.backups)
      if (backup === undefined) return
      await world.stop(device, "killed")
      device.profile = await copyOf(backup.profile, isNoticed ? chance.bytes(16) : undefined)
      device.incarnation = isNoticed ? newIncarnation() : backup.incarnation
      await world.start(device)
    },

    link: (a, b, messagesLeft = Infinity) => {
      const link = connect({ clock, chance, failed }, a, b, messagesLeft)
      if (link !== undefined) links.add(link)
      return link
    },

    setOnline: (device, isOnline) => setOnline(depsOf(device), device, isOnline),
  }
  return world
}

const bundlesOf = (admitted: { readonly bundles?: readonly StoredBundle[] }): readonly StoredBundle[] =>
  admitted.bundles ?? []

const admissionAs = (replica: Replica, as: JoinAs) => {
  if (typeof as === "object") return { type: "Member", role: "guest", untilMs: as.guestUntilMs } as const
  if (as === "own device") return { type: "OwnDevice" } as const
  if (as === "box") return { type: "Box", circles: [replica.everyone()] } as const
  return { type: "Member", role: as } as const
}
