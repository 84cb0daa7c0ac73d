import {
  ByteReader,
  type CircleId,
  type DeviceId,
  type GroupId,
  type IncarnationId,
  type MemberId,
  type Random,
  type Result,
  concatBytes,
  err,
  hexToBytes,
  ok,
} from "@home/shared/base"
import { type DeviceKeys, admissionMessage, deviceIdOf } from "@home/shared/access"
import type { Sealer } from "@home/shared/wire"
import { domains } from "./domain.js"
import { deriveKey, keyBytes } from "./key.js"
import { noble } from "./noble/all.js"
import type { Primitives } from "./primitives.js"
import { createVerifier } from "./verify.js"

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
  return { id: deviceIdOf(keys, createVerifier(primitives).hash), keys, secrets }
}

export const createDeviceIdentity = (random: Random, primitives: Primitives = noble): DeviceIdentity =>
  identityOf(primitives, {
    signing: random.bytes(keyBytes),
    wrap: random.bytes(keyBytes),
    link: random.bytes(keyBytes),
    feedRoot: random.bytes(keyBytes),
  })

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
