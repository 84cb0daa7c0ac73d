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
/** Each with one operation; its number is the third character of the name or, without one, the seq. */
const change = (name: string, actor: string, seq: number, ...deps: string[]): RecordedChange => ({
  hash: hash(name),
  actor: actor as ActorId,
  seq,
  deps: deps.map(hash),
  startOp: Number(name[2] ?? seq),
  operationCount: 1,
  references: [],
  makes: [],
  uses: [],
})
const fixedHead: RecordedChange = { ...change("fixed", "0", 1), startOp: 1 }
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
  it("[P6] hands out changes after their dependencies, in whatever order they come", () => {
    const parts = [
      bundle("live", change("a12", "a", 1, "fixed")),
      bundle("live", change("a23", "a", 2, "a12")),
      bundle("live", change("b14", "b", 1, "a23")),
      bundle("live", change("c15", "c", 1, "nowhere")),
    ]
    for (const order of permutations(parts)) {
      const index = new DocumentIndex([fixedHead])
      const applied: ChangeHash[] = []
      for (const record of order) {
        index.add(record)
        applied.push(...index.judge(isPermitted).changes)
      }
      expect(applied).toEqual(["a12", "a23", "b14"])
      expect(index.waitingCount).toBe(1)
    }
  })

  it("[P53] rebuilds when what was applied does not count any more, from everything that does", () => {
    const index = new DocumentIndex([fixedHead])
    const kept = bundle("live", change("k12", "k", 1, "fixed"))
    const late = bundle("target", change("t12", "t", 1, "fixed"))
    index.add(kept)
    index.add(late)
    expect([...index.judge(() => true).changes].sort()).toEqual(["k12", "t12"])
    expect(index.judge(record => record.device !== "target")).toEqual({ type: "Rebuild", changes: ["k12"] })
    expect(index.unaccepted()).toEqual(["t12"])
    expect(index.judge(() => true)).toEqual({ type: "Apply", changes: ["t12"] })
  })

  it("[P41] hands out no loser that waited, when its past comes together with its rival", () => {
    const index = new DocumentIndex([fixedHead])
    const lost = bundle("live", change("z23", "a", 2, "a12"))
    const past = bundle("live", change("a12", "a", 1, "fixed"))
    const rival = bundle("live", change("b23", "a", 2, "a12"))
    index.add(lost)
    expect(index.judge(isPermitted).changes).toEqual([])
    index.add(past)
    index.add(rival)
    expect(index.judge(isPermitted).changes).toEqual(["a12", "b23"])
    expect([...index.applied()]).toEqual(["a12", "b23"])
  })

  it("[P53] hands out nothing that waited and does not count any more", () => {
    const index = new DocumentIndex([fixedHead])
    index.add(bundle("target", change("t13", "t", 1, "k12")))
    index.judge(() => true)
    index.add(bundle("live", change("k12", "k", 1, "fixed")))
    expect(index.judge(record => record.device !== "target").changes).toEqual(["k12"])
    expect(index.waitingCount).toBe(0)
  })

  it("[P121] leaves out what cannot be its actor's next upon its past, and what was built upon it, in every order", () => {
    const far: RecordedChange = { ...change("f12", "f", 1, "fixed"), startOp: 20_000_000 }
    const stranger: RecordedChange = {
      ...change("s12", "s", 1, "fixed"),
      references: [{ actor: "a" as ActorId, counter: 2 }],
    }
    const ahead: RecordedChange = {
      ...change("h12", "h", 1, "fixed"),
      references: [{ actor: "h" as ActorId, counter: 3 }],
    }
    const parts = [
      bundle("live", change("a12", "a", 1, "fixed"), change("a23", "a", 2, "fixed")),
      bundle("live", change("b11", "b", 1, "fixed"), change("c13", "c", 1, "b11")),
      bundle("live", far, stranger, ahead),
      bundle("live", {
        ...change("d13", "d", 1, "a12"),
        references: [{ actor: "a" as ActorId, counter: 2 }],
      }),
    ]
    for (const order of permutations(parts)) {
      const index = new DocumentIndex([fixedHead])
      for (const record of order) {
        index.add(record)
        index.judge(isPermitted)
      }
      expect([...index.accepted].sort()).toEqual(["a12", "d13"])
      expect([...index.applied()].sort()).toEqual(["a12", "d13"])
      expect(index.waitingCount).toBe(0)
      expect(index.possible([...parts].flatMap(part => part.changes.map(one => one.hash))).length).toBe(2)
    }
  })
})
