import { type Primitives, judgesStrictly, noble } from "@home/crypto"
import { isStrictSignature } from "@home/crypto/verify"

const algorithm = { name: "Ed25519" }

/** RFC 8410 section 7: what stands before the 32 bytes of a seed in PKCS #8. */
const pkcs8Start = Uint8Array.of(
  ...[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20],
)

/** WebCrypto takes no view of shared memory, and types say so. */
const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

const signaturesOf = (subtle: SubtleCrypto): Pick<Primitives, "ed25519Sign" | "ed25519Verify"> => ({
  ed25519Verify: async (publicKey, message, signature) => {
    if (!isStrictSignature(publicKey, signature)) return false
    try {
      const key = await subtle.importKey("raw", owned(publicKey), algorithm, false, ["verify"])
      return await subtle.verify(algorithm, key, owned(signature), owned(message))
    } catch {
      return false // 32 bytes that are no point: some platforms refuse to import them
    }
  },
  ed25519Sign: async (seed, message) => {
    if (seed.length !== 32) throw new TypeError("a seed has 32 bytes")
    const encoded = new Uint8Array(pkcs8Start.length + seed.length)
    encoded.set(pkcs8Start)
    encoded.set(seed, pkcs8Start.length)
    const key = await subtle.importKey("pkcs8", encoded, algorithm, false, ["sign"])
    encoded.fill(0)
    return new Uint8Array(await subtle.sign(algorithm, key, owned(message)))
  },
})

const works = async (
  signatures: Pick<Primitives, "ed25519Sign" | "ed25519Verify">,
  reference: Primitives,
): Promise<boolean> => {
  try {
    const seed = new Uint8Array(32).fill(7)
    const message = new Uint8Array(3)
    const signed = await signatures.ed25519Sign(seed, message)
    const expected = await reference.ed25519Sign(seed, message)
    return signed.every((byte, i) => byte === expected[i]) && (await judgesStrictly(signatures.ed25519Verify))
  } catch {
    return false // no Ed25519 on this platform
  }
}

/**
 * noble's primitives, with WebCrypto's Ed25519 (some ten times as fast) where the platform has it and judges the
 * signatures that divide implementations as we do (crypto/SPEC.md K12). Everything else is called per bundle and
 * without waiting: there noble is the quicker way.
 */
export const findPrimitives = async (subtle: SubtleCrypto | undefined): Promise<Primitives> => {
  const signatures = subtle && signaturesOf(subtle)
  return signatures !== undefined && (await works(signatures, noble)) ? { ...noble, ...signatures } : noble
}

/** The same for whoever starts before the platform was looked at: signatures wait for the answer, nothing else does. */
export const createWebPrimitives = (subtle: SubtleCrypto | undefined): Primitives => {
  const found = findPrimitives(subtle)
  return {
    ...noble,
    ed25519Verify: async (publicKey, message, signature) =>
      (await found).ed25519Verify(publicKey, message, signature),
    ed25519Sign: async (seed, message) => (await found).ed25519Sign(seed, message),
  }
}
