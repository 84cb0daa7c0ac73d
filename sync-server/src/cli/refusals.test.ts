import { describe, expect, it } from "vitest"
import { actFailure, joinFailure, refusalWords } from "./refusals.js"

// The record is exhaustive by its type: a new code without words does not compile.
const codes = Object.keys(refusalWords) as (keyof typeof refusalWords)[]

/** What happened, then what to do: two parts, in words. */
const expectSentence = (message: string): void => {
  expect(message).toMatch(/^[a-z][^:]+: .{10,}$/)
  expect(message).not.toMatch(/\b[A-Z][a-z]+[A-Z]/)
}

describe("refusals in words", () => {
  it("[C45] every code that the log refuses with has a sentence: what happened, and what to do", () => {
    expect(codes.length).toBeGreaterThan(15)
    for (const reason of codes) {
      const failure = actFailure({ type: "Refused", reason })
      expectSentence(failure.message)
      expect(failure.message).not.toContain(reason)
      expect(failure).toMatchObject({ kind: "refused", details: { reason } })
    }
  })

  it("[C45] so has everything that ends a join or a claim", () => {
    for (const type of ["Declined", "ProtocolBroken", "ConnectionLost"] as const)
      expectSentence(joinFailure({ type }).message)
    for (const reason of codes)
      expect(joinFailure({ type: "Refused", reason })).toEqual(actFailure({ type: "Refused", reason }))
  })
})
