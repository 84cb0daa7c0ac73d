import { argon2id as nobleArgon2id } from "@noble/hashes/argon2.js"
import { argon2id } from "hash-wasm"
import { bytesToHex } from "@home/shared/base"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { report } from "../testing/samples.js"

const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value)

describe("argon2id", () => {
  // The RFC's vector has associated data, which hash-wasm does not take: noble's (unaudited, used here only)
  // carries the RFC over, and hash-wasm must agree with it wherever both can go.
  it("[K46] RFC 9106 section 5.3 holds for noble, and hash-wasm agrees with noble", async () => {
    const options = { t: 3, m: 32, p: 4, key: filled(8, 3), dkLen: 32 }
    const tag = nobleArgon2id(filled(32, 1), filled(16, 2), { ...options, personalization: filled(12, 4) })
    expect(bytesToHex(tag)).toBe("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")
    const bare = nobleArgon2id(filled(32, 1), filled(16, 2), options)
    const wasm = await argon2id({
      password: filled(32, 1),
      salt: filled(16, 2),
      secret: filled(8, 3),
      iterations: 3,
      parallelism: 4,
      memorySize: 32,
      hashLength: 32,
      outputType: "binary",
    })
    expect(bytesToHex(wasm)).toBe(bytesToHex(bare))
    report("rfc9106/5.3", 1)
  })

  it("[K46] the reference implementation's own tests, version 0x13", async () => {
    const base = {
      password: "password",
      salt: "somesalt",
      iterations: 2,
      parallelism: 1,
      hashLength: 32,
    } as const
    expect(await argon2id({ ...base, memorySize: 65536, outputType: "hex" })).toBe(
      "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
    )
    expect(await argon2id({ ...base, memorySize: 256, outputType: "hex" })).toBe(
      "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
    )
    report("argon2id/reference", 2)
  })

  it("[K46] agrees with noble on any input", async () => {
    const password = fc.uint8Array({ minLength: 1, maxLength: 40 })
    const salt = fc.uint8Array({ minLength: 16, maxLength: 16 })
    await fc.assert(
      fc.asyncProperty(password, salt, fc.integer({ min: 1, max: 3 }), async (secret, salted, iterations) => {
        const wasm = await argon2id({
          password: secret,
          salt: salted,
          iterations,
          parallelism: 1,
          memorySize: 64,
          hashLength: 32,
          outputType: "binary",
        })
        expect(bytesToHex(wasm)).toBe(
          bytesToHex(nobleArgon2id(secret, salted, { t: iterations, m: 64, p: 1, dkLen: 32 })),
        )
      }),
      { numRuns: 20 },
    )
  })
})
