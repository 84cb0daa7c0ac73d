import { type View, differences, honest, lostBundles, mustHold, viewsOf } from "./check.js"
import type { SimulatedDevice } from "./device.js"
import { parseCertificate } from "@home/shared/wire"
import { truth } from "./oracle.js"
import type { World } from "./world.js"

export interface Healed {
  readonly views: readonly View[]
  readonly differences: readonly string[]
  readonly bundlesLost: number
  /** The relay alone brought everyone together. */
  readonly byRelay: boolean
}

/** A receipt, the pause before others post again, and the way there. */
const relayRoundMs = 20_000
const relayRounds = 8
const linkRounds = 5

const tendAll = async (world: World): Promise<void> => {
  for (const device of honest(world)) {
    const replica = device.running?.replica
    if (replica !== undefined) await world.finish(`${device.name} tends`, replica.tend(), device)
  }
}

const look = async (world: World, byRelay: boolean): Promise<Omit<Healed, "byRelay">> => {
  const views = await viewsOf(world, truth(world))
  return { views, differences: differences(views), bundlesLost: lostBundles(views, byRelay).size }
}

const authorOf = (world: World, feed: string): string => {
  for (const device of world.devices)
    for (const { key, value } of device.profile.disk.values()) {
      const certificate = key[0] === "certificate" ? parseCertificate(value) : undefined
      if (certificate?.feed === feed)
        return world.devices.find(({ identity }) => identity.id === certificate.device)?.name ?? "a stranger"
    }
  return "nobody known"
}

/** Who lacks whose bundles: for the trace. */
const missing = (world: World, views: readonly View[]): readonly string[] => {
  const lines = new Set<string>()
  for (const holder of views)
    for (const [hash, { tag, feed, seq }] of holder.bundles)
      for (const view of views) {
        const key = view.replica.session.keyring.keyOf(tag)
        if (view.bundles.has(hash) || !mustHold(view, tag, true) || !mustHold(holder, tag, true)) continue
        const kind =
          key === undefined
            ? "unknown"
            : key.circle === undefined
              ? "log"
              : key.circle === view.replica.everyone()
                ? "everyone's"
                : "circle's"
        lines.add(
          `${view.device.name} ${kind} ${feed.slice(0, 6)}:${seq} ${hash.slice(0, 6)} of ${authorOf(world, feed)}, held by ${holder.device.name}`,
        )
      }
  return [...lines]
}

const isWell = (healed: Omit<Healed, "byRelay">): boolean =>
  healed.differences.length === 0 && healed.bundlesLost === 0

export const meet = async (world: World, a: SimulatedDevice, b: SimulatedDevice): Promise<void> => {
  const link = world.link(a, b)
  if (link === undefined) return
  const state = truth(world)
  const isLive = (device: SimulatedDevice): boolean => state?.devices.get(device.identity.id)?.live === true
  // Whoever was removed is not answered: nothing there ever settles.
  if (!isLive(a) || !isLive(b)) await world.clock.run(500)
  else
    await world.finish(
      `${a.name} and ${b.name} meet`,
      Promise.all(link.sessions.map(session => session.settle())),
      a,
      b,
    )
  link.close()
  world.links.delete(link)
}

/** Good weather: everyone who lives comes back, first through the relay alone, then by links, until all is quiet. */
export const heal = async (world: World): Promise<Healed> => {
  world.trace("good weather from here on")
  world.wire.faultRate = 0
  for (const link of [...world.links]) {
    link.close()
    world.links.delete(link)
  }
  for (const device of world.devices) world.setOnline(device, false)
  for (const device of world.devices) {
    if (device.isLost || device.isRogue) {
      await world.stop(device, "killed")
      continue
    }
    if (device.running?.life.isOver === true) await world.stop(device, "killed")
    if (device.running === undefined) await world.start(device)
  }
  if (world.relay !== undefined) {
    world.relay.start()
    for (const device of honest(world)) world.setOnline(device, true)
    for (let round = 1; round <= relayRounds; round++) {
      for (const device of honest(world)) {
        const sync = device.running?.sync
        if (sync !== undefined) await world.finish(`${device.name} settles`, sync.settle(), device)
      }
      await world.clock.run(relayRoundMs)
      await tendAll(world)
      const healed = await look(world, true)
      world.trace(
        `relay round ${round}: ${healed.differences.length} differences, ${healed.bundlesLost} bundles missing`,
      )
      if (isWell(healed)) return { ...healed, byRelay: true }
    }
    const { views, differences: left } = await look(world, true)
    for (const difference of left) world.trace(`the relay did not heal: ${difference}`)
    for (const line of missing(world, views)) world.trace(`the relay did not bring ${line}`)
  }
  for (let round = 1; ; round++) {
    const devices = honest(world)
    for (const [i, a] of devices.entries()) for (const b of devices.slice(i + 1)) await meet(world, a, b)
    await tendAll(world)
    const healed = await look(world, false)
    world.trace(
      `link round ${round}: ${healed.differences.length} differences, ${healed.bundlesLost} bundles missing`,
    )
    if (isWell(healed) || round === linkRounds) return { ...healed, byRelay: false }
  }
}
