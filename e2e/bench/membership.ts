import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { createDeviceIdentity } from "@home/crypto"
import { type MemberId, bytesToHex } from "@home/shared/base"
import { admissionMessage, createGroupLog } from "../../shared/src/access/index.js"
import { admissionDomain } from "../../shared/src/replica/group-session.js"
import { foundDevice } from "../../sync-server/src/box/testing/test-devices.js"
import type { OpenDevice } from "../../sync-server/src/profile/device.js"
import { systemRandom } from "../../sync-server/src/profile/platform.js"
import type { Benchmark, Measurement, Run } from "./benchmark.js"
import { openMember } from "./family/author.js"
import { timed } from "./rounds.js"

/** A device that nobody holds is let in: only what the log and its keys cost is measured here. */
const admit = async ({ replica, sealer }: OpenDevice): Promise<MemberId> => {
  const identity = createDeviceIdentity(systemRandom)
  const member = bytesToHex(systemRandom.bytes(16)) as MemberId
  const message = admissionMessage(replica.group, member, identity.keys)
  const proof = await sealer.sign(admissionDomain, identity.secrets.signing, message)
  const circles = [replica.everyone()]
  const done = await replica.act(async author => ({
    type: "addMember",
    member,
    kind: "person",
    role: "editor",
    circles,
    expiresMs: undefined,
    device: { keys: identity.keys, proof },
    wraps: author.wrapsFor(identity.id, identity.keys.wrap, circles),
  }))
  if (!done.ok) throw new Error(`not admitted: ${done.error.reason}`)
  return member
}

/** Its bytes as they leave the device. */
const remove = async ({ replica, profile }: OpenDevice, member: MemberId): Promise<number> => {
  const { archive } = profile.folder
  const before = (await archive.count()).bytes
  const done = await replica.act(author => author.removeMember(member))
  if (!done.ok) throw new Error(`not removed: ${done.error.reason}`)
  return (await archive.count()).bytes - before
}

const removals = async (run: Run): Promise<readonly Measurement[]> => {
  const sizes = [5, 20, 50]
  const found: Measurement[] = []
  for (const devices of sizes) {
    const root = join(run.folder, `removal${devices}`)
    mkdirSync(root)
    const founder = await foundDevice(root, "anna")
    for (let n = 2; n < devices; n++) await admit(founder)
    const bytes: number[] = []
    const ms: number[] = []
    for (let round = -1; round < run.rounds; round++) {
      const member = await admit(founder)
      let removalBytes = 0
      const removalMs = await timed(async () => {
        removalBytes = await remove(founder, member)
      })
      if (round < 0) continue
      bytes.push(removalBytes)
      ms.push(removalMs)
    }
    await founder.close()
    const goal = { type: "None" } as const
    found.push(
      { what: `removal of one of ${devices} devices: bundle`, unit: "B", ours: bytes, goal },
      { what: `removal of one of ${devices} devices: until it is durable`, unit: "ms", ours: ms, goal },
    )
  }
  return found
}

export const removal: Benchmark = {
  id: "A2",
  what: "a member is removed",
  sides: [
    "a member with one device, in the circle of everyone; the removal carries the new key for each device that stays, and all keys before; signed, sealed, and stored durably (SQLite, synchronous=FULL)",
  ],
  run: async run => ({ type: "Measured", measurements: await removals(run) }),
}

const settled = 10

/** Ten stay; others come, become guest and user again, and go: of four operations two change the key. */
const liveOn = async (device: OpenDevice, operations: number): Promise<void> => {
  const { session } = device.replica
  const act = async (write: Parameters<typeof device.replica.act>[0]): Promise<void> => {
    const done = await device.replica.act(write)
    if (!done.ok) throw new Error(`refused: ${done.error.reason}`)
  }
  for (;;) {
    const known = session.log.operations().length
    const left = operations - known
    if (left <= 0) return
    const member = await admit(device)
    if (known < settled) continue
    if (left > 1) await act(author => author.setRole(member, "guest"))
    if (left > 2) await act(author => author.setRole(member, "user"))
    if (left > 3) await act(author => author.removeMember(member))
  }
}

/** What this device kept of its log is gone, as if an older version had left the profile. */
const forgetCheckpoint = async (root: string): Promise<void> => {
  const device = await openMember(root, "anna")
  await device.profile.folder.store.write([{ type: "Remove", key: ["membership checkpoint"] }])
  await device.close()
}

/** Milliseconds, one a round: by the clock, and of the processor, whatever else the machine does. */
interface Spent {
  readonly ms: number[]
  readonly cpuMs: number[]
}

const spentBy = async (spent: Spent, work: () => Promise<void> | void): Promise<void> => {
  const before = process.cpuUsage()
  spent.ms.push(await timed(work))
  const { user, system } = process.cpuUsage(before)
  spent.cpuMs.push((user + system) / 1_000)
}

const openAndClose =
  (root: string): (() => Promise<void>) =>
  async () =>
    (await openMember(root, "anna")).close()

interface Opening {
  readonly operations: number
  readonly bytes: number
  readonly checkpointBytes: number
  /** From the genesis with all that opening does, that alone, and with what was kept. */
  readonly anew: Spent
  readonly fold: Spent
  readonly resumed: Spent
}

const openingsOf = async (run: Run, root: string, operations: number): Promise<Opening> => {
  const life = await openMember(root, "anna")
  await liveOn(life, operations)
  const { sealer } = life
  const all = life.replica.session.log.operations()
  const checkpointBytes = life.replica.session.checkpoint().length
  await life.close()
  const found: Opening = {
    operations,
    bytes: all.reduce((sum, { bytes }) => sum + bytes.length, 0),
    checkpointBytes,
    anew: { ms: [], cpuMs: [] },
    fold: { ms: [], cpuMs: [] },
    resumed: { ms: [], cpuMs: [] },
  }
  const warmingUp: Spent = { ms: [], cpuMs: [] }
  for (let round = -1; round < run.rounds; round++) {
    const isWarm = round >= 0
    await spentBy(isWarm ? found.fold : warmingUp, () => {
      const [genesis, ...rest] = all
      const log = genesis && createGroupLog(genesis, sealer.hash)
      if (log?.ok !== true) throw new Error("the genesis is refused")
      for (const operation of rest) log.value.add(operation)
      if (log.value.state().founder === "") throw new Error("nobody is left")
    })
    await forgetCheckpoint(root)
    await spentBy(isWarm ? found.anew : warmingUp, openAndClose(root))
    await spentBy(isWarm ? found.resumed : warmingUp, openAndClose(root))
  }
  return found
}

const openings = async (run: Run): Promise<readonly Measurement[]> => {
  const sizes = run.isQuick ? [50, 100] : [50, 500, 2_000]
  const root = join(run.folder, "log")
  mkdirSync(root)
  await (await foundDevice(root, "anna")).close()
  const measured: Opening[] = []
  for (const operations of sizes) measured.push(await openingsOf(run, root, operations))
  const none = { type: "None" } as const
  const lines = measured.map(({ operations, ...each }): readonly Measurement[] => [
    { what: `log of ${operations} operations: size`, unit: "kB", ours: [each.bytes / 1_000], goal: none },
    {
      what: `log of ${operations} operations: checkpoint`,
      unit: "kB",
      ours: [each.checkpointBytes / 1_000],
      goal: none,
    },
    {
      what: `log of ${operations} operations: opening and closing the profile`,
      unit: "ms",
      ours: each.resumed.ms,
      against: { name: "without the checkpoint", samples: each.anew.ms },
      goal: none,
    },
    {
      what: `log of ${operations} operations: fold from the genesis`,
      unit: "ms",
      ours: each.fold.ms,
      goal: none,
    },
  ])
  const last = measured.at(-1)
  const before = measured.at(-2)
  if (last === undefined || before === undefined) throw new Error("nothing was measured")
  // Straight would be the factor itself, and a square its square: the bound lies in the middle between them.
  const bound = (last.operations / before.operations) ** 1.5
  const growth = (what: string, samples: (of: Opening) => Spent): Measurement => ({
    what: `${what}: ${last.operations} operations against ${before.operations}`,
    unit: "ms CPU",
    ours: samples(last).cpuMs,
    against: { name: `${before.operations} operations`, samples: samples(before).cpuMs },
    // A log of fifty has hardly a removal in it.
    goal: run.isQuick ? none : { type: "RatioAtMost", bound },
  })
  return [
    ...lines.flat(),
    growth("opening and closing with the checkpoint", ({ resumed }) => resumed),
    growth("opening and closing without it", ({ anew }) => anew),
    growth("fold from the genesis", ({ fold }) => fold),
  ]
}

export const openingLog: Benchmark = {
  id: "A3",
  what: "the membership log grows",
  sides: [
    "ours: a profile is opened (its key read, its log and what it kept of it loaded) and closed; against: the same when it had kept nothing, so that every rule is asked and every key opened again, and a checkpoint is written",
    "fold: the rules run over all parsed operations, in memory, without a key",
    "ten devices stay; the rest of the log is members who come, become guest and user again, and go: half of it changes the key",
  ],
  run: async run => ({ type: "Measured", measurements: await openings(run) }),
}
