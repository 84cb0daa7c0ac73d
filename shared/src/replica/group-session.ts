import type { DeviceId, GroupId, OperationId, StoreChange } from "../base/index.js"
import {
  type DeviceKeys,
  type GroupLog,
  type GroupState,
  type Operation,
  type OperationBody,
  type OperationError,
  type Refusal,
  type Rekey,
  createGroupLog,
  deviceIdOf,
  encodeCheckpoint,
  encodeUnsignedOperation,
  joinOperation,
  openCheckpoint,
  parentsFirst,
  parseOperation,
  resumeGroupLog,
  rekeysOf,
  wrapsOf,
  admissionOf,
  admissionMessage,
} from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import type { DeviceIdentity } from "./identity.js"
import { Keyring, type KeptKeys } from "./keyring.js"

/** Why an operation is never taken in: by its bytes, its group, its signature, or by the log's own rules. */
export type OperationRefusal = OperationError["type"] | Refusal["type"] | "AnotherGroup" | "BadSignature"

/** What came of the bytes of one membership operation. */
export type Ingested =
  | { readonly type: "Added"; readonly operation: Operation }
  | { readonly type: "Duplicate" }
  /** An ancestor has not arrived: try again when it has. */
  | { readonly type: "Missing"; readonly operations: readonly OperationId[] }
  | { readonly type: "Refused"; readonly reason: OperationRefusal }

/** A group's log together with the keys that this device has learned from it. */
export interface GroupSession {
  readonly group: GroupId
  readonly log: GroupLog
  readonly keyring: Keyring
  state(): GroupState
  /**
   * The keys of a device that any operation admitted, void or not: whose a bundle is does not depend on what becomes
   * of the admission, only whether it counts.
   */
  keysOf(device: DeviceId): DeviceKeys | undefined
  /** How many operations were checked and folded when it was opened. */
  readonly foldedAtOpening: number
  /** Where the log and the keys stand now, for `openGroupSession`: with keys as they are, for the sealed store only. */
  checkpoint(): Uint8Array
  /** Verifies and takes in an operation; learns its keys. The caller writes `changes` to keep it. */
  ingest(bytes: Uint8Array): Promise<Ingested>
  /** Whether what its author signed is what is kept here, under the id that it is known by. */
  isGenuine(operation: Operation): Promise<boolean>
  /** Signs an operation of this device at the present heads. It still has to be ingested and published. */
  sign(body: OperationBody): Promise<Uint8Array>
  /** What this device's next bundle names. */
  namedHeads(): readonly OperationId[]
  /** Whether every one of `ids` is `head` or lies in the past of one of `heads`. */
  covers(heads: readonly OperationId[], ids: readonly OperationId[]): boolean
}

export const operationDomain = "operation"
export const admissionDomain = "admission"

/** How an operation is kept in the device's sealed store: as it was transmitted. */
export const operationPut = (operation: Operation): StoreChange => ({
  type: "Put",
  key: ["operation", operation.id],
  value: operation.bytes,
})

/** The group's genesis among raw operations, if its own signature holds. Others may have left theirs beside it. */
export const genuineGenesis = async (
  sealer: Sealer,
  operations: readonly Uint8Array[],
  group: GroupId,
): Promise<Operation | undefined> => {
  for (const bytes of operations) {
    const parsed = parseOperation(bytes, sealer.hash)
    if (!parsed.ok || parsed.value.group !== group || parsed.value.body.type !== "genesis") continue
    const { signedPart, signature, body } = parsed.value
    if (await sealer.verify(operationDomain, body.keys.signing, signedPart, signature)) return parsed.value
  }
  return undefined
}

/**
 * The log that a newcomer was handed: what of the raw operations is genuine, parents first. `undefined` when it is
 * another group's, or does not admit the newcomer itself.
 */
export const genuineLog = async (
  deps: { readonly sealer: Sealer; readonly identity: DeviceIdentity },
  logKey: Uint8Array,
  group: GroupId,
  operations: readonly Uint8Array[],
): Promise<readonly Operation[] | undefined> => {
  const { sealer, identity } = deps
  const genesis = await genuineGenesis(sealer, operations, group)
  if (genesis === undefined) return undefined
  const session = await openGroupSession({ sealer }, { identity, logKey }, [genesis])
  await ingestAll(session, sealer, operations)
  return session.state().devices.get(identity.id)?.live === true ? session.log.operations() : undefined
}

/** Takes in operations in whatever order they are: parents may come later. What is not valid is left out. */
export const ingestAll = async (
  session: GroupSession,
  sealer: Pick<Sealer, "hash">,
  operations: readonly Uint8Array[],
): Promise<void> => {
  const parsed = operations.flatMap(bytes => {
    const operation = parseOperation(bytes, sealer.hash)
    return operation.ok ? [operation.value] : []
  })
  for (const { bytes } of parentsFirst(parsed)) await session.ingest(bytes)
}

const foundedLog = (operations: readonly Operation[], { hash }: Sealer): GroupLog => {
  const genesis = operations.find(operation => operation.body.type === "genesis")
  if (genesis === undefined) throw new Error("the group has no genesis")
  const created = createGroupLog(genesis, hash)
  if (!created.ok) throw new Error(`the genesis is not valid: ${created.error.type}`)
  return created.value
}

/** `checkpoint`: what this device kept of an earlier session, if it did (`GroupSession.checkpoint`). */
export const openGroupSession = async (
  deps: { readonly sealer: Sealer },
  own: { readonly identity: DeviceIdentity; readonly logKey: Uint8Array },
  operations: readonly Operation[],
  checkpoint?: Uint8Array,
): Promise<GroupSession> => {
  const { sealer } = deps
  const kept = checkpoint && openCheckpoint(checkpoint, operations)
  const resumed = kept && resumeGroupLog(kept.resumed, sealer.hash)
  const log = resumed ?? foundedLog(operations, sealer)
  const keyring = new Keyring(sealer, own.identity, own.logKey)
  const everyone = log.state().everyone

  // In a genesis the circle stands as zeros: the group's id, from which Everyone's follows, was not known yet.
  const normalised = (rekey: Rekey): Rekey => {
    if (!/^0+$/.test(rekey.circle)) return rekey
    return { ...rekey, circle: everyone, wraps: rekey.wraps.map(wrap => ({ ...wrap, circle: everyone })) }
  }
  const keysByDevice = new Map<DeviceId, DeviceKeys>()
  /** In the order in which they were added: a key belongs to the first rekey that names its epoch. */
  const learnDevices = (added: readonly Operation[]): void => {
    for (const { body } of added) {
      const keys = body.type === "genesis" ? body.keys : admissionOf(body)?.keys
      if (keys !== undefined) keysByDevice.set(deviceIdOf(keys, sealer.hash), keys)
    }
  }
  const learn = (added: readonly Operation[]): void => {
    learnDevices(added)
    const rekeys = added.flatMap(({ body }) => rekeysOf(body)).map(normalised)
    keyring.learn(
      rekeys,
      added.flatMap(({ body }) => wrapsOf(body)),
    )
    keyring.registerCombined(log.state())
  }

  const add = (operation: Operation): Ingested => {
    const added = log.add(operation)
    if (added === "Duplicate") return { type: "Duplicate" }
    if (added === "Added") {
      learn([operation])
      return { type: "Added", operation }
    }
    if ("missing" in added) return { type: "Missing", operations: added.missing }
    return { type: "Refused", reason: added.refused.type }
  }

  // The store lists in no order.
  if (kept !== undefined && resumed !== undefined) {
    learnDevices(kept.resumed.operations)
    keyring.resume(kept.more as KeptKeys, log.state())
  }
  const rest = resumed === undefined || kept === undefined ? operations : kept.rest
  const folded = parentsFirst(rest).filter(
    operation => operation.body.type === "genesis" || log.add(operation) === "Added",
  )
  if (folded.length > 0) learn(folded)

  const isSigned = async (operation: Operation): Promise<boolean> => {
    const signer = log.signerOf(operation)
    if (signer === undefined) return false
    if (!(await sealer.verify(operationDomain, signer, operation.signedPart, operation.signature)))
      return false
    const admission = admissionOf(operation.body)
    if (admission === undefined) return true
    const message = admissionMessage(log.group, admission.member, admission.keys)
    return sealer.verify(admissionDomain, admission.keys.signing, message, admission.proof)
  }

  const covers = (heads: readonly OperationId[], ids: readonly OperationId[]): boolean => {
    const open = new Set(ids.filter(id => !heads.includes(id)))
    const stack = [...heads]
    const seen = new Set<OperationId>()
    for (let id = stack.pop(); id !== undefined && open.size > 0; id = stack.pop()) {
      if (seen.has(id)) continue
      seen.add(id)
      open.delete(id)
      stack.push(...(log.get(id)?.parents ?? []))
    }
    return open.size === 0
  }

  return {
    group: log.group,
    log,
    keyring,
    state: () => log.state(),
    keysOf: device => keysByDevice.get(device),
    foldedAtOpening: folded.length,
    checkpoint: () => encodeCheckpoint(log.heads(), log.operations(), log.checkpoint(), keyring.kept()),
    covers,
    namedHeads: () => log.namedHeads(own.identity.id),
    isGenuine: async ({ id, bytes }) => {
      const parsed = parseOperation(bytes, sealer.hash)
      return parsed.ok && parsed.value.id === id && (await isSigned(parsed.value))
    },
    ingest: async bytes => {
      const parsed = parseOperation(bytes, sealer.hash)
      if (!parsed.ok) return { type: "Refused", reason: parsed.error.type }
      const operation = parsed.value
      if (log.has(operation.id)) return { type: "Duplicate" }
      if (operation.group !== log.group) return { type: "Refused", reason: "AnotherGroup" }
      const missing = operation.parents.filter(parent => !log.has(parent))
      if (missing.length > 0) return { type: "Missing", operations: missing }
      if (!(await isSigned(operation))) return { type: "Refused", reason: "BadSignature" }
      return add(operation)
    },
    sign: async body => {
      const seq = log.nextSeq(own.identity.id)
      const unsigned = encodeUnsignedOperation({
        group: log.group,
        parents: log.namedHeads(own.identity.id),
        author: own.identity.id,
        seq,
        body,
      })
      return joinOperation(
        unsigned,
        await sealer.sign(operationDomain, own.identity.secrets.signing, unsigned),
      )
    },
  }
}
