import type { DeviceId, EpochId, OperationId } from "../base/index.js"
import type { Entry } from "./causality.js"
import { isAimedAt } from "./cut-rules.js"
import type { Draft } from "./draft.js"
import { type KeyWrap, type Rekey, cutsOf } from "./operation.js"
import type { Circle, Epoch, TakingRecord } from "./state.js"

/** A live epoch takes the place of every head that it replaces, be it by way of void ones. */
const headsWith = (circle: Circle, added: Epoch): readonly EpochId[] => {
  const replaced = new Set<EpochId>()
  const waiting = [...added.rekey.replaces]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (replaced.has(id)) continue
    replaced.add(id)
    const epoch = circle.epochs.get(id)
    if (epoch !== undefined && !epoch.live) waiting.push(...epoch.rekey.replaces)
  }
  return [...circle.heads.filter(head => !replaced.has(head)), added.id].sort()
}

/** Whether an operation is in the past of an entry. */
export type Precedes = (id: OperationId, entry: Entry) => boolean

export const recordTaking = (
  draft: Draft,
  entry: Entry,
  taking: Pick<TakingRecord, "effect" | "target" | "circles" | "cuts">,
  precedes: Precedes,
): void => {
  // What the draft began with precedes all that is applied to it.
  const earlier = draft.recorded.map(record => record.operation)
  const concurrent = new Set(earlier.filter(id => id !== entry.operation.id && !precedes(id, entry)))
  const record = { ...taking, operation: entry.operation.id, rank: entry.basis.rank, concurrent }
  draft.takings = [...draft.takings, record]
  draft.recorded = [...draft.recorded, record]
}

/**
 * A rekey that is the first to exclude a device, and follows no removal or suspension whose cuts bind in this
 * circle, carries the cuts: the author of the removal did not read here. A device whose admission the rekey has not
 * seen is left out of it, and not excluded by it.
 */
const recordExclusions = (
  draft: Draft,
  circle: Circle,
  rekey: Rekey,
  entry: Entry,
  precedes: Precedes,
): void => {
  const kept = new Set(rekey.wraps.map(wrap => wrap.to))
  const holders = rekey.replaces.flatMap(id => [...(circle.epochs.get(id)?.holders ?? [])])
  for (const id of new Set(holders.filter(holder => !kept.has(holder)))) {
    const device = draft.devices.get(id)
    const isBound = (record: TakingRecord): boolean =>
      (record.effect === "removal" || record.effect === "suspension") &&
      record.circles.includes(circle.id) &&
      isAimedAt(record, id, device?.member) &&
      (record.operation === entry.operation.id || precedes(record.operation, entry))
    const isNews = device !== undefined && !precedes(device.admittedBy, entry)
    // As a rule it was this very operation, or one shortly before it.
    if (device === undefined || isNews || draft.takings.findLast(isBound) !== undefined) continue
    const effect = device.live && device.suspended ? "suspension" : "removal"
    const cuts = cutsOf(entry.operation.body)
    recordTaking(
      draft,
      entry,
      { effect, target: { type: "Device", device: id }, circles: [circle.id], cuts },
      precedes,
    )
  }
}

/** A void rekey's epoch is kept, for it opens what was sealed under it, but it never seals. */
export const addEpoch = (
  draft: Draft,
  rekey: Rekey,
  entry: Entry,
  live: boolean,
  precedes: Precedes,
): void => {
  const circle = draft.circles.get(rekey.circle)
  if (circle === undefined || circle.epochs.has(rekey.epoch)) return
  if (live) recordExclusions(draft, circle, rekey, entry, precedes)
  const holders = new Set<DeviceId>()
  for (const { to } of rekey.wraps) if (to !== "recovery") holders.add(to)
  if (entry.operation.author !== "recovery") holders.add(entry.operation.author)
  const operation = entry.operation.id
  const epoch: Epoch = {
    id: rekey.epoch,
    tag: rekey.tag,
    rekey,
    operation,
    live,
    holders,
    recovery: entry.basis.recovery,
  }
  draft.circles.set(rekey.circle, {
    ...circle,
    epochs: circle.epochs.with(rekey.epoch, epoch),
    heads: live ? headsWith(circle, epoch) : circle.heads,
  })
}

/** Whoever was given a key holds it, whatever becomes of the operation that gave it. */
export const addHolder = (draft: Draft, wrap: KeyWrap): void => {
  const circle = draft.circles.get(wrap.circle)
  const epoch = circle?.epochs.get(wrap.epoch)
  if (circle === undefined || epoch === undefined || wrap.to === "recovery" || epoch.holders.has(wrap.to))
    return
  const holders = new Set(epoch.holders).add(wrap.to)
  draft.circles.set(wrap.circle, {
    ...circle,
    epochs: circle.epochs.with(wrap.epoch, { ...epoch, holders }),
  })
}
