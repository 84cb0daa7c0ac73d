import {
  ByteReader,
  type DeviceId,
  type GroupId,
  type MemberId,
  type Random,
  type Result,
  concatBytes,
  err,
  ok,
} from "@home/shared/base"
import { type DeviceKeys, admissionMessage, deviceIdOf } from "@home/shared/access"
import type { Sealer } from "@home/shared/wire"
import { keyBytes } from "./key.js"
import { noble } from "./noble/all.js"
import type { Primitives } from "./primitives.js"
import { createVerifier } from "./verify.js"

/**
 * A device's own secrets, made on it and never sent: one key, one purpose. `signing` is an Ed25519 seed, `wrap`
 * (receives epoch keys) and `link` (Noise) are X25519 secrets. The seeds of its feeds are drawn anew for every
 * incarnation, by the replica: a copied device must not be able to write on in the feed that it was copied from.
 */
export interface DeviceIdentity {
  readonly id: DeviceId
  readonly keys: DeviceKeys
  readonly secrets: {
    readonly signing: Uint8Array
    readonly wrap: Uint8Array
    readonly link: Uint8Array
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
  })

/** `version u8 | signing 32 | wrap 32 | link 32`, all secret: only ever stored sealed. */
export const encodeIdentity = (identity: DeviceIdentity): Uint8Array => {
  const { signing, wrap, link } = identity.secrets
  return concatBytes(Uint8Array.of(identityVersion), signing, wrap, link)
}

export const parseIdentity = (
  bytes: Uint8Array,
  primitives: Primitives = noble,
): Result<DeviceIdentity, { readonly type: "IdentityMalformed" }> => {
  const reader = new ByteReader(bytes)
  if (reader.u8() !== identityVersion) reader.fail()
  const secret = (): Uint8Array => reader.bytes(keyBytes).slice()
  const secrets = { signing: secret(), wrap: secret(), link: secret() }
  return reader.end() ? ok(identityOf(primitives, secrets)) : err({ type: "IdentityMalformed" })
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
