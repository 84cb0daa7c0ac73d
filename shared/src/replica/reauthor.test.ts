import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import type { ActorId } from "../base/index.js"
import { reauthor } from "./reauthor.js"

const old = "aa".repeat(16)
const fresh = "bb".repeat(16) as ActorId

describe("reauthor", () => {
  it("[P41] the same edits stand under the new actor, on the same parents", () => {
    interface Doc {
      map: Record<string, { n: number; tags: string[] }>
      text: string
    }
    const base = A.from<Record<string, unknown>>({ map: {}, text: "start" }, { actor: "cc".repeat(16) }) as A.Doc<Doc>
    let edited = A.clone(base, { actor: old })
    edited = A.change(edited, doc => {
      doc.map["x"] = { n: 1, tags: ["a", "b@c", `7@${old}`] }
    })
    edited = A.change(edited, doc => {
      const entry = doc.map["x"]
      if (entry !== undefined) entry.n = 2
      A.splice(doc, ["text"], 5, 0, " and more")
    })
    edited = A.change(edited, doc => {
      A.splice(doc, ["text"], 0, 2, "ST")
    })
    const raw = A.getChangesSince(edited, A.getHeads(base))
    const again = reauthor(raw, fresh)
    const [rebuilt] = A.applyChanges(A.clone(base), [...again])
    expect(A.toJS(rebuilt)).toEqual(A.toJS(edited))
    expect(again.map(change => A.decodeChange(change).actor)).toEqual([fresh, fresh, fresh])
    expect(again.map(change => A.decodeChange(change).seq)).toEqual([1, 2, 3])
  })
})
