import type { CircleId } from "@home/shared/base"
import { expect, it } from "vitest"
import type { Edit } from "../engine/port.js"
import { waitingOf } from "./set-aside.js"

const circle = "c1" as CircleId
let count = 0
const edit = (name: string, input: unknown, of?: CircleId): Edit => ({
  id: String(++count),
  name,
  document: "2026",
  circle: of,
  input,
  nowMs: 0,
})
const add = (id: string, payee: string, of?: CircleId): Edit =>
  edit("addEntry", { id, fields: { payee } }, of)

it("[U19] shows what waits as it will be: corrected, taken back, and each book its own", () => {
  const edits = [
    add("a", "bakery"),
    add("b", "market"),
    edit("editEntry", { id: "a", patch: { payee: "baker" } }),
    edit("deleteEntry", { id: "b" }),
    add("c", "cinema"),
    // Of what is kept already, or no entry at all.
    edit("editEntry", { id: "old", patch: { payee: "x" } }),
    edit("deleteEntry", { id: "old" }),
    edit("addAccount", { id: "d" }),
    add("e", "notary", circle),
  ]
  expect(waitingOf(edits, undefined)).toEqual({
    entries: [
      { id: "c", fields: { payee: "cinema" } },
      { id: "a", fields: { payee: "baker" } },
    ],
    others: 3,
  })
  expect(waitingOf(edits, circle)).toEqual({ entries: [{ id: "e", fields: { payee: "notary" } }], others: 0 })
})
