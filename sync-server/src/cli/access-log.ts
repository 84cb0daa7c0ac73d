import { type DeviceId, type MemberId, ok } from "@home/shared/base"
import { type AccessLine, type VoidReason, accessLogOf } from "@home/shared/access"
import { labelOfMember, profileOfMember } from "@home/shared/device"
import { readHeard } from "@home/shared/replica"
import type { OpenDevice } from "../profile/device.js"
import type { Home, Outcome } from "./home.js"
import { withDevice } from "./with-device.js"
import { dayOf } from "./writing.js"

export interface Names {
  member(id: MemberId): string
  device(id: DeviceId): string
}

/** Of everyone the lines speak of: who was removed keeps his name. */
export const namesIn = async (device: OpenDevice): Promise<Names> => {
  const labels = new Map<MemberId, string>()
  const deviceNames = new Map<string, string>()
  for (const id of device.replica.session.state().members.keys()) {
    labels.set(id, await labelOfMember(device, id))
    for (const [each, name] of (await profileOfMember(device, id)).devices) deviceNames.set(each, name)
  }
  return {
    member: id => labels.get(id) ?? id.slice(0, 8),
    device: id => `${deviceNames.get(id) ?? "device"} (${id.slice(0, 8)})`,
  }
}

/** One act in words. */
export const accessSentence = (
  { act, byMember }: Pick<AccessLine, "act" | "byMember">,
  names: Names,
): string => {
  const by = byMember === undefined ? "The recovery phrase" : names.member(byMember)
  const members = (ids: readonly MemberId[]): string => ids.map(id => names.member(id)).join(", ")
  switch (act.type) {
    case "founded":
      return `${by} founded the family`
    case "memberAdmitted":
      return act.kind === "box"
        ? `${by} took in a box`
        : `${by} took in ${names.member(act.member)} as ${act.role}`
    case "deviceAdmitted":
      return `${by} took in ${names.device(act.device)} of ${names.member(act.member)}`
    case "memberRemoved":
      return `${by} removed ${names.member(act.member)}`
    case "deviceRemoved":
      return `${by} removed ${names.device(act.device)} of ${names.member(act.member)}`
    case "deviceSuspended":
      return `${by} suspended ${names.device(act.device)} of ${names.member(act.member)}`
    case "deviceResumed":
      return `${by} lifted the suspension of ${names.device(act.device)} of ${names.member(act.member)}`
    case "deviceFirst":
      return `${by} made ${names.device(act.device)} the main device of ${names.member(act.member)}`
    case "memberFirst":
      return `${by} handed the first place to ${names.member(act.member)}`
    case "roleGiven":
      return `${by} made ${names.member(act.member)} ${act.role}`
    case "circleMade":
      return `${by} made a circle of ${members(act.members)}`
    case "circleJoined":
      return `${by} took ${members(act.members)} into a circle`
    case "circleLeft":
      return `${by} took ${members(act.members)} out of a circle`
    case "policySet": {
      const guests = act.invited.length === 0 ? "" : `, and guests ${members(act.invited)} may`
      const who = act.usersWrite ? "users may write it" : "only admins and editors write it"
      return `${by} set the policy of a document (${act.document.slice(0, 8)}): ${who}${guests}`
    }
    case "documentMoved":
      return `${by} moved a document (${act.document.slice(0, 8)}) to another circle (${act.toCircle.slice(0, 8)})`
    case "phraseReplaced":
      return `${by} replaced the recovery phrase`
  }
}

const voidSentence = (reason: VoidReason): string => {
  switch (reason.type) {
    case "Sealed":
      return `does not count: ${reason.by.slice(0, 12)} took the right away`
    case "Baseless":
      return `does not count: it rests on ${reason.on.slice(0, 12)}, which does not count`
    case "Outvoted":
      return "does not count: its author spoke with two tongues"
  }
}

const voidJson = (reason: VoidReason | undefined) =>
  reason === undefined
    ? null
    : {
        reason: reason.type,
        operation: reason.type === "Sealed" ? reason.by : reason.type === "Baseless" ? reason.on : null,
      }

const lineText = (line: AccessLine, atMs: number | undefined, names: Names, isGenuine: boolean): string => {
  const { operation, whyVoid } = line
  const day = atMs === undefined ? "-".padEnd(10) : dayOf(atMs)
  const notes = [
    whyVoid === undefined ? "" : ` (${voidSentence(whyVoid)})`,
    isGenuine ? "" : " (ITS SIGNATURE IS WRONG)",
  ]
  return `${operation.slice(0, 12)}  ${day}  ${accessSentence(line, names)}${notes.join("")}`
}

/** Who was let in, removed, given a role, suspended, and by whom; each line's signature is checked again. */
export const showAccessLog = (home: Home): Outcome =>
  withDevice(home, async device => {
    const { session } = device.replica
    const names = await namesIn(device)
    const heard = await readHeard(device.profile.folder.store)
    for (const line of accessLogOf(session.log, device.sealer.hash)) {
      const operation = session.log.get(line.operation)
      const isGenuine = operation !== undefined && (await session.isGenuine(operation))
      const { type, ...what } = line.act
      home.result(
        {
          operation: line.operation,
          by: line.by,
          byMember: line.byMember ?? null,
          act: type,
          ...what,
          counts: line.whyVoid === undefined,
          void: voidJson(line.whyVoid),
          verified: isGenuine,
          heardAtMs: heard.get(line.operation) ?? null,
        },
        lineText(line, heard.get(line.operation), names, isGenuine),
      )
    }
    return ok(undefined)
  })
