import { type EpochId, type OperationId, type Result, bytesToHex, err, ok } from "../base/index.js"
import { type Entry, IndexSet } from "./causality.js"
import { draftOf, finish } from "./draft.js"
import { addEpoch } from "./epochs.js"
import { deviceIdOf, everyoneOf, voucherKeysOf } from "./identity.js"
import { LayeredMap } from "./layered-map.js"
import type { Hash, Operation, Rekey } from "./operation.js"
import type { Refusal } from "./refusal.js"
import type { Device, Epoch, GroupState, Member } from "./state.js"

const everyonesRekey = (rekey: Rekey, circle: Rekey["circle"]): Rekey => ({
  ...rekey,
  circle,
  wraps: rekey.wraps.map(wrap => ({ ...wrap, circle })),
})

/** The other side of a share: junior to the side that made it, whatever else is admitted. */
const voucherOf = (
  { body, id }: Operation,
  hash: Hash,
): { readonly member: Member; readonly device: Device } | undefined => {
  if (body.type !== "genesis" || body.voucher === undefined) return undefined
  const { member, role } = body.voucher
  const keys = voucherKeysOf(body.voucher)
  const founding = { depth: 0, operation: id }
  const seniority = { depth: 1, operation: id }
  const rank = { type: "Device", member: founding, device: founding } as const
  const admitted = { live: true, seniority, admittedBy: id, seniorityGrants: [] }
  return {
    member: {
      ...admitted,
      id: member,
      kind: "person",
      role,
      expiresMs: undefined,
      roleGrants: [{ operation: id, role, rank }],
    },
    device: {
      ...admitted,
      // The first device that it lets in may stand at the same depth: no hash decides which of the two is senior.
      seniority: founding,
      id: deviceIdOf(keys, hash),
      member,
      keys,
      suspended: false,
      suspensions: [],
    },
  }
}

/**
 * The first state of a group: one admin with one device, and the circle Everyone, whose id follows from the
 * genesis, so that its rekey may carry zeros there. In a share also the other side, with its voucher.
 */
export const foundGroup = (
  operation: Operation,
  hash: Hash,
): Result<{ readonly entry: Entry; readonly state: GroupState }, Refusal> => {
  const { body, author, group, id } = operation
  if (body.type !== "genesis") return err({ type: "GenesisInvalid" })
  const voucher = voucherOf(operation, hash)
  const isShareWhole =
    voucher !== undefined && voucher.member.role !== "admin" && voucher.member.id !== body.founder
  if (body.kind === "share" ? !isShareWhole : voucher !== undefined) return err({ type: "GenesisInvalid" })
  const device = deviceIdOf(body.keys, hash)
  const everyone = everyoneOf(group, hash)
  const rekey = everyonesRekey(body.rekey, everyone)
  const wrappedTo = rekey.wraps.map(wrap => wrap.to)
  const readers = [device, "recovery", ...(voucher === undefined ? [] : [voucher.device.id])] as const
  const isWhole =
    new Set(readers).size === wrappedTo.length && readers.every(reader => wrappedTo.includes(reader))
  if (author !== device || operation.seq !== 1 || !isWhole || rekey.replaces.length > 0) {
    return err({ type: "GenesisInvalid" })
  }
  const seniority = { depth: 0, operation: id }
  const rank = { type: "Device", member: seniority, device: seniority } as const
  const member: Member = {
    id: body.founder,
    kind: "person",
    role: "admin",
    live: true,
    seniority,
    admittedBy: id,
    expiresMs: undefined,
    roleGrants: [{ operation: id, role: "admin", rank }],
    seniorityGrants: [],
  }
  const founding: Device = {
    id: device,
    member: body.founder,
    keys: body.keys,
    live: true,
    suspended: false,
    seniority,
    admittedBy: id,
    seniorityGrants: [],
    suspensions: [],
  }
  const members = [member, ...(voucher === undefined ? [] : [voucher.member])]
  const devices = [founding, ...(voucher === undefined ? [] : [voucher.device])]
  const circle = {
    id: everyone,
    everyone: true,
    members: new Set(members.map(each => each.id)),
    heads: [],
    epochs: LayeredMap.empty<EpochId, Epoch>(),
    listings: new Map(members.map(each => [each.id, [id]])),
    unlistings: new Map(),
  }
  const nobodyVoid: ReadonlySet<OperationId> = new Set()
  const recovery = bytesToHex(body.recovery.wrap)
  const entry: Entry = {
    operation,
    index: 0,
    depth: 0,
    parents: [],
    past: IndexSet.pastOf([]),
    basis: { member: body.founder, rank, needs: "admin", relies: [], losers: [], recovery },
  }
  const draft = draftOf(
    {
      group,
      kind: body.kind,
      voucher: voucher && { member: voucher.member.id, device: voucher.device.id },
      everyone,
      members: new Map(members.map(each => [each.id, each])),
      devices: new Map(devices.map(each => [each.id, each])),
      circles: new Map([[everyone, circle]]),
      recoveryGrants: [{ operation: id, keys: body.recovery, rank }],
      docPolicies: new Map(),
      rebases: new Map(),
      moves: new Map(),
      arrivals: new Map(),
      takings: [],
      removed: new Set(),
      void: nobodyVoid,
    },
    nobodyVoid,
  )
  addEpoch(draft, rekey, entry, true, () => true)
  return ok({ entry, state: finish(draft) })
}
