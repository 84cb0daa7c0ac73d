import { describe, expect, it } from "vitest"
import type {
  ActorId,
  BundleHash,
  ChangeHash,
  CircleId,
  DeviceId,
  FeedId,
  OperationId,
} from "../base/index.js"
import type { BundleRecord, RecordedChange } from "./bundle-record.js"
import { DocumentIndex } from "./document-index.js"
import { acceptedChanges, effectiveHeads, lateBundles } from "./verdict.js"

const hash = (name: string): ChangeHash => name as ChangeHash
const change = (name: string, actor: string, seq: number, ...deps: string[]): RecordedChange => ({
  hash: hash(name),
  actor: actor as ActorId,
  seq,
  deps: deps.map(hash),
})
let count = 0
const bundle = (device: string, ...changes: readonly RecordedChange[]): BundleRecord => ({
  hash: `bundle ${(count += 1)}` as BundleHash,
  feed: "feed" as FeedId,
  seq: count,
  device: device as DeviceId,
  circle: "circle" as CircleId,
  document: { area: "notes", name: "" },
  kind: "changes",
  heads: ["own head" as OperationId],
  changes,
})
const isPermitted = (record: BundleRecord): boolean => record.device !== "removed"
const permutations = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  items.length < 2
    ? [items]
    : items.flatMap((item, i) =>
        permutations([...items.slice(0, i), ...items.slice(i + 1)]).map(rest => [item, ...rest]),
      )

describe("which changes count", () => {
  it("[P55] those of the permitted and what they stand upon, and nothing else of the late bundle", () => {
    const late = bundle(
      "removed",
      change("a1", "a", 1),
      change("a2", "a", 2, "a1"),
      change("a3", "a", 3, "a2"),
    )
    const upon = bundle("live", change("b1", "b", 1, "a2"))
    for (const records of permutations([late, upon])) {
      const accepted = acceptedChanges(records, isPermitted)
      expect([...accepted].sort()).toEqual(["a1", "a2", "b1"])
      expect(lateBundles(records, accepted)).toEqual([{ bundle: late.hash, changes: ["a3"] }])
    }
  })

  it("[P41] of two under one (actor, seq) the smaller hash, and not what was built upon the other", () => {
    const original = bundle("live", change("m", "a", 2, "k"), change("n", "a", 3, "m"))
    const copy = bundle("live", change("l", "a", 2, "k"))
    const first = bundle("live", change("k", "a", 1))
    const upon = bundle("live", change("z", "b", 1, "n"), change("y", "c", 1, "l"))
    for (const records of permutations([original, copy, first, upon])) {
      expect([...acceptedChanges(records, isPermitted)].sort()).toEqual(["k", "l", "y"])
    }
  })

  it("[P50] the heads are the author's and every taking whose cut excludes the bundle; who cannot tell waits", () => {
    const record = bundle("target")
    const rule = {
      operation: "removal" as OperationId,
      device: "target" as DeviceId,
      circle: "circle" as CircleId,
      cuts: [],
    }
    expect(effectiveHeads(record, [rule], () => "Inside")).toEqual(["own head"])
    expect(effectiveHeads(record, [rule], () => "Outside")).toEqual(["own head", "removal"])
    expect(effectiveHeads(record, [rule], () => "Waits")).toBe("Waits")
    expect(effectiveHeads(record, [{ ...rule, device: "other" as DeviceId }], () => "Outside")).toEqual([
      "own head",
    ])
    expect(effectiveHeads(record, [{ ...rule, circle: "other" as CircleId }], () => "Outside")).toEqual([
      "own head",
    ])
  })
})

describe("a document's index", () => {
  it("[P6] hands out changes after their dependencies and after their actor's last, in whatever order they come", () => {
    const parts = [
      bundle("live", change("a1", "a", 1, "fixed")),
      bundle("live", change("a2", "a", 2, "fixed")),
      bundle("live", change("b1", "b", 1, "a2")),
      bundle("live", change("c2", "c", 2, "fixed")),
    ]
    for (const order of permutations(parts)) {
      const index = new DocumentIndex(new Set([hash("fixed")]))
      const applied: ChangeHash[] = []
      for (const record of order) {
        index.add(record)
        applied.push(...index.judge(isPermitted).changes)
      }
      expect(applied).toEqual(["a1", "a2", "b1"])
      expect(index.waitingCount).toBe(1)
    }
  })

  it("[P53] rebuilds when what was applied does not count any more, from everything that does", () => {
    const index = new DocumentIndex(new Set([hash("fixed")]))
    const kept = bundle("live", change("k1", "k", 1, "fixed"))
    const late = bundle("target", change("t1", "t", 1, "fixed"))
    index.add(kept)
    index.add(late)
    expect([...index.judge(() => true).changes].sort()).toEqual(["k1", "t1"])
    expect(index.judge(record => record.device !== "target")).toEqual({ type: "Rebuild", changes: ["k1"] })
    expect(index.unaccepted()).toEqual(["t1"])
    expect(index.judge(() => true)).toEqual({ type: "Apply", changes: ["t1"] })
  })
})
