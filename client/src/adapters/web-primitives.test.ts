import { noble } from "@home/crypto"
import { runPrimitivesContract, runWycheproof } from "@home/crypto/testing"
import { describe, expect, it } from "vitest"
import { findPrimitives } from "./web-primitives.js"

const { subtle } = globalThis.crypto
const found = await findPrimitives(subtle)

runPrimitivesContract("WebCrypto", found)
runWycheproof("WebCrypto", found)

/** A platform whose signatures are `verify`'s. */
const platform = (verify: SubtleCrypto["verify"]): SubtleCrypto =>
  new Proxy(subtle, {
    get: (target, name) => {
      if (name === "verify") return verify
      const value: unknown = Reflect.get(target, name)
      return typeof value === "function" ? value.bind(target) : value
    },
  })

describe("a platform's signatures", () => {
  it("[K12] are used where they are right", () => {
    expect(found.ed25519Verify).not.toBe(noble.ed25519Verify)
    expect(found.sha256).toBe(noble.sha256)
  })

  it("[K12] are not used where there are none, or where they judge another way", async () => {
    expect(await findPrimitives(undefined)).toBe(noble)
    const lax = platform(() => Promise.resolve(true))
    expect(await findPrimitives(lax)).toBe(noble)
    const absent = platform(() => Promise.reject(new DOMException("unknown", "NotSupportedError")))
    expect(await findPrimitives(absent)).toBe(noble)
  })
})
