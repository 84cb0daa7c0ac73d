import { type OperationId, type Random, type Result, equalBytes, err } from "../base/index.js"
import { type OperationBody, encodeUnsignedOperation, joinOperation } from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import { type Author, createAuthor } from "./author.js"
import { operationDomain } from "./group-session.js"
import type { ActError, Replica } from "./replica-port.js"

/**
 * An operation of a share, signed by a family's contact key: the recovery key of the side that founded it, the voucher of
 * the other. Published by this device, which must be in the share. `Refused` with `AuthorNotLive`: the key is neither, or
 * its side was taken out.
 */
export const actByContactKey = async (
  deps: { readonly sealer: Sealer; readonly random: Random },
  replica: Replica,
  signingSeed: Uint8Array,
  write: (author: Author) => Promise<OperationBody>,
): Promise<Result<OperationId, ActError>> => {
  const { sealer } = deps
  const { session, archive, feedsOf } = replica
  const { voucher, devices, recovery } = session.state()
  const signing = sealer.signingKeyOf(signingSeed)
  const vouching = voucher && devices.get(voucher.device)
  const isTheirs = vouching !== undefined && equalBytes(vouching.keys.signing, signing)
  if (voucher === undefined || (!isTheirs && !equalBytes(recovery.signing, signing)))
    return err({ type: "Refused", reason: "AuthorNotLive" })
  const by = isTheirs ? vouching.id : ("recovery" as const)
  const author = createAuthor({ ...deps, session, archive, device: by, feedsOf })
  const unsigned = encodeUnsignedOperation({
    group: session.group,
    parents: session.log.namedHeads(by),
    author: by,
    seq: session.log.nextSeq(by),
    body: await write(author),
  })
  return replica.actAs(joinOperation(unsigned, await sealer.sign(operationDomain, signingSeed, unsigned)))
}
