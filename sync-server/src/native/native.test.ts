import { noble } from "@home/crypto"
import { runBlobCipherContract, runPrimitivesContract, runWycheproof } from "@home/crypto/testing"
import { describe, expect, it } from "vitest"
import { nativeAesGcm } from "./aes-gcm.js"
import { native } from "./all.js"
import { createSecretKeys, fromDer } from "./secret-key.js"

runPrimitivesContract("node:crypto", native)
runWycheproof("node:crypto", native)
runBlobCipherContract("node:crypto", nativeAesGcm)

describe("secret keys", () => {
  it("[K12] are the same as DER, which Node takes where it checks the public half of a JWK", () => {
    const secret = Uint8Array.from({ length: 32 }, (_, i) => i)
    const signing = createSecretKeys("Ed25519", fromDer)
    expect(signing(secret).publicKey).toEqual(noble.ed25519PublicKey(secret))
    const agreement = createSecretKeys("X25519", fromDer)
    expect(agreement(secret).publicKey).toEqual(noble.x25519PublicKey(secret))
  })
})
