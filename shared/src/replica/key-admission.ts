import {
  type DeviceAdmission,
  admissionMessage,
  encodeUnsignedOperation,
  joinOperation,
} from "../access/index.js"
import type { Author, KeyWrap } from "../access/index.js"
import type { MemberId } from "../base/index.js"
import type { Sealer } from "../wire/index.js"
import { wrapsOfEpochs } from "./author.js"
import { type GroupSession, admissionDomain, operationDomain } from "./group-session.js"
import { epochsForNewcomer } from "./history-keys.js"
import type { DeviceIdentity } from "./identity.js"

/**
 * The operation by which a key that is no device at work (the recovery phrase's, a share's voucher) lets a new device
 * in, with wraps of all that its member reads and the session's keys open.
 */
export const admissionByKey = async (
  sealer: Sealer,
  session: GroupSession,
  by: { readonly author: Author; readonly signingSeed: Uint8Array },
  member: MemberId,
  identity: DeviceIdentity,
): Promise<Uint8Array> => {
  const wraps: KeyWrap[] = []
  for (const circle of session.state().circles.values()) {
    if (!circle.members.has(member)) continue
    const epochs = epochsForNewcomer(session.keyring, circle)
    const to = { id: identity.id, wrapKey: identity.keys.wrap }
    wraps.push(...wrapsOfEpochs(sealer, session.keyring, circle.id, epochs, to))
  }
  const proof = await sealer.sign(
    admissionDomain,
    identity.secrets.signing,
    admissionMessage(session.group, member, identity.keys),
  )
  const device: DeviceAdmission = { keys: identity.keys, proof }
  const unsigned = encodeUnsignedOperation({
    group: session.group,
    parents: session.log.namedHeads(by.author),
    author: by.author,
    seq: session.log.nextSeq(by.author),
    body: { type: "addDevice", member, device, wraps },
  })
  return joinOperation(unsigned, await sealer.sign(operationDomain, by.signingSeed, unsigned))
}
