import {
  type CircleId,
  type GroupId,
  type MemberId,
  type Random,
  type StoreChange,
  bytesToHex,
} from "../base/index.js"
import {
  type Operation,
  type RecoveryKeys,
  type Voucher,
  deviceIdOf,
  encodeUnsignedOperation,
  joinOperation,
  parseOperation,
  voucherKeysOf,
} from "../access/index.js"
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

interface Founding {
  readonly member: MemberId
  readonly logKey: Uint8Array
  readonly genesis: Operation
}

/** The genesis with Everyone's first epoch, wrapped to this device, to the recovery key, and in a share to its voucher. */
const makeGenesis = async (
  deps: { readonly sealer: Sealer; readonly random: Random },
  identity: DeviceIdentity,
  recovery: RecoveryKeys,
  voucher: Voucher | undefined,
  member = bytesToHex(deps.random.bytes(16)) as MemberId,
): Promise<Founding> => {
  const { sealer, random } = deps
  const epochKey = random.bytes(32)
  const readers = [{ id: identity.id, wrapKey: identity.keys.wrap }]
  if (voucher !== undefined)
    readers.push({ id: deviceIdOf(voucherKeysOf(voucher), sealer.hash), wrapKey: voucher.wrap })
  const unsigned = encodeUnsignedOperation({
    group: "0".repeat(64) as GroupId,
    parents: [],
    author: identity.id,
    seq: 1,
    body: {
      type: "genesis",
      kind: voucher === undefined ? "family" : "share",
      nonce: random.bytes(16),
      founder: member,
      keys: identity.keys,
      recovery,
      rekey: firstRekey(sealer, everyoneToBe, epochKey, readers, recovery),
      voucher,
    },
  })
  const signature = await sealer.sign(operationDomain, identity.secrets.signing, unsigned)
  const parsed = parseOperation(joinOperation(unsigned, signature), sealer.hash)
  if (!parsed.ok) throw new Error("the genesis of our own does not parse")
  return { member, logKey: random.bytes(32), genesis: parsed.value }
}

/**
 * Founds a family, with the note by which the phrase finds it again. `member`: the founder's id in a family before, so
 * that what he wrote there is his own here; a new one if left out.
 */
export const foundFamily = async (
  deps: { readonly sealer: Sealer; readonly random: Random },
  identity: DeviceIdentity,
  recovery: RecoveryIdentity,
  member?: MemberId,
): Promise<Founded> => {
  const founding = await makeGenesis(deps, identity, recovery.keys, undefined, member)
  const { genesis, logKey } = founding
  const { group } = genesis
  const note = await recoveryNote(deps.sealer, recovery, { group, logKey })
  const changes: StoreChange[] = [operationPut(genesis), { type: "Put", key: recoveryNoteKey, value: note }]
  return { ...founding, group, changes }
}

/** Founds a share with another family. It has no note of its own: what opens it stands in the founding family. */
export const foundShare = async (
  deps: { readonly sealer: Sealer; readonly random: Random },
  identity: DeviceIdentity,
  recovery: RecoveryKeys,
  voucher: Voucher,
): Promise<Founded> => {
  const founding = await makeGenesis(deps, identity, recovery, voucher)
  return { ...founding, group: founding.genesis.group, changes: [operationPut(founding.genesis)] }
}
