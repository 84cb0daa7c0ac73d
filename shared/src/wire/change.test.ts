import "@automerge/automerge"
import { createHash } from "node:crypto"
import { deflateRawSync } from "node:zlib"
import * as A from "@automerge/automerge"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bytesToHex, concatBytes } from "../base/index.js"
import { parseChange } from "./change.js"
import { limits } from "./limits.js"

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest())
const actor = (n: number): string => n.toString(16).padStart(32, "0")

interface Doc {
  map: Record<string, unknown>
  list: unknown[]
  text: string
}
type Edit = (draft: Doc) => void
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc
    .tuple(
      fc.string({ maxLength: 8 }),
      fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(0.5), fc.date({ noInvalidDate: true })),
    )
    .map(([key, value]): Edit => draft => {
      draft.map[`k${key}`] = value
    }),
  fc.array(fc.integer(), { maxLength: 6 }).map((numbers): Edit => draft => {
    draft.list.push(...numbers)
  }),
  fc.string({ maxLength: 400 }).map((text): Edit => draft => {
    A.splice(draft as unknown as A.Doc<unknown>, ["text"], 0, 0, text)
  }),
  fc.constant<Edit>(draft => {
    if (draft.list.length > 0) draft.list.splice(0, 1)
  }),
)

/** Edits of three actors that merge now and then: changes with one, several and foreign dependencies. */
const history = fc.array(fc.record({ by: fc.integer({ min: 0, max: 2 }), edit, merge: fc.boolean() }), {
  minLength: 1,
  maxLength: 12,
})
const changesOf = (steps: readonly { by: number; edit: Edit; merge: boolean }[]): readonly Uint8Array[] => {
  const first = A.from<Record<string, unknown>>({ map: {}, list: [], text: "" }, { actor: actor(9) })
  const docs = [0, 1, 2].map(n => A.clone(first, { actor: actor(n) }))
  for (const { by, edit, merge } of steps) {
    let doc = docs[by] ?? first
    const other = docs[(by + 1) % 3] ?? first
    if (merge) doc = A.merge(doc, A.clone(other))
    docs[by] = A.change(doc, draft => edit(draft as unknown as Doc))
  }
  return A.getAllChanges(docs.reduce((all, doc) => A.merge(all, A.clone(doc))))
}

const leb = (value: number): number[] => {
  const bytes: number[] = []
  let rest = value
  do {
    const byte = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? byte + 128 : byte)
  } while (rest > 0)
  return bytes
}
/** A positive signed LEB128: one bit more. */
const sleb = (value: number): number[] => {
  const bytes = leb(value)
  if (((bytes.at(-1) ?? 0) & 0x40) === 0) return bytes
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80
  return [...bytes, 0]
}
const chunk = (type: number, content: Uint8Array, plain = content): Uint8Array => {
  const hash = sha256(concatBytes(Uint8Array.of(1, ...leb(plain.length)), plain))
  return concatBytes(
    Uint8Array.of(0x85, 0x6f, 0x4a, 0x83),
    hash.subarray(0, 4),
    Uint8Array.of(type, ...leb(content.length)),
    content,
  )
}
/** The other form of a change that Automerge writes plain: the same content deflated, under the same hash. */
const deflated = (raw: Uint8Array): Uint8Array => {
  let at = 9
  while (((raw[at] ?? 0) & 0x80) !== 0) at += 1
  const content = raw.subarray(at + 1)
  return chunk(2, new Uint8Array(deflateRawSync(content)), content)
}
/** A change of no dependencies with columns `[specification, bytes]`. */
const crafted = (columns: readonly (readonly [number, readonly number[]])[]): Uint8Array =>
  Uint8Array.of(
    0, // dependencies
    16,
    ...Array<number>(16).fill(7), // actor
    1,
    1,
    0,
    0, // seq, start, time, message
    0, // other actors
    ...leb(columns.length),
    ...columns.flatMap(([specification, data]) => [...leb(specification), ...leb(data.length)]),
    ...columns.flatMap(([, data]) => data),
  )

/** Of every actor that operations name, the highest counter. */
const namedIn = (ops: readonly object[]): ReadonlyMap<string, number> => {
  const highest = new Map<string, number>()
  for (const op of ops as readonly { obj: string; elemId?: string; pred: readonly string[] }[]) {
    for (const id of [op.obj, op.elemId ?? "", ...op.pred]) {
      const [counter, of] = id.split("@")
      if (of !== undefined) highest.set(of, Math.max(highest.get(of) ?? 0, Number(counter)))
    }
  }
  return highest
}

describe("an Automerge change", () => {
  it("[W40] is read as Automerge reads it: hash, actor, seq and dependencies", () => {
    let compressed = 0
    let merges = 0
    fc.assert(
      fc.property(history, steps => {
        for (const raw of changesOf(steps).flatMap(plain => [plain, deflated(plain)])) {
          const parsed = parseChange(raw, sha256)
          const decoded = A.decodeChange(raw)
          expect(
            parsed && {
              hash: parsed.hash,
              actor: parsed.actor,
              seq: parsed.seq,
              deps: parsed.deps,
              startOp: parsed.startOp,
              operationCount: parsed.operationCount,
              references: new Map(parsed.references.map(named => [named.actor, named.counter])),
            },
          ).toEqual({
            hash: decoded.hash,
            actor: decoded.actor,
            seq: decoded.seq,
            deps: decoded.deps,
            startOp: decoded.startOp,
            operationCount: decoded.ops.length,
            references: namedIn(decoded.ops),
          })
          if (raw[8] === 2) compressed += 1
          if (decoded.deps.length > 1) merges += 1
        }
      }),
      { seed: 1, numRuns: 25 },
    )
    expect(compressed).toBeGreaterThan(5)
    expect(merges).toBeGreaterThan(5)
  })

  it("[W40] sent deflated is handed on inflated, under the same hash, and Automerge takes it", () => {
    const base = A.from<{ text: string }>({ text: "" }, { actor: actor(1) })
    const doc = A.change(base, draft => {
      A.splice(draft as A.Doc<unknown>, ["text"], 0, 0, "word ".repeat(500))
    })
    const plain = A.getLastLocalChange(doc)
    if (plain === undefined) throw new Error("no change")
    const raw = deflated(plain)
    expect(raw.length).toBeLessThan(plain.length)
    const parsed = parseChange(raw, sha256)
    expect(parsed?.bytes[8]).toBe(1)
    expect(parsed && A.applyChanges(A.clone(base), [parsed.bytes])[0].text).toBe("word ".repeat(500))
    expect(parsed && A.decodeChange(parsed.bytes).hash).toBe(A.decodeChange(plain).hash)
  })

  it("[W41] with any byte altered, or cut anywhere, is refused", () => {
    fc.assert(
      fc.property(history, fc.nat(), fc.integer({ min: 1, max: 255 }), (steps, at, mask) => {
        for (const raw of changesOf(steps).flatMap(plain => [plain, deflated(plain)])) {
          const flipped = raw.slice()
          flipped[at % raw.length] = (flipped[at % raw.length] ?? 0) ^ mask
          const parsed = parseChange(flipped, sha256)
          // Deflated, two forms may say the same: then it is the same change.
          if (parsed !== undefined) expect([raw[8], parsed.hash]).toEqual([2, A.decodeChange(raw).hash])
          expect(parseChange(raw.subarray(0, at % raw.length), sha256)).toBeUndefined()
        }
      }),
      { seed: 2, numRuns: 60 },
    )
  })

  it("[W41] is one chunk: nothing behind it, no document, no bundle, no second change", () => {
    const doc = A.change(A.from<Record<string, unknown>>({ a: 1 }, { actor: actor(1) }), draft => {
      draft["b"] = 2
    })
    const [first, second] = A.getAllChanges(doc)
    if (first === undefined || second === undefined) throw new Error("two changes")
    expect(parseChange(first, sha256)).toBeDefined()
    expect(parseChange(concatBytes(first, second), sha256)).toBeUndefined()
    expect(parseChange(concatBytes(first, Uint8Array.of(0)), sha256)).toBeUndefined()
    expect(parseChange(A.save(doc), sha256)).toBeUndefined()
    expect(
      parseChange(
        A.saveBundle(doc, [A.decodeChange(first).hash, A.decodeChange(second).hash] as never),
        sha256,
      ),
    ).toBeUndefined()
    const content = crafted([])
    expect(parseChange(chunk(1, content), sha256)).toBeDefined()
    for (const type of [0, 3, 4, 255]) expect(parseChange(chunk(type, content), sha256)).toBeUndefined()
    // A length that claims more, or is written so long that it is another number.
    expect(
      parseChange(
        concatBytes(
          chunk(1, content).subarray(0, 9),
          Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
          content,
        ),
        sha256,
      ),
    ).toBeUndefined()
  })

  it("[W41] of seq 0, with a deflated column, or with bytes behind its columns is refused", () => {
    expect(parseChange(chunk(1, crafted([[0x15, [1, 0]]])), sha256)).toBeDefined()
    const zeroth = crafted([])
    zeroth[18] = 0
    expect(parseChange(chunk(1, zeroth), sha256)).toBeUndefined()
    expect(parseChange(chunk(1, crafted([[0x15 | 8, [1, 0]]])), sha256)).toBeUndefined()
    expect(parseChange(chunk(1, concatBytes(crafted([]), Uint8Array.of(0))), sha256)).toBeUndefined()
    const manyDeps = Uint8Array.of(...leb(2 ** 40), ...crafted([]).subarray(1))
    expect(parseChange(chunk(1, manyDeps), sha256)).toBeUndefined()
  })

  it("[W42] whose columns claim 2^40 operations in a few bytes is refused, of every type of column", () => {
    const many = 2 ** 40
    const run = (value: readonly number[]): number[] => [...sleb(many), ...value]
    const columns: readonly (readonly [number, readonly number[]])[] = [
      [0x40, run([1])], // group: rows
      [0x40, [...sleb(1), ...leb(many)]], // group: one row that counts so many
      [0x01, run([0])], // actor
      [0x42, run([1])], // unsigned
      [0x13, run([1])], // delta
      [0x34, [...leb(many)]], // boolean
      [0x15, run([1, 97])], // string
      [0x56, run([0])], // value metadata
      [0x42, [0, ...leb(many)]], // nulls
    ]
    for (const [specification, data] of columns) {
      expect([specification, parseChange(chunk(1, crafted([[specification, data]])), sha256)]).toEqual([
        specification,
        undefined,
      ])
    }
    // The largest that is allowed is read.
    expect(
      parseChange(chunk(1, crafted([[0x42, [...sleb(limits.operationsPerChange), 1]]])), sha256),
    ).toBeDefined()
    expect(
      parseChange(chunk(1, crafted([[0x42, [...sleb(limits.operationsPerChange + 1), 1]]])), sha256),
    ).toBeUndefined()
  })

  it("[W43] that inflates beyond the limit is given up in bounded memory", () => {
    const plain = new Uint8Array(limits.inflatedBytes + 1024)
    const bomb = new Uint8Array(deflateRawSync(plain))
    const before = process.memoryUsage().rss
    expect(parseChange(chunk(2, bomb, plain), sha256)).toBeUndefined()
    expect(process.memoryUsage().rss - before).toBeLessThan(8 * limits.inflatedBytes)
  })

  it("[W43] of any other bytes behind the right magic is refused, never thrown at", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(1, 2), (content, type) => {
        expect(parseChange(content, sha256)).toBeUndefined()
        parseChange(chunk(type, content), sha256)
        parseChange(concatBytes(chunk(type, content).subarray(0, 9), content), sha256)
      }),
      { seed: 3, numRuns: 300 },
    )
  })

  it("[W40] parsed is what Automerge would apply: a hash names one content", () => {
    const raw = chunk(1, crafted([]))
    expect(parseChange(raw, sha256)?.actor).toBe("07".repeat(16))
    expect(bytesToHex(raw.subarray(0, 4))).toBe("856f4a83")
  })
})
