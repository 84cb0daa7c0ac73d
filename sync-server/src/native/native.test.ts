import { noble } from "@home/crypto"
import { runBlobCipherContract, runPrimitivesContract, runWycheproof } from "@home/crypto/testing"
import { describe, expect, it } from "vitest"
import { nativeAesGcm } from "./aes-gcm.js"
import { native } from "./all.js"
import { createSecretKeys, fromDer } from "./secret-key.js"

runPrimitivesContract("node:crypto", native)
runWycheproof("node:crypto", native)
runBlobCipherContract("node:crypto", nativeAesGcm)

describe("signatures of a batch", () => {
  it("[K12] are judged side by side as each alone", async () => {
    const seed = Uint8Array.from({ length: 32 }, (_, i) => i)
    const publicKey = native.ed25519PublicKey(seed)
    const signed = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const message = Uint8Array.of(i)
        const signature = await native.ed25519Sign(seed, message)
        return { message: i % 3 === 0 ? Uint8Array.of(i, 0) : message, signature }
      }),
    )
    const judged = signed.map(({ message, signature }) => native.ed25519Verify(publicKey, message, signature))
    expect(await Promise.all(judged)).toEqual(signed.map((_, i) => i % 3 !== 0))
    const noPoint = new Uint8Array(32).fill(2)
    for (const { message, signature } of signed.slice(1, 3))
      expect(await native.ed25519Verify(noPoint, message, signature)).toBe(false)
  })
})

describe("secret keys", () => {
  it("[K12] are the same as DER, which Node takes where it checks the public half of a JWK", () => {
    const secret = Uint8Array.from({ length: 32 }, (_, i) => i)
    const signing = createSecretKeys("Ed25519", fromDer)
    expect(signing(secret).publicKey).toEqual(noble.ed25519PublicKey(secret))
    const agreement = createSecretKeys("X25519", fromDer)
    expect(agreement(secret).publicKey).toEqual(noble.x25519PublicKey(secret))
  })
})
