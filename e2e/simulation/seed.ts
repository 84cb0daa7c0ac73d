import { createSealer } from "@home/crypto"
import { areas } from "@home/shared/base"
import { createPlainSealer } from "@home/shared/testing"
import type { Sealer } from "@home/shared/wire"
import { createHash } from "node:crypto"
import { type Action, everyday } from "./actions.js"
import { adversaries } from "./adversary-actions.js"
import { family } from "./family-actions.js"
import { hostile } from "./hostile-actions.js"
import { brakes, people } from "./people-actions.js"
import { recoverFromPhrase } from "./recovery.js"
import { wrongfullyHeld } from "./oracle.js"
import { inShares } from "./share-actions.js"
import { comeIn, foundShareIn, recoverShare } from "./share-world.js"
import { weather } from "./weather-actions.js"
import { useAmbient } from "./ambient.js"
import type { View } from "./check.js"
import { createChance } from "./chance.js"
import { createSimulationClock } from "./clock.js"
import type { Coverage } from "./coverage.js"
import { heal } from "./heal.js"
import { createSimulatedRelay } from "./relay.js"
import { createFaultyWire } from "./socket.js"
import { type World, createWorld } from "./world.js"

export interface SeedResult {
  readonly seed: number
  readonly isReal: boolean
  /** Empty: everything held. */
  readonly failures: readonly string[]
  readonly bundlesLost: number
  readonly canaryHits: number
  readonly attacks: World["attacks"]
  readonly byRelay: boolean | undefined
  readonly trace: readonly string[]
}

const startMs = 1_767_225_600_000

const everywhere: readonly Action[] = [...everyday, ...family, ...weather, ...hostile]

/** A seed means the same for ever in its own kind of world: what is new goes into a kind of its own. */
export const worldKinds = ["family", "people", "share"] as const
export type WorldKind = (typeof worldKinds)[number]

const actionsOf: Readonly<Record<WorldKind, readonly Action[]>> = {
  family: everywhere,
  people: [...everywhere, ...people, ...adversaries],
  share: [...everyday, ...weather, ...hostile, ...adversaries, ...inShares, ...brakes],
}

/** Two families in a share: the founding one's phone and box, and devices of both that come in by their contact keys. */
const beginShare = async (world: World): Promise<void> => {
  const { chance } = world
  const founder = await foundShareIn(world, "anna")
  if (world.share === undefined) throw new Error("no share")
  if (chance.isLucky(0.6)) await world.join(founder, "box", "box")
  const others = 1 + chance.below(3)
  for (let i = 0; i < others; i++) await comeIn(world, world.share, `otto-${i}`, "theirs", founder)
  if (chance.isLucky(0.6)) await comeIn(world, world.share, "anna-two", "ours", founder)
}

const plainSealer = (randomBytes: (length: number) => Uint8Array): Sealer =>
  createPlainSealer({
    sha256: bytes => new Uint8Array(createHash("sha256").update(bytes).digest()),
    randomBytes,
  })

const begin = async (world: World): Promise<void> => {
  const { chance } = world
  const founder = await world.found("anna")
  if (chance.isLucky(0.7)) await world.join(founder, "box", "box")
  const others = 2 + chance.below(3)
  const names = ["ben", "cleo", "dora", "emil"]
  for (let i = 0; i < others; i++) {
    const as = chance.oneOf(["admin", "editor", "editor", "user", "own device"] as const) ?? "editor"
    await world.join(founder, names[i] ?? "", as)
  }
}

/** One world from its founding to its end. Everything in it follows from the seed. */
export const runSeed = async (
  seed: number,
  options: {
    readonly isReal: boolean
    readonly steps: number
    readonly kind: WorldKind
    readonly coverage: Coverage
    readonly onTrace: (line: string) => void
  },
): Promise<SeedResult> => {
  const chance = createChance(seed)
  const clock = createSimulationClock(startMs)
  useAmbient({ clock, number: createChance(seed + 0.5).number, bytes: chance.bytes })
  const trace: string[] = []
  const failures: string[] = []
  const canary = Buffer.from(`canary-of-seed-${seed}`)
  let canaryHits = 0
  const { coverage } = options
  const wire = createFaultyWire(chance, coverage, frame => {
    if (options.isReal && Buffer.from(frame).includes(canary)) canaryHits += 1
  })
  const sealer = options.isReal ? createSealer({ random: chance }) : plainSealer(chance.bytes)
  const isAtRelay = chance.isLucky(0.85)
  // A share is founded at a relay: without one the two sides have no way to each other.
  const relay =
    isAtRelay || options.kind === "share"
      ? createSimulatedRelay({ clock, random: chance, verify: sealer.verify, wire })
      : undefined
  relay?.start()
  const tell = (line: string): void => {
    trace.push(line)
    options.onTrace(line)
  }
  const world = createWorld({
    chance,
    clock,
    sealer,
    relay,
    coverage,
    wire,
    seed,
    trace: tell,
    failed: error => failures.push(textOf(error)),
  })
  const onRejection = (error: unknown): void => {
    failures.push(`unhandled rejection: ${textOf(error)}`)
  }
  process.on("unhandledRejection", onRejection)
  let bundlesLost = 0
  let byRelay: boolean | undefined
  try {
    await (options.kind === "share" ? beginShare(world) : begin(world))
    wire.faultRate = chance.oneOf([0, 0.02, 0.1]) ?? 0
    for (let step = 0; step < options.steps; step++) {
      const action = chance.weighted(actionsOf[options.kind])
      await action.run(world)
      await clock.run(chance.below(300))
    }
    const healed = await heal(world)
    failures.push(...healed.differences)
    for (const { device, replica } of healed.views) {
      if (device.isKeeper) continue
      for (const { by, text } of await wrongfullyHeld(world, device, replica)) world.accepted(by, text)
    }
    await countOutcome(world, healed.views)
    if (healed.byRelay) coverage.count("healed by the relay alone")
    if (failures.length === 0 && chance.isLucky(0.25))
      failures.push(
        ...(await (world.share === undefined
          ? recoverFromPhrase(world, healed.views)
          : recoverShare(world, world.share, healed.views))),
      )
    bundlesLost = healed.bundlesLost
    byRelay = relay === undefined ? undefined : healed.byRelay
    if (bundlesLost > 0) failures.push(`${bundlesLost} bundles lost`)
    for (const blob of relay?.stored() ?? [])
      if (options.isReal && Buffer.from(blob).includes(canary)) canaryHits += 1
    if (canaryHits > 0) failures.push(`${canaryHits} canaries seen`)
    for (const device of world.devices) await world.stop(device, "killed")
  } catch (error) {
    failures.push(textOf(error))
  } finally {
    process.off("unhandledRejection", onRejection)
  }
  const { attacks } = world
  return { seed, isReal: options.isReal, failures, bundlesLost, canaryHits, attacks, byRelay, trace }
}

/** What came of it all, by one device that knows everything. */
const countOutcome = async (world: World, views: readonly View[]): Promise<void> => {
  const { coverage } = world
  const replica = views.find(({ device }) => !device.isKeeper)?.replica
  if (replica === undefined) return
  coverage.count("late edits", (await replica.late()).length)
  for (const area of areas)
    for (const key of await replica.documents(area))
      if ((await replica.index(key)).hasEquivocation) coverage.count("equivocation")
  for (const { body } of replica.session.log.operations()) {
    const member = body.type === "removeMember" && replica.session.state().members.get(body.member)
    if (member && member.expiresMs !== undefined && member.expiresMs <= world.clock.now())
      coverage.count("guest's stay ended")
    if (body.type !== "rekey") continue
    coverage.count("rekeyed")
    if (body.rekey.replaces.length > 1) coverage.count("healed by rekey")
  }
}

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)
