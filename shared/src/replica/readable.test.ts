import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import { parseChange } from "../wire/index.js"
import { createReadable } from "./readable.js"
import { sha256 } from "../testing/on-node/plain-family.js"

describe("readable changes", () => {
  it("are told from unreadable ones one bundle at a time, whatever came before", () => {
    let doc = A.from<Record<string, number>>({ first: 0 })
    const changes = Array.from({ length: 40 }, (_, i) => {
      doc = A.change(doc, draft => void (draft[`key ${i}`] = i))
      const change = parseChange(A.getLastLocalChange(doc) ?? new Uint8Array(0), sha256)
      if (change === undefined) throw new Error("a change does not parse")
      return change
    })
    // Cut short: Automerge refuses it, and whatever comes next is still taken.
    const broken = changes.map(change => ({ ...change, bytes: change.bytes.slice(0, -1) }))
    const isReadable = createReadable()
    for (const [i, change] of changes.entries()) {
      expect(isReadable([change]), `change ${i}`).toBe(true)
      expect(isReadable([broken[i] ?? change]), `broken ${i}`).toBe(false)
      expect(isReadable([change, broken[i] ?? change])).toBe(false)
    }
    expect(isReadable([...changes, ...changes])).toBe(true)
  })
})
