import type { CircleId, DeviceId, DocumentId, MemberId, OperationId } from "../base/index.js"
import { circleIdOf, deviceIdOf } from "./identity.js"
import type { GroupLog, PastOperation } from "./log.js"
import {
  type Author,
  type Hash,
  type MemberKind,
  type OperationBody,
  type Role,
  admissionOf,
} from "./operation.js"
import type { VoidReason } from "./seals.js"

/** What was done to who may come in, read or write. `member` beside a device: whose it is. */
export type AccessAct =
  | { readonly type: "founded"; readonly member: MemberId; readonly device: DeviceId }
  | {
      readonly type: "memberAdmitted"
      readonly member: MemberId
      readonly kind: MemberKind
      readonly role: Role
      readonly device: DeviceId
      readonly circles: readonly CircleId[]
    }
  | {
      readonly type: "deviceAdmitted" | "deviceRemoved" | "deviceSuspended" | "deviceResumed" | "deviceFirst"
      readonly member: MemberId
      readonly device: DeviceId
    }
  | { readonly type: "memberRemoved" | "memberFirst"; readonly member: MemberId }
  | { readonly type: "roleGiven"; readonly member: MemberId; readonly role: Role }
  | {
      readonly type: "circleMade" | "circleJoined" | "circleLeft"
      readonly circle: CircleId
      readonly members: readonly MemberId[]
    }
  | {
      readonly type: "policySet"
      readonly circle: CircleId
      readonly document: DocumentId
      readonly usersWrite: boolean
      readonly invited: readonly MemberId[]
    }
  | {
      readonly type: "documentMoved"
      readonly circle: CircleId
      readonly document: DocumentId
      readonly toCircle: CircleId
      readonly to: DocumentId
    }
  | { readonly type: "phraseReplaced" }

/** One act, by whom, and whether it counts. The operation's id is the hash of what its author signed. */
export interface AccessLine {
  readonly operation: OperationId
  readonly by: Author
  /** `undefined`: the recovery phrase. */
  readonly byMember: MemberId | undefined
  readonly act: AccessAct
  readonly whyVoid: VoidReason | undefined
}

const actsOf = (
  body: OperationBody,
  names: {
    readonly device: DeviceId | undefined
    readonly isNewCircle: boolean
    readonly ownerOf: (device: DeviceId) => MemberId
  },
): readonly AccessAct[] => {
  const { device, ownerOf } = names
  switch (body.type) {
    case "genesis":
      return device === undefined ? [] : [{ type: "founded", member: body.founder, device }]
    case "addMember": {
      const { member, kind, role, circles } = body
      return device === undefined ? [] : [{ type: "memberAdmitted", member, kind, role, device, circles }]
    }
    case "addDevice":
      return device === undefined ? [] : [{ type: "deviceAdmitted", member: body.member, device }]
    case "removeMember":
      return [{ type: "memberRemoved", member: body.member }]
    case "removeDevice":
      return [{ type: "deviceRemoved", member: ownerOf(body.device), device: body.device }]
    case "suspend":
      return [{ type: "deviceSuspended", member: ownerOf(body.device), device: body.device }]
    case "resume":
      return [{ type: "deviceResumed", member: ownerOf(body.device), device: body.device }]
    case "setRole":
      return [{ type: "roleGiven", member: body.member, role: body.role }]
    case "yield":
      return body.to.type === "Member"
        ? [{ type: "memberFirst", member: body.to.member }]
        : [{ type: "deviceFirst", member: ownerOf(body.to.device), device: body.to.device }]
    case "circle": {
      const { circle, add, remove } = body
      if (names.isNewCircle) return [{ type: "circleMade", circle, members: add }]
      const joined = { type: "circleJoined", circle, members: add } as const
      const left = { type: "circleLeft", circle, members: remove } as const
      return [joined, left].filter(({ members }) => members.length > 0)
    }
    case "docPolicy": {
      const { circle, document, usersWrite, invited } = body
      return [{ type: "policySet", circle, document, usersWrite, invited }]
    }
    case "setRecovery":
      return [{ type: "phraseReplaced" }]
    case "move": {
      const { circle, document, toCircle, to } = body
      return [{ type: "documentMoved", circle, document, toCircle, to }]
    }
    // New keys and repairs change nobody's rights.
    case "rekey":
    case "wrap":
    case "rebase":
    case "deleteDocument":
      return []
  }
}

/** Who was let in, removed, suspended or given a role, and by whom: what came before stands before. */
export const accessLogOf = (log: Pick<GroupLog, "group" | "history">, hash: Hash): readonly AccessLine[] => {
  const ownerByDevice = new Map<DeviceId, MemberId>()
  const deviceIn = ({ operation: { body } }: PastOperation): DeviceId | undefined => {
    const keys = body.type === "genesis" ? body.keys : admissionOf(body)?.keys
    return keys === undefined ? undefined : deviceIdOf(keys, hash)
  }
  return log.history().flatMap(each => {
    const { operation, member, whyVoid } = each
    const { body, author, seq } = operation
    const device = deviceIn(each)
    const owner = body.type === "genesis" ? body.founder : admissionOf(body)?.member
    if (device !== undefined && owner !== undefined && !ownerByDevice.has(device))
      ownerByDevice.set(device, owner)
    const acts = actsOf(body, {
      device,
      isNewCircle: body.type === "circle" && body.circle === circleIdOf(log.group, author, seq, hash),
      // A device stands in the log behind its admission: who names one has it in his past.
      ownerOf: id => ownerByDevice.get(id) ?? ("" as MemberId),
    })
    return acts.map(act => ({ operation: operation.id, by: author, byMember: member, act, whyVoid }))
  })
}
