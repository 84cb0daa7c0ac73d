import * as A from "@automerge/automerge/slim"
import { type Entry, type EntryFields, readEntry } from "../entry.js"
import { monthNames } from "../fixed-steps.js"
import { Issues, ItemReader } from "../reading.js"
import { isMap, plain } from "../scalar.js"
import { compareText } from "../ledger.js"
import { shownCopy } from "../conflicts.js"
import { fieldsOf } from "./recurring.js"

/** One field in one change; of splits, shares and receipts only that they changed. */
export interface FieldChange {
  readonly field: string
  readonly before?: unknown
  readonly after?: unknown
}

export interface EntryChange {
  /** Of the Automerge change: what `entryAt` takes. */
  readonly hash: string
  /** Member id; "" when nothing in the document tells. */
  readonly author: string
  readonly atMs: number
  readonly kind: "created" | "edited" | "removed" | "restored"
  readonly fields: readonly FieldChange[]
}

type Operation = A.DecodedChange["ops"][number] & { readonly key?: string; readonly value?: unknown }

const bookkeeping = new Set([
  "author",
  "createdAtMs",
  "editedBy",
  "editedAtMs",
  "deletedAtMs",
  "importFormat",
  "importId",
])
const whole = new Set(["splits", "shares", "receipts"])

const text = (value: unknown): string | undefined => {
  const shown = plain(value)
  return typeof shown === "string" ? shown : undefined
}

/** The objects that make up an entry: its maps (several when two devices imported it) and their sets of tags. */
class Objects {
  readonly entries = new Set<string>()
  readonly tags = new Set<string>()

  /** Takes note of what an operation makes; true when it makes an entry. */
  notice(operation: Operation, operationId: string, id: string, buckets: ReadonlySet<string>): boolean {
    if (operation.action !== "makeMap") return false
    if (operation.key === id && buckets.has(operation.obj)) {
      this.entries.add(operationId)
      return true
    }
    if (operation.key === "tags" && this.entries.has(operation.obj)) this.tags.add(operationId)
    return false
  }
}

const bucketIds = (doc: unknown): ReadonlySet<string> => {
  const months = isMap(doc) && isMap(doc["months"]) ? doc["months"] : {}
  return new Set(
    monthNames.flatMap(month => (isMap(months[month]) ? (A.getObjectId(months[month]) ?? []) : [])),
  )
}

/**
 * Who changed what in an entry, oldest first: from the changes that the document is made of, so it cannot be written
 * afterwards. A device writes for one member, so an author is known by any entry that its actor signed with a name.
 * Reads every change of the year once: for the page of one entry, not for a list.
 */
export const entryHistory = (document: unknown, id: string): readonly EntryChange[] => {
  if (!A.isAutomerge(document)) return []
  const doc = document as A.Doc<unknown>
  const buckets = bucketIds(doc)
  const objects = new Objects()
  const memberByActor = new Map<string, string>()
  const shown = new Map<string, unknown>()
  const found: { change: Omit<EntryChange, "author">; actor: string }[] = []
  for (const hash of A.topoHistoryTraversal(doc)) {
    const change = A.inspectChange(doc, hash)
    if (change === null) continue
    const fields = new Map<string, FieldChange>()
    const seen: { kind: EntryChange["kind"]; atMs: number; touched: boolean } = {
      kind: "edited",
      atMs: change.time * 1000,
      touched: false,
    }
    change.ops.forEach((raw, index) => {
      const operation = raw as Operation
      if (objects.notice(operation, `${change.startOp + index}@${change.actor}`, id, buckets))
        seen.kind = "created"
      const { key, obj, action } = operation
      if (key === undefined) return
      const member = key === "author" || key === "editedBy" ? text(operation.value) : undefined
      if (member !== undefined) memberByActor.set(change.actor, member)
      const isTag = objects.tags.has(obj)
      if (!objects.entries.has(obj) && !isTag) return
      seen.touched = true
      const value = action === "del" ? undefined : plain(operation.value)
      if (key === "deletedAtMs") seen.kind = value === undefined ? "restored" : "removed"
      if ((key === "editedAtMs" || key === "createdAtMs") && typeof value === "number") seen.atMs = value
      const field = isTag ? "tags" : key.startsWith("receipt/") ? "receipts" : key
      if (bookkeeping.has(field) || (key === "tags" && !isTag)) return
      if (whole.has(field)) fields.set(field, { field })
      else if (isTag) fields.set("tags", noteTag(fields.get("tags"), shown, key, action !== "del"))
      else {
        fields.set(field, { field, before: fields.get(field)?.before ?? shown.get(field), after: value })
        shown.set(field, value)
      }
    })
    if (!seen.touched) continue
    const { kind, atMs } = seen
    const changed =
      kind === "created" ? [] : [...fields.values()].sort((a, b) => compareText(a.field, b.field))
    found.push({ change: { hash, atMs, kind, fields: changed }, actor: change.actor })
  }
  return found.map(({ change, actor }) => ({ ...change, author: memberByActor.get(actor) ?? "" }))
}

const noteTag = (
  known: FieldChange | undefined,
  shown: Map<string, unknown>,
  tag: string,
  added: boolean,
): FieldChange => {
  const before = (shown.get("tags") as readonly string[] | undefined) ?? []
  const after = added ? [...new Set([...before, tag])].sort() : before.filter(name => name !== tag)
  shown.set("tags", after)
  return { field: "tags", before: known?.before ?? before, after }
}

const entryIn = (doc: unknown, id: string): Entry | undefined => {
  const months = isMap(doc) && isMap(doc["months"]) ? doc["months"] : {}
  for (const month of monthNames) {
    const bucket = months[month]
    const shown = isMap(bucket) ? shownCopy(bucket, id) : undefined
    if (shown !== undefined) return readEntry(id, new ItemReader(shown, id, new Issues()))
  }
  return undefined
}

/** What an entry said right after a change, to bring it back with `editEntry`: a new edit that everybody sees. */
export const entryAt = (doc: unknown, id: string, hash: string): EntryFields | undefined => {
  if (!A.isAutomerge(doc) || !A.hasHeads(doc as A.Doc<unknown>, [hash])) return undefined
  const entry = entryIn(A.view(doc as A.Doc<unknown>, [hash]), id)
  return entry === undefined ? undefined : fieldsOf(entry)
}
