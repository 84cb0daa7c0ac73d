import * as A from "@automerge/automerge"
import { type ChangeHash, type DeviceId, bytesToHex } from "@home/shared/base"
import { type CutRule, type GroupState, createGroupLog } from "@home/shared/access"
import type { Replica } from "@home/shared/replica"
import type { BundleRecord } from "../../shared/src/replica/bundle-record.js"
import { honest } from "./check.js"
import type { SimulatedDevice } from "./device.js"
import type { Attacker, World } from "./world.js"

/** What all operations that anybody honest knows come to: whoever is dead there need not agree with anybody. */
export const truth = (world: World): GroupState | undefined => {
  const logs = honest(world).flatMap(device => device.running?.replica.session.log ?? [])
  const [genesis] = logs[0]?.operations() ?? []
  const created = genesis && createGroupLog(genesis, world.sealer.hash)
  if (created?.ok !== true) return undefined
  let waiting = logs.flatMap(log => log.operations())
  for (let before = -1; waiting.length !== before;) {
    before = waiting.length
    waiting = waiting.filter(operation => {
      const added = created.value.add(operation)
      return added !== "Added" && added !== "Duplicate" && "missing" in added
    })
  }
  return created.value.state()
}

interface Written {
  readonly actor: string
  readonly deps: readonly string[]
}

/** Whether a change that is none of its own kind lies upon this one: then it is adopted. */
const isBuiltUpon = (
  changes: ReadonlyMap<string, Written>,
  change: string,
  isOwn: (hash: string, actor: string) => boolean,
): boolean => {
  const above = new Set([change])
  for (let grown = true; grown;) {
    grown = false
    for (const [hash, { actor, deps }] of changes) {
      if (above.has(hash) || !deps.some(dep => above.has(dep))) continue
      if (!isOwn(hash, actor)) return true
      above.add(hash)
      grown = true
    }
  }
  return false
}

/** The bundles inside a cut: over `prev` from its heads, as far as they are here. */
const insideCut = async ({ profile }: SimulatedDevice, { cuts }: CutRule): Promise<ReadonlySet<string>> => {
  const inside = new Set<string>()
  for (const head of cuts.flatMap(({ heads }) => heads)) {
    for (let hash: string = head.hash; !inside.has(hash);) {
      const bundle = await profile.archive.get(hash as never)
      if (bundle === undefined) break
      inside.add(hash)
      hash = bytesToHex(bundle.prev)
    }
  }
  return inside
}

/**
 * Which bundles of a device that was removed may count in a circle: those inside every cut by which it was removed
 * for good, or, where none of these binds, inside some cut by which it had to leave the circle, or written in the
 * knowledge that it was taken in again after each of them. `undefined`: no cut binds there. Whoever removed the
 * device does not read the circle, and nobody who does has rekeyed it since.
 */
const insideCuts = async (
  device: SimulatedDevice,
  { session }: Replica,
  of: string,
  circle: string,
): Promise<((record: BundleRecord) => boolean) | undefined> => {
  const { takings, cutRules, devices } = session.state()
  const removals = new Set(
    takings.filter(({ effect }) => effect === "removal").map(({ operation }) => operation),
  )
  const rules = cutRules.filter(
    rule => rule.device === of && rule.circle === circle && removals.has(rule.operation),
  )
  const final = rules.filter(({ operation }) => session.log.get(operation)?.body.type !== "circle")
  const sets: ReadonlySet<string>[] = []
  for (const rule of final.length > 0 ? final : rules) sets.push(await insideCut(device, rule))
  if (sets.length === 0) return undefined
  if (final.length > 0) return record => sets.every(set => set.has(record.hash))

  const member = devices.get(of as DeviceId)?.member
  const returns = session.log
    .operations()
    .filter(
      ({ body }) => body.type === "circle" && body.circle === circle && body.add.some(id => id === member),
    )
  const cameBack = (record: BundleRecord, rule: CutRule): boolean =>
    returns.some(
      ({ id, parents }) => session.covers(parents, [rule.operation]) && session.covers(record.heads, [id]),
    )
  return record => sets.some(set => set.has(record.hash)) || rules.every(rule => cameBack(record, rule))
}

/**
 * Written apart from the code that it judges: in one honest device's documents nothing of a removed device counts
 * beyond the cuts, and nothing that was forged, unless somebody else has built upon it.
 */
export const wrongfullyHeld = async (
  world: World,
  device: SimulatedDevice,
  replica: Replica,
): Promise<readonly { readonly by: Attacker; readonly text: string }[]> => {
  const found: { readonly by: Attacker; readonly text: string }[] = []
  const state = replica.session.state()
  /** Who was taken out of a share with the other family's side is of that family. */
  const removedAs = (id: DeviceId): Attacker =>
    world.share !== undefined && state.devices.get(id)?.member === world.share.member ? "Foreign" : "Removed"
  const removed = [...state.devices.values()].filter(({ live }) => !live).map(({ id }) => id)
  const areas = ["ledger", "notes", "chat", "plans", "catalogue", "book", "profile"] as const
  for (const area of areas) {
    for (const key of await replica.documents(area)) {
      const index = await replica.index(key)
      const insideByDevice = new Map<string, ((record: BundleRecord) => boolean) | undefined>()
      for (const id of removed) insideByDevice.set(id, await insideCuts(device, replica, id, key.circle))
      const changes = await replica.read(key, doc => {
        const all = A.getAllChanges(doc).map(bytes => A.decodeChange(bytes))
        return new Map(all.map(({ hash, actor, deps }) => [hash ?? "", { actor, deps }]))
      })
      for (const { by, author, change, actor } of world.forbidden) {
        const isVoid = by !== "Guest" && state.devices.get(author.identity.id)?.live === true
        if (changes.has(change) && !isVoid && !isBuiltUpon(changes, change, (_, other) => other === actor))
          found.push({ by, text: `a forged edit stands in ${key.area}/${key.name} of ${device.name}` })
      }
      for (const record of index.records()) {
        const inside = insideByDevice.get(record.device)
        if (inside === undefined || inside(record)) continue
        const own = [...index.records()].filter(other => other.device === record.device)
        // What the device wrote inside its cuts (as another incarnation of itself) adopts like anybody's.
        const isOutside = (hash: string): boolean =>
          own.some(other => other.changes.some(one => one.hash === hash)) &&
          !isElsewhere(index, hash as ChangeHash, inside)
        for (const { hash } of record.changes) {
          if (!changes.has(hash) || !isOutside(hash) || isBuiltUpon(changes, hash, isOutside)) continue
          const text = `an edit beyond the cut stands in ${key.area}/${key.name} of ${device.name}`
          found.push({ by: removedAs(record.device), text })
        }
      }
    }
  }
  for (const { name, author, device: ghost } of world.ghosts) {
    if (state.devices.get(author)?.live !== true && state.devices.get(ghost)?.live === true)
      found.push({ by: removedAs(author), text: `${name}, removed, has let somebody in at ${device.name}` })
  }
  return found
}

/** The same change may lie in another bundle, and that one inside the cut. */
const isElsewhere = (
  index: Awaited<ReturnType<Replica["index"]>>,
  change: ChangeHash,
  inside: (record: BundleRecord) => boolean,
): boolean =>
  [...index.records()].some(record => inside(record) && record.changes.some(({ hash }) => hash === change))
