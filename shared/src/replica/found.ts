import {
  type CircleId,
  type GroupId,
  type MemberId,
  type Random,
  type StoreChange,
  bytesToHex,
} from "../base/index.js"
import { type Operation, encodeUnsignedOperation, joinOperation, parseOperation } from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import { firstRekey } from "./author.js"
import { operationDomain, operationPut } from "./group-session.js"
import type { DeviceIdentity } from "./identity.js"
import { type RecoveryIdentity, recoveryNote, recoveryNoteKey } from "./recover.js"

/** A family that was just founded, on this device only: write `changes` and open a replica over the store. */
export interface Founded {
  readonly group: GroupId
  readonly member: MemberId
  readonly logKey: Uint8Array
  readonly genesis: Operation
  readonly changes: readonly StoreChange[]
}

/** Before the group has an id, Everyone stands as zeros. */
const everyoneToBe = "0".repeat(32) as CircleId

/**
 * Founds a family: the genesis with Everyone's first epoch, wrapped to this device and to the recovery key, and the
 * note by which the phrase finds it again.
 */
export const foundFamily = async (
  deps: { readonly sealer: Sealer; readonly random: Random },
  identity: DeviceIdentity,
  recovery: RecoveryIdentity,
): Promise<Founded> => {
  const { sealer, random } = deps
  const member = bytesToHex(random.bytes(16)) as MemberId
  const epochKey = random.bytes(32)
  const reader = { id: identity.id, wrapKey: identity.keys.wrap }
  const unsigned = encodeUnsignedOperation({
    group: "0".repeat(64) as GroupId,
    parents: [],
    author: identity.id,
    seq: 1,
    body: {
      type: "genesis",
      kind: "family",
      nonce: random.bytes(16),
      founder: member,
      keys: identity.keys,
      recovery: recovery.keys,
      rekey: firstRekey(sealer, everyoneToBe, epochKey, [reader], recovery.keys),
    },
  })
  const signature = await sealer.sign(operationDomain, identity.secrets.signing, unsigned)
  const parsed = parseOperation(joinOperation(unsigned, signature), sealer.hash)
  if (!parsed.ok) throw new Error("the genesis of our own does not parse")
  const { group } = parsed.value
  const logKey = random.bytes(32)
  const note = await recoveryNote(sealer, recovery, { group, logKey })
  return {
    group,
    member,
    logKey,
    genesis: parsed.value,
    changes: [operationPut(parsed.value), { type: "Put", key: recoveryNoteKey, value: note }],
  }
}
