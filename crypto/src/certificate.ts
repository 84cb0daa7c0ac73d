import { concatBytes } from "@home/shared/base"
import { type Certificate, type Sealer, certificateDomain, encodeCertificate } from "@home/shared/wire"
import type { DeviceIdentity } from "./identity.js"

/**
 * A device's word that a feed is its own: the layout is shared/wire's, `version u8 | group 32 | device 16 |
 * circle 16 (zeros = the log) | incarnation 16 | feed 32 | signature 64`, all but the signature signed. SPEC.md K34.
 */
export const signCertificate = async (
  sealer: Pick<Sealer, "sign">,
  identity: DeviceIdentity,
  feed: Pick<Certificate, "group" | "circle" | "incarnation" | "feed">,
): Promise<Uint8Array> => {
  const unsigned = encodeCertificate({ ...feed, device: identity.id })
  return concatBytes(unsigned, await sealer.sign(certificateDomain, identity.secrets.signing, unsigned))
}

/** `deviceKey`: the Ed25519 key that the log knows for `certificate.device`. */
export const verifyCertificate = (
  sealer: Pick<Sealer, "verify">,
  deviceKey: Uint8Array,
  certificate: Certificate,
): Promise<boolean> =>
  sealer.verify(certificateDomain, deviceKey, certificate.signedPart, certificate.signature)
