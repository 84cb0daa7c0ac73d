import { type KeyObject, createPrivateKey } from "node:crypto"
import { base64Url, plain } from "./public.js"

type Curve = "Ed25519" | "X25519"

/** PKCS #8 of RFC 8410 section 7 up to the 32 bytes of the key itself. */
const derPrefix: Readonly<Record<Curve, Buffer>> = {
  Ed25519: Buffer.from("302e020100300506032b657004220420", "hex"),
  X25519: Buffer.from("302e020100300506032b656e04220420", "hex"),
}

const fromJwk = (crv: Curve, secret: Uint8Array): KeyObject =>
  createPrivateKey({ key: { kty: "OKP", crv, d: base64Url(secret), x: "" }, format: "jwk" })

export const fromDer = (crv: Curve, secret: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([derPrefix[crv], secret]), format: "der", type: "pkcs8" })

/** Node up to 25 computes `x` itself; later ones refuse a key whose `x` is not its own. */
const computesPublicHalf = (): boolean => {
  try {
    return (fromJwk("X25519", new Uint8Array(32)).export({ format: "jwk" }).x ?? "") !== ""
  } catch {
    return false
  }
}

/** DER costs OpenSSL 3 ten times the time of a JWK. */
const quickest = computesPublicHalf() ? fromJwk : fromDer

interface SecretKey {
  readonly key: KeyObject
  readonly publicKey: Uint8Array
}

const publicHalf = (key: KeyObject): Uint8Array =>
  plain(Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url")).slice()

/**
 * Keys by the array that holds them, for as long as it lives: a feed signs each bundle with the same one, and
 * making the key costs as much as the signature. The bytes are compared, since an array can be filled anew.
 */
export const createSecretKeys = (
  crv: Curve,
  importSecret: (crv: Curve, secret: Uint8Array) => KeyObject = quickest,
): ((secret: Uint8Array) => SecretKey) => {
  const known = new WeakMap<Uint8Array, SecretKey & { readonly bytes: Uint8Array }>()
  return secret => {
    if (secret.length !== 32) throw new TypeError(`an ${crv} secret has 32 bytes`)
    const before = known.get(secret)
    if (before?.bytes.every((byte, i) => byte === secret[i])) return before
    const key = importSecret(crv, secret)
    const made = { key, publicKey: publicHalf(key), bytes: secret.slice() }
    known.set(secret, made)
    return made
  }
}
