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

const areConcurrent = (a: TakingRecord, b: TakingRecord): boolean =>
  a.concurrent.has(b.operation) || b.concurrent.has(a.operation)

/** Negative when the cuts of `a` count before those of `b`. */
const compareRecords = (a: TakingRecord, b: TakingRecord): number =>
  compareRank(a.rank, b.rank) || (a.operation < b.operation ? -1 : a.operation > b.operation ? 1 : 0)

/**
 * Every live taking, spelled out for each device that it is aimed at and each circle in which it binds. Of
 * concurrent takings with the same effect on a device in a circle, only the one of the highest rank counts.
 */
export const cutRulesOf = (state: Takings): readonly CutRule[] => {
  const rules: CutRule[] = []
  const bind = (record: TakingRecord, device: Device, circle: CircleId): void => {
    const isOutranked = state.takings.some(
      other =>
        other.effect === record.effect &&
        areConcurrent(record, other) &&
        compareRecords(other, record) < 0 &&
        other.circles.includes(circle) &&
        isAimedAt(other, device.id, device.member),
    )
    if (!isOutranked)
      rules.push({ operation: record.operation, device: device.id, circle, cuts: record.cuts })
  }
  for (const record of state.takings) {
    for (const device of state.devices.values()) {
      if (!isAimedAt(record, device.id, device.member)) continue
      for (const circle of record.circles) bind(record, device, circle)
    }
  }
  return rules
}
