import { existsSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import { areas, bytesToHex } from "../base/index.js"
import { createDocument, fixedActor, fixedChanges, migrate, missingFixedChanges, schemaOf } from "./areas.js"
import { type FixedStep, fixedSteps } from "./fixed-steps.js"

/** What the steps make today; `fixed-bytes.ts` holds what they made when they were written. */
const make = (steps: readonly FixedStep[]): readonly (readonly [string, string])[] => {
  let doc = A.init<Record<string, unknown>>({ actor: fixedActor })
  return steps.map(step => {
    doc = A.change(doc, { time: 0 }, root => step(root))
    const change = A.getLastLocalChange(doc)
    if (change === undefined) throw new Error("a step changed nothing")
    return [A.decodeChange(change).hash, bytesToHex(change)] as const
  })
}

const target = fileURLToPath(new URL("./fixed-bytes.ts", import.meta.url))
if (process.env["UPDATE"] === "1" && existsSync(target)) {
  const lines = areas.map(area => {
    const changes = make(fixedSteps[area]).map(([hash, hex]) => `    ["${hash}", "${hex}"],`)
    return `  ${area}: [\n${changes.join("\n")}\n  ],`
  })
  writeFileSync(
    target,
    [
      'import type { Area } from "../base/index.js"',
      "",
      "// Made by areas.test.ts from fixed-steps.ts. What once was released never changes: [hash, bytes] of change n.",
      "// prettier-ignore",
      "export const fixedBytes: Readonly<Record<Area, readonly (readonly [hash: string, hex: string])[]>> = {",
      ...lines,
      "}",
      "",
    ].join("\n"),
  )
}

describe("fixed changes", () => {
  it.each(areas)("[D1] the committed bytes of %s are what its steps make", area => {
    expect(fixedChanges(area).map(({ hash, bytes }) => [hash, bytesToHex(bytes)])).toEqual(
      make(fixedSteps[area]),
    )
    expect(fixedChanges(area).length).toBeGreaterThan(0)
  })

  it.each(areas)("[D1] change n of %s has the fixed actor, time 0, seq n, and depends only on n-1", area => {
    fixedChanges(area).forEach(({ hash, bytes }, index) => {
      const change = A.decodeChange(bytes)
      expect(change).toMatchObject({ hash, actor: fixedActor, seq: index + 1, time: 0 })
      expect(change.deps).toEqual(index === 0 ? [] : [fixedChanges(area)[index - 1]?.hash])
    })
  })

  it.each(areas)("[D1] two devices that create %s have the same heads, and say its area and schema", area => {
    const one = createDocument(area, "11".repeat(16))
    const two = createDocument(area, "22".repeat(16))
    expect(A.getHeads(one)).toEqual(A.getHeads(two))
    expect(A.save(A.merge(A.clone(one), two))).toEqual(A.save(one))
    expect(JSON.parse(JSON.stringify(one))).toMatchObject({ area, schema: schemaOf(area) })
  })

  it("[D2] two phones that create the same month lose nothing", () => {
    type Year = { months: Record<string, Record<string, unknown>> }
    const write = (actor: string, id: string) =>
      A.change(createDocument("ledger", actor) as A.Doc<Year>, year => {
        const january = year.months["01"]
        if (january !== undefined) january[id] = { amountMinor: 1 }
      })
    const merged = A.merge(write("11".repeat(16), "mine"), write("22".repeat(16), "yours"))
    expect(Object.keys(merged.months["01"] ?? {}).sort()).toEqual(["mine", "yours"])
  })
})

describe("migration", () => {
  type Plans = Record<string, Record<string, unknown>>
  const older = () => {
    const [initial] = fixedChanges("plans")
    if (initial === undefined) throw new Error("no initial change")
    const [doc] = A.applyChanges(A.init<Plans>({ actor: "33".repeat(16) }), [initial.bytes])
    return A.change(doc, root => {
      const items = root["items"]
      if (items !== undefined) items["a"] = { title: "from version 1" }
    })
  }

  it("[D3] a plan of schema 1 becomes schema 2 with everything that was in it", () => {
    const doc = older()
    expect(JSON.parse(JSON.stringify(doc))).toMatchObject({ schema: 1 })
    expect(missingFixedChanges("plans", doc).map(({ hash }) => hash)).toEqual([
      fixedChanges("plans")[1]?.hash,
    ])
    const migrated = JSON.parse(JSON.stringify(migrate("plans", doc))) as unknown
    expect(migrated).toMatchObject({ schema: 2, items: { a: { title: "from version 1" } }, packing: {} })
  })

  it("[D3] migrating twice, or on two devices at once, is migrating once", () => {
    const doc = older()
    const one = migrate("plans", A.clone(doc, { actor: "44".repeat(16) }))
    const two = migrate("plans", A.clone(doc, { actor: "55".repeat(16) }))
    expect(migrate("plans", one)).toBe(one)
    expect(A.getHeads(A.merge(A.clone(one), two))).toEqual(A.getHeads(one))
  })
})
