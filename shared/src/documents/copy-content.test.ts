import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import { areas } from "../base/index.js"
import { createDocument } from "./areas.js"
import { copySteps } from "./copy-content.js"
import { device, forkOf, mergeOf } from "./samples.js"

const copyOf = (doc: A.Doc<unknown>, area: (typeof areas)[number]): A.Doc<unknown> =>
  copySteps(doc).reduce<A.Doc<unknown>>(
    (copy, step) => A.change(copy, draft => step(draft)),
    createDocument(area, "cc".repeat(16)),
  )

/** What stands in a document, registers told from shared texts. */
const kindsOf = (value: unknown): unknown => {
  if (value instanceof A.ImmutableString) return { register: value.val }
  if (value instanceof Uint8Array) return { bytes: [...value] }
  if (Array.isArray(value)) return value.map(kindsOf)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, kindsOf((value as Record<string, unknown>)[key])]),
  )
}

const text = (value: string) => new A.ImmutableString(value)

describe("a copy of a document", () => {
  it.each(areas)("[D98] has everything that stands in it, and nothing else: %s", area => {
    let doc = device(area, "aa")
    const [container] = Object.keys(doc as object).filter(key => !["area", "schema", "body"].includes(key))
    const name = container ?? "more"
    doc = A.change(doc, draft => {
      const root = draft as Record<string, Record<string, unknown>>
      const map = (root[name] ??= {})
      map["item"] = {
        title: text("a@b"),
        amount: -7,
        rate: 0.5,
        on: true,
        tags: { x: true },
        list: [1, text("two")],
      }
      map["shared"] = "typed by several"
      map["bytes"] = Uint8Array.of(1, 2, 3)
    })
    if (area === "notes")
      doc = A.change(doc, draft => A.splice(draft as A.Doc<unknown>, ["body"], 0, 0, "Dear all"))
    if (area === "book")
      doc = A.change(doc, draft => {
        const { accounts } = draft as { accounts: Record<string, { name: A.ImmutableString }> }
        const [first, second] = Object.keys(accounts)
        const account = accounts[first ?? ""]
        if (account !== undefined) account.name = text("Purse")
        delete accounts[second ?? ""]
      })
    const copy = copyOf(doc, area)
    expect(kindsOf(copy)).toEqual(kindsOf(doc))
    expect(kindsOf(A.load<unknown>(A.save(copy)))).toEqual(kindsOf(doc))
  })

  it("[D98] is written in steps, however much there is", () => {
    const doc = A.change(device("ledger", "aa"), draft => {
      const { months } = draft as { months: Record<string, Record<string, unknown>> }
      for (const month of ["01", "02"])
        for (let i = 0; i < 220; i++)
          (months[month] ?? {})[`${month} ${i}`] = { amount: i, payee: text("x"), tags: {} }
    })
    const steps = copySteps(doc)
    expect(steps.length).toBeGreaterThan(1)
    const copy = copyOf(doc, "ledger")
    expect(kindsOf(copy)).toEqual(kindsOf(doc))
    const sizes = A.getChangesMetaSince(copy, []).map(({ maxOp, startOp }) => maxOp - startOp)
    expect(Math.max(...sizes)).toBeLessThan(2_000)
  })

  it("[D98] has the copy of an imported row that a reader is shown", () => {
    const base = device("ledger", "aa")
    const imported = (doc: A.Doc<unknown>, note: string, editedAtMs: number) =>
      A.change(doc, draft => {
        const { months } = draft as { months: Record<string, Record<string, unknown>> }
        ;(months["01"] ?? {})["row"] = { importId: text("1"), note: text(note), editedAtMs }
      })
    const one = imported(forkOf(base, "bb"), "edited last", 2)
    const other = imported(forkOf(base, "dd"), "edited first", 1)
    for (const merged of [mergeOf(one, other), mergeOf(other, one)]) {
      const { months } = copyOf(merged, "ledger") as {
        months: Record<string, Record<string, { note: unknown }>>
      }
      expect(months["01"]?.["row"]?.note).toEqual(text("edited last"))
    }
  })
})
