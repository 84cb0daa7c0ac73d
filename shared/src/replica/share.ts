import { type GroupId, type MemberId, type Result, equalBytes, err, ok } from "../base/index.js"
import { type Operation, deviceIdOf, rekeysOf } from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import type { Archive } from "./archive.js"
import type { DeviceIdentity } from "./identity.js"
import { admissionByKey } from "./key-admission.js"
import { findLog } from "./recover.js"

export type AcceptError =
  /** The log of the share is not there, or not whole. */
  | { readonly type: "LogIncomplete" }
  /** Its genesis names another family's contact key, or this side was taken out. */
  | { readonly type: "NotForUs" }

/** A device that a contact key has let into a share: store it, open a replica, publish `admission` by `actAs`. */
export interface Accepted {
  readonly member: MemberId
  /** Verified, without the admission. */
  readonly operations: readonly Operation[]
  readonly admission: Uint8Array
  /** The other side's contact signing key: whom this is shared with. */
  readonly sharedWith: Uint8Array
}

/** A family's contact secrets as the device that they are in a share. */
const voucherOf = (
  sealer: Sealer,
  secrets: { readonly signing: Uint8Array; readonly agreement: Uint8Array },
): DeviceIdentity => {
  const link = new Uint8Array(32)
  const keys = {
    signing: sealer.signingKeyOf(secrets.signing),
    wrap: sealer.agreementKeyOf(secrets.agreement),
    link,
  }
  return {
    id: deviceIdOf(keys, sealer.hash),
    keys,
    secrets: { signing: secrets.signing, wrap: secrets.agreement, link },
  }
}

/**
 * Comes into a share that another family founded for this one, or that another device of this family founded: the log
 * gives the wraps of the contact key, the newest one gives every key, and the contact key lets `identity`, made for this
 * share alone, in on its own side. It is the voucher of the one side, and the recovery key of the other.
 */
export const acceptShare = async (
  deps: { readonly sealer: Sealer },
  archive: Archive,
  share: { readonly group: GroupId; readonly logKey: Uint8Array },
  secrets: { readonly signing: Uint8Array; readonly agreement: Uint8Array },
  identity: DeviceIdentity,
): Promise<Result<Accepted, AcceptError>> => {
  const { sealer } = deps
  const own = voucherOf(sealer, secrets)
  const session = await findLog(sealer, archive, share, own)
  if (session === undefined) return err({ type: "LogIncomplete" })
  const { voucher, devices, founder, recovery } = session.state()
  const theirs = voucher && devices.get(voucher.device)
  if (voucher === undefined || theirs === undefined) return err({ type: "NotForUs" })
  const isFounding = equalBytes(recovery.signing, own.keys.signing)
  if (!isFounding && (voucher.device !== own.id || !theirs.live)) return err({ type: "NotForUs" })
  if (isFounding)
    for (const { body } of session.log.operations())
      for (const rekey of rekeysOf(body)) session.keyring.recover(secrets.agreement, rekey)
  const member = isFounding ? founder : voucher.member
  const by = { author: isFounding ? ("recovery" as const) : own.id, signingSeed: secrets.signing }
  const admission = await admissionByKey(sealer, session, by, member, identity)
  const sharedWith = isFounding ? theirs.keys.signing : recovery.signing
  return ok({ member, operations: session.log.operations(), admission, sharedWith })
}
