import { textToBytes } from "@home/shared/base"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type PakeGroup, cpaceGenerator, cpaceKey, startCpace } from "./cpace.js"
import { nobleRistretto } from "./noble/ristretto.js"
import { fromHex } from "./testing/bytes.js"
import { readSample, report } from "./testing/samples.js"

type Fields = Readonly<Record<string, string>>
interface Samples {
  readonly G_Coffee25519: Fields
  readonly G_Coffee25519_points: { readonly Valid: Fields } & Readonly<Record<string, string | Fields>>
}

const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
const group: PakeGroup = nobleRistretto
const side = (
  role: "initiator" | "responder",
  password: string,
  more: { readonly channel?: string; readonly session?: number } = {},
) =>
  startCpace({
    role,
    password: textToBytes(password),
    channel: textToBytes(more.channel ?? "room"),
    session: new Uint8Array(16).fill(more.session ?? 1),
    group,
    random,
  })

describe("CPace", () => {
  const samples = readSample<Samples>("cpace_vectors.json")

  it.skipIf(samples === undefined)(
    "[K90] computes what the draft's vectors say, and refuses what they refuse",
    () => {
      if (samples === undefined) return
      const field = (name: string): Uint8Array =>
        fromHex((samples.G_Coffee25519[name] ?? "none").toLowerCase())
      const generator = cpaceGenerator(group, field("PRS"), field("CI"), field("sid"))
      expect(generator).toEqual(field("g"))
      expect(group.multiply(field("ya"), generator)).toEqual(field("Ya"))
      expect(group.multiply(field("yb"), generator)).toEqual(field("Yb"))
      expect(group.multiply(field("ya"), field("Yb"))).toEqual(field("K"))
      expect(group.multiply(field("yb"), field("Ya"))).toEqual(field("K"))
      const initiator = { share: field("Ya"), associated: field("ADa") }
      const responder = { share: field("Yb"), associated: field("ADb") }
      expect(cpaceKey(group, field("sid"), field("K"), initiator, responder)).toEqual(field("ISK_IR"))

      const { Valid: valid, ...invalid } = samples.G_Coffee25519_points
      const point = (name: string): Uint8Array => fromHex((valid[name] ?? "none").toLowerCase())
      expect(group.multiply(point("s"), point("X"))).toEqual(point("G.scalar_mult_vfy(s,X)"))
      const refused = Object.values(invalid).filter(value => typeof value === "string")
      for (const bad of refused)
        expect(group.multiply(point("s"), fromHex(bad.toLowerCase()))).toBeUndefined()
      expect(refused.length).toBeGreaterThan(0)
      report("CPace", 7 + refused.length)
    },
  )

  it("[K90] gives both the same key when password, channel and session agree, and different ones otherwise", () => {
    const a = side("initiator", "river apple stone")
    const keyFor = (b: ReturnType<typeof side>): readonly (Uint8Array | undefined)[] => [
      a.finish(b.share),
      b.finish(a.share),
    ]
    const [mine, theirs] = keyFor(side("responder", "river apple stone"))
    expect(mine).toHaveLength(64)
    expect(mine).toEqual(theirs)
    for (const other of [
      side("responder", "river apple storm"),
      side("responder", "river apple stone", { channel: "another room" }),
      side("responder", "river apple stone", { session: 2 }),
      side("initiator", "river apple stone"),
    ]) {
      const [one, two] = keyFor(other)
      expect(one).not.toEqual(two)
    }
  })

  it("[K90] takes no share that is not one canonical element other than the identity", () => {
    const a = side("initiator", "x")
    expect(a.finish(new Uint8Array(32))).toBeUndefined()
    expect(a.finish(new Uint8Array(31))).toBeUndefined()
    expect(a.finish(new Uint8Array(33))).toBeUndefined()
    expect(a.finish(new Uint8Array(32).fill(0xff))).toBeUndefined()
    let elements = 0
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), bytes => {
        const key = a.finish(bytes)
        if (key !== undefined) elements += 1
        return key === undefined || key.length === 64
      }),
      { numRuns: 200 },
    )
    // One in sixteen random strings is an element: some are taken, most are not.
    expect(elements).toBeLessThan(60)
  })
})
