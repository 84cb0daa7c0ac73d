import type { By, EntryFields } from "@home/shared/documents"
import { addEntry, sendMessage } from "@home/shared/documents"
import * as A from "@automerge/automerge"

/** What people do all day: a row of the ledger, a message, one letter in a note; and one patch of an editing trace. */
export type EditKind = "row" | "message" | "letter"
export const editKinds: readonly EditKind[] = ["row", "message", "letter"]

/** `[position, deleted, inserted]`, positions in UTF-16 code units. */
export type Patch = readonly [number, number, string]

export const year = "2026"
export const rowId = (n: number): string => `row-${n}`
export const messageId = (n: number): string => `message-${n}`
const by = (n: number): By => ({ author: "0".repeat(32), nowMs: 1_760_000_000_000 + n * 1_000 })
const two = (n: number): string => String(n).padStart(2, "0")
const payees = ["Bakery", "Greengrocer", "Tram", "Pharmacy", "School", "Bookshop", "Market", "Electricity"]

export const monthOf = (n: number): string => two(1 + (n % 12))

/** Row `n` of a household's year: an ordinary purchase. */
export const rowOf = (n: number): EntryFields => ({
  date: `${year}-${monthOf(n)}-${two(1 + (n % 28))}`,
  direction: n % 9 === 0 ? "income" : "expense",
  status: "settled",
  amountMinor: 100 + ((n * 7919) % 20_000),
  currency: "EUR",
  account: "cash",
  payee: `${payees[n % payees.length] ?? ""} ${n % 50}`,
  note: n % 4 === 0 ? "for the weekend" : "",
  category: "food",
  tags: [],
  splits: [],
  shares: {},
})

export const textOf = (n: number): string => `Message ${n}: we are nearly there, put the kettle on.`
export const letterOf = (n: number): string => (n % 7 === 6 ? " " : String.fromCharCode(97 + (n % 26)))

/** The edit as a command on an Automerge draft of our own shapes. Both sides of a comparison run this. */
export const applyEdit = (draft: unknown, kind: EditKind, n: number): void => {
  if (kind === "letter") {
    const { body } = draft as { body: string }
    A.splice(draft as A.Doc<unknown>, ["body"], body.length, 0, letterOf(n))
    return
  }
  const result =
    kind === "row"
      ? addEntry(draft, { year, id: rowId(n), fields: rowOf(n), by: by(n) })
      : sendMessage(draft, { id: messageId(n), text: textOf(n), by: by(n) })
  if (!result.ok) throw new Error(`the workload's ${kind} ${n} was refused: ${result.error.type}`)
}

export const applyPatch = (draft: unknown, [at, deleted, inserted]: Patch): void =>
  A.splice(draft as A.Doc<unknown>, ["body"], at, deleted, inserted)

/** How many of the edits of a kind a batch of Automerge patches shows. */
export const seenIn = (kind: EditKind, patches: readonly A.Patch[]): number => {
  let seen = 0
  for (const patch of patches) {
    if (kind === "letter") {
      if (patch.action === "splice" && patch.path[0] === "body") seen += patch.value.length
      continue
    }
    const depth = kind === "row" ? 3 : 2
    const [root] = patch.path
    if (patch.action !== "put" || patch.path.length !== depth) continue
    if (root === (kind === "row" ? "months" : "messages")) seen += 1
  }
  return seen
}
