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
    const base = A.from<Record<string, unknown>>(
      { map: {}, text: "start" },
      { actor: "cc".repeat(16) },
    ) as A.Doc<Doc>
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

  it("[P41] upon what the actor has already written there, nothing is numbered twice, and the document loads again", () => {
    interface Doc {
      text: string
      map: Record<string, string>
    }
    const base = A.from<Record<string, unknown>>(
      { text: "start", map: {} },
      { actor: "cc".repeat(16) },
    ) as A.Doc<Doc>
    // The losing branch and the actor's own go on from the same place, with the same operation numbers.
    const lost = A.change(A.clone(base, { actor: old }), doc => A.splice(doc, ["text"], 5, 0, " lost"))
    const own = A.change(A.clone(base, { actor: fresh }), doc => {
      doc.map["k"] = "kept"
      A.splice(doc, ["text"], 0, 0, "kept ")
    })
    const last = A.getChangesMetaSince(own, []).findLast(({ actor }) => actor === fresh)
    const [both] = A.applyChanges(A.clone(own), [
      ...reauthor(A.getChangesSince(lost, A.getHeads(base)), fresh, last),
    ])
    expect(A.toJS(both)).toEqual({ text: "kept start lost", map: { k: "kept" } })
    expect(A.toJS(A.load<Doc>(A.save(both)))).toEqual(A.toJS(both))
    expect(A.getChangesMetaSince(both, []).map(({ hash }) => A.hasHeads(both, [hash]))).not.toContain(false)
  })
})
