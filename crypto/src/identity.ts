import {
  ByteReader,
  type CircleId,
  type DeviceId,
  type GroupId,
  type IncarnationId,
  type MemberId,
  type Random,
  type Result,
  ByteWriter,
  bytesToHex,
  concatBytes,
  err,
  hexToBytes,
  ok,
} from "@home/shared/base"
import type { DeviceKeys } from "@home/shared/access"
import type { Sealer } from "@home/shared/wire"
import { domains, hashDomain, framedParts } from "./domain.js"
import { deriveKey, keyBytes } from "./key.js"
import { noble } from "./noble/all.js"
import type { Primitives, PublicPrimitives } from "./primitives.js"

/**
 * A device's own secrets, made on it and never sent: one key, one purpose. `signing` is an Ed25519 seed, `wrap`
 * (receives epoch keys) and `link` (Noise) are X25519 secrets, `feedRoot` yields the seeds of its feeds.
 */
export interface DeviceIdentity {
  readonly id: DeviceId
  readonly keys: DeviceKeys
  readonly secrets: {
    readonly signing: Uint8Array
    readonly wrap: Uint8Array
    readonly link: Uint8Array
    readonly feedRoot: Uint8Array
  }
}

const identityVersion = 1

const identityOf = (primitives: Primitives, secrets: DeviceIdentity["secrets"]): DeviceIdentity => {
  const keys = {
    signing: primitives.ed25519PublicKey(secrets.signing),
    wrap: primitives.x25519PublicKey(secrets.wrap),
    link: primitives.x25519PublicKey(secrets.link),
  }
  return { id: deviceIdOf(keys, primitives), keys, secrets }
}

export const createDeviceIdentity = (random: Random, primitives: Primitives = noble): DeviceIdentity =>
  identityOf(primitives, {
    signing: random.bytes(keyBytes),
    wrap: random.bytes(keyBytes),
    link: random.bytes(keyBytes),
    feedRoot: random.bytes(keyBytes),
  })

/** First 16 bytes of the hash (domain "device") over the three public keys, so that an id proves its keys. */
export const deviceIdOf = (keys: DeviceKeys, primitives: Pick<PublicPrimitives, "sha256"> = noble): DeviceId => {
  const framed = framedParts(hashDomain("device"), [keys.signing, keys.wrap, keys.link])
  return bytesToHex(primitives.sha256(framed).subarray(0, 16)) as DeviceId
}

/** `version u8 | signing 32 | wrap 32 | link 32 | feedRoot 32`, all secret: only ever stored sealed. */
export const encodeIdentity = (identity: DeviceIdentity): Uint8Array => {
  const { signing, wrap, link, feedRoot } = identity.secrets
  return concatBytes(Uint8Array.of(identityVersion), signing, wrap, link, feedRoot)
}

export const parseIdentity = (
  bytes: Uint8Array,
  primitives: Primitives = noble,
): Result<DeviceIdentity, { readonly type: "IdentityMalformed" }> => {
  const reader = new ByteReader(bytes)
  if (reader.u8() !== identityVersion) reader.fail()
  const secret = (): Uint8Array => reader.bytes(keyBytes).slice()
  const secrets = { signing: secret(), wrap: secret(), link: secret(), feedRoot: secret() }
  return reader.end() ? ok(identityOf(primitives, secrets)) : err({ type: "IdentityMalformed" })
}

/**
 * The Ed25519 seed of the feed of one incarnation and one circle (`undefined`: the log). Another incarnation
 * or circle has another feed, so that nobody sees holes for what he may not read.
 */
export const feedSeedOf = (
  identity: DeviceIdentity,
  incarnation: IncarnationId,
  circle: CircleId | undefined,
  primitives: Primitives = noble,
): Uint8Array => {
  const circleBytes = circle === undefined ? new Uint8Array(16) : bytesOfId(circle)
  return deriveKey(primitives, identity.secrets.feedRoot, domains.feed, bytesOfId(incarnation), circleBytes)
}

/** Sign domain of the admission proof. */
export const admissionDomain = "admission"

/** `group 32 | member 16 | signing 32 | wrap 32 | link 32`: this device wants to be this member's, in this group. */
export const admissionMessage = (group: GroupId, member: MemberId, keys: DeviceKeys): Uint8Array =>
  new ByteWriter().hex(group).hex(member).bytes(keys.signing).bytes(keys.wrap).bytes(keys.link).done()

/** Proves that whoever asks to be admitted holds the signing key, and binds the other keys, group and member. */
export const signAdmission = (
  sealer: Pick<Sealer, "sign">,
  identity: DeviceIdentity,
  group: GroupId,
  member: MemberId,
): Promise<Uint8Array> =>
  sealer.sign(admissionDomain, identity.secrets.signing, admissionMessage(group, member, identity.keys))

export const verifyAdmission = (
  sealer: Pick<Sealer, "verify">,
  group: GroupId,
  member: MemberId,
  keys: DeviceKeys,
  proof: Uint8Array,
): Promise<boolean> =>
  sealer.verify(admissionDomain, keys.signing, admissionMessage(group, member, keys), proof)

const bytesOfId = (id: string): Uint8Array => {
  const bytes = hexToBytes(id)
  if (bytes === undefined) throw new TypeError("an id is lower-case hex")
  return bytes
}
