import { type GroupId, type MemberId, type Result, err, ok } from "../base/index.js"
import { type Operation, deviceIdOf } from "../access/index.js"
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

/** A device that the voucher has let into a share: store it, open a replica, publish `admission` by `actAs`. */
export interface Accepted {
  readonly member: MemberId
  /** Verified, without the admission. */
  readonly operations: readonly Operation[]
  readonly admission: Uint8Array
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
 * Comes into a share that another family founded for this one: the log gives the voucher's wraps, the newest wrap gives
 * every key, and the voucher lets `identity`, made for this share alone, in as its side's device.
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
  const { voucher, devices } = session.state()
  if (voucher?.device !== own.id || devices.get(own.id)?.live !== true) return err({ type: "NotForUs" })
  const by = { author: own.id, signingSeed: secrets.signing }
  const admission = await admissionByKey(sealer, session, by, voucher.member, identity)
  return ok({ member: voucher.member, operations: session.log.operations(), admission })
}
