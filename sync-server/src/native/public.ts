import { type KeyObject, createPublicKey, hash, verify } from "node:crypto"
import { type PublicPrimitives, isStrictSignature } from "@home/crypto/verify"

/** The same bytes as a plain `Uint8Array`: a Buffer's `slice` would not copy. */
export const plain = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)

export const base64Url = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64url")

/** RFC 8037 section 2. A quarter of the time that the same key as DER takes. */
export const publicKeyOf = (crv: "Ed25519" | "X25519", bytes: Uint8Array): KeyObject =>
  createPublicKey({ key: { kty: "OKP", crv, x: base64Url(bytes) }, format: "jwk" })

/** Of the keys seen last: a feed's is asked for with each of its bundles. */
const keptKeys = 256
const signingKeys = new Map<string, KeyObject>()

/** OpenSSL takes 32 bytes of any kind here; that they are no point shows as `false` when they verify. */
const signingKeyOf = (publicKey: Uint8Array): KeyObject => {
  const name = base64Url(publicKey)
  const known = signingKeys.get(name)
  if (known !== undefined) return known
  const made = publicKeyOf("Ed25519", publicKey)
  if (signingKeys.size >= keptKeys) signingKeys.clear()
  signingKeys.set(name, made)
  return made
}

/** So many signatures of a turn are checked at once: a few would wait longer for another thread than they take. */
const checkedAtOnce = 3
let checkedInTurn = 0

/** The first of a turn are checked at once; the rest of a batch goes to libuv's threads, side by side. */
const ed25519Verify: PublicPrimitives["ed25519Verify"] = (publicKey, message, signature) => {
  if (!isStrictSignature(publicKey, signature)) return Promise.resolve(false)
  const key = signingKeyOf(publicKey)
  if (checkedInTurn < checkedAtOnce) {
    if (checkedInTurn === 0)
      queueMicrotask(() => {
        checkedInTurn = 0
      })
    checkedInTurn += 1
    return Promise.resolve(verify(null, message, key, signature))
  }
  return new Promise((resolve, reject) => {
    verify(null, message, key, signature, (error, isGenuine) => {
      if (error === null) resolve(isGenuine)
      else reject(error)
    })
  })
}

/** node:crypto's share of what needs no secret: hashes and signatures, all that a relay has. */
export const nativePublic: PublicPrimitives = {
  sha256: bytes => plain(hash("sha256", bytes, "buffer")),
  ed25519Verify,
}
