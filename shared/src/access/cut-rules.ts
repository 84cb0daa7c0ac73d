import type { CircleId, DeviceId, MemberId } from "../base/index.js"
import { compareRank } from "./rank.js"
import type { CutRule, Device, TakingRecord } from "./state.js"

/** What the rules are made of: the part of a state (or of a draft) that they depend on. */
export interface Takings {
  readonly takings: readonly TakingRecord[]
  readonly devices: ReadonlyMap<DeviceId, Device>
}

export const isAimedAt = (record: TakingRecord, device: DeviceId, member: MemberId | undefined): boolean =>
  record.target.type === "Device"
    ? record.target.device === device
    : member !== undefined && record.target.members.includes(member)

/** Negative when the cuts of `a` count before those of `b`. */
const compareRecords = (a: TakingRecord, b: TakingRecord): number =>
  compareRank(a.rank, b.rank) || (a.operation < b.operation ? -1 : a.operation > b.operation ? 1 : 0)

/** What stands beside each taking. Hardly any has a neighbour, so nobody compares all with all. */
const neighboursOf = (
  takings: readonly TakingRecord[],
): ReadonlyMap<TakingRecord, ReadonlySet<TakingRecord>> => {
  const byOperation = new Map<string, TakingRecord[]>()
  for (const record of takings)
    byOperation.set(record.operation, [...(byOperation.get(record.operation) ?? []), record])
  const neighbours = new Map<TakingRecord, Set<TakingRecord>>()
  const join = (a: TakingRecord, b: TakingRecord): void => {
    neighbours.set(a, (neighbours.get(a) ?? new Set<TakingRecord>()).add(b))
  }
  for (const record of takings) {
    for (const other of [...record.concurrent].flatMap(id => byOperation.get(id) ?? [])) {
      join(record, other)
      join(other, record)
    }
  }
  return neighbours
}

/**
 * Every live taking, spelled out for each device that it is aimed at and each circle in which it binds. Of
 * concurrent takings with the same effect on a device in a circle, only the one of the highest rank counts.
 */
export const cutRulesOf = (state: Takings): readonly CutRule[] => {
  const rules: CutRule[] = []
  const neighbours = neighboursOf(state.takings)
  const devicesByMember = new Map<MemberId, Device[]>()
  for (const device of state.devices.values()) {
    const siblings = devicesByMember.get(device.member)
    if (siblings === undefined) devicesByMember.set(device.member, [device])
    else siblings.push(device)
  }
  const aimedAt = ({ target }: TakingRecord): readonly Device[] => {
    if (target.type === "Members")
      return [...new Set(target.members)].flatMap(member => devicesByMember.get(member) ?? [])
    const device = state.devices.get(target.device)
    return device === undefined ? [] : [device]
  }
  const isOutranked = (record: TakingRecord, device: Device, circle: CircleId): boolean =>
    [...(neighbours.get(record) ?? [])].some(
      other =>
        other.effect === record.effect &&
        compareRecords(other, record) < 0 &&
        other.circles.includes(circle) &&
        isAimedAt(other, device.id, device.member),
    )
  for (const record of state.takings) {
    for (const device of aimedAt(record)) {
      for (const circle of record.circles) {
        if (!isOutranked(record, device, circle))
          rules.push({ operation: record.operation, device: device.id, circle, cuts: record.cuts })
      }
    }
  }
  return rules
}
