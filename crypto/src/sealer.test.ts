import { describe, expect, it } from "vitest"
import { randomBytes } from "node:crypto"
import { createSealer } from "./index.js"
const sealer = createSealer({ random: { bytes: n => new Uint8Array(randomBytes(n)) } })
const r = (n: number): Uint8Array => new Uint8Array(randomBytes(n))
describe("smoke", () => {
  it("seals", async () => {
    const key = r(32)
    const b = await sealer.sealBundle({ key, feedSeed: r(32), seq: 1, prev: r(32), body: r(100) })
    expect(await sealer.verifyBundle(b)).toBe(true)
    expect(sealer.openBundle(b, key)?.length).toBe(100)
    const room = sealer.roomOf(key, "wss://x")
    expect(sealer.openOuter(room, sealer.sealOuter(room, b.bytes))).toEqual(b.bytes)
    const s = r(32)
    expect(sealer.unwrapKey(s, r(0), sealer.wrapKey(sealer.agreementKeyOf(s), r(0), key))).toEqual(key)
  })
})
