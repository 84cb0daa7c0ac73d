import * as A from "@automerge/automerge/slim"
import { type Result, err, ok } from "../base/index.js"
import { type By, type CommandError, type CommandResult, check, containerOf, done, isId } from "./command.js"
import { copiesOf } from "./conflicts.js"
import { documentLimits } from "./document-limits.js"
import { compareText } from "./ledger.js"
import { readItems, readRegisters } from "./read-items.js"
import { type ItemReader, type Parsed, type SchemaError, parseRoot } from "./reading.js"
import { itemOf, put, textOf } from "./scalar.js"

export interface ChecklistItem {
  readonly id: string
  readonly text: string
  readonly done: boolean
  /** Sorts by code units; ties by id. */
  readonly order: string
}

export interface Attachment {
  readonly id: string
  readonly name: string
  readonly mediaType: string
  readonly sizeBytes: number
  /** Names the blob and its key, as the blob layer writes it. */
  readonly blob: string
}

/** One note; title, tags and dates stand in the catalogue. */
export interface Note extends Parsed {
  readonly body: string
  /** In the order of the list. */
  readonly checklist: readonly ChecklistItem[]
  readonly attachments: ReadonlyMap<string, Attachment>
  /** Front matter of an imported note that has no field of its own, as text. */
  readonly properties: ReadonlyMap<string, string>
}

const readChecklistItem = (id: string, reader: ItemReader): ChecklistItem | undefined => {
  const text = reader.text("text")
  return reader.failed
    ? undefined
    : { id, text, done: reader.flag("done"), order: reader.optionalText("order") ?? "" }
}

const readAttachment = (id: string, reader: ItemReader): Attachment | undefined => {
  const blob = reader.text("blob")
  if (reader.failed) return undefined
  return {
    id,
    name: reader.optionalText("name") ?? "",
    mediaType: reader.optionalText("mediaType") ?? "application/octet-stream",
    sizeBytes: reader.optionalInteger("sizeBytes") ?? 0,
    blob,
  }
}

/** In the order that people gave; two that share an order stand in the order of their ids, everywhere. */
export const inOrder = <T extends { readonly id: string; readonly order: string }>(
  items: Iterable<T>,
): readonly T[] => [...items].sort((a, b) => compareText(a.order, b.order) || compareText(a.id, b.id))

/** Shape: `body` (shared text) · `checklist`, `attachments`: id -> map · `properties`: name -> text · `imports`: format -> true. */
export const parseNote = (doc: unknown): Result<Note, SchemaError> => {
  const root = parseRoot("notes", doc)
  if (!root.ok) return root
  const { fields, found, schema, readOnly, issues } = root.value
  const body = textOf(fields["body"])
  if (body === undefined) found.add("body", "text")
  return ok({
    schema,
    readOnly,
    issues,
    body: body ?? "",
    checklist: inOrder(readItems(fields, "checklist", found, readChecklistItem).values()),
    attachments: readItems(fields, "attachments", found, readAttachment),
    properties: readRegisters(fields, "properties", found),
  })
}

/** Turns the body into `text` by its difference, so that what others type meanwhile stays. Editors splice directly. */
export const editBody = (draft: unknown, text: string): CommandResult => {
  const root = containerOf(draft, "notes")
  if (!root.ok) return root
  if (typeof root.value["body"] !== "string") return err({ type: "NotADocument" })
  A.updateText(draft as A.Doc<unknown>, ["body"], text)
  return done
}

/**
 * Fills an empty note from a file. The text comes as a *new* text object in place of the empty one: had two
 * devices that import one folder both typed into the same object, the text would stand there twice. `false`:
 * this source filled it already, or somebody has written here.
 */
export const importBody = (
  draft: unknown,
  input: {
    readonly text: string
    readonly format: string
    readonly properties: Readonly<Record<string, string>>
  },
): Result<boolean, CommandError> => {
  const root = containerOf(draft, "notes")
  const imports = containerOf(draft, "notes", "imports")
  const properties = containerOf(draft, "notes", "properties")
  if (!root.ok) return root
  if (!imports.ok) return imports
  if (!properties.ok) return properties
  const { text, format } = input
  if (format in imports.value || root.value["body"] !== "") return ok(false)
  put(imports.value, format, true)
  if (text !== "") root.value["body"] = text
  for (const [name, value] of Object.entries(input.properties))
    if (name !== "") put(properties.value, name, value)
  return ok(true)
}

export const addChecklistItem = (
  draft: unknown,
  input: { readonly id: string; readonly text: string; readonly order: string; readonly by: By },
): CommandResult => {
  const checklist = containerOf(draft, "notes", "checklist")
  if (!checklist.ok) return checklist
  const { id, text, order, by } = input
  const valid = check([
    [isId(id), "id", "an id"],
    [text.length <= documentLimits.title, "text", "a line"],
    [order !== "" && order.length <= documentLimits.name, "order", "an order"],
  ])
  if (!valid.ok) return valid
  if (id in checklist.value) return err({ type: "AlreadyExists", id })
  checklist.value[id] = itemOf({ text, done: false, order, author: by.author })
  return done
}

export const editChecklistItem = (
  draft: unknown,
  id: string,
  patch: { readonly text?: string; readonly done?: boolean; readonly order?: string },
): CommandResult => {
  const checklist = containerOf(draft, "notes", "checklist")
  if (!checklist.ok) return checklist
  const valid = check([
    [(patch.text ?? "").length <= documentLimits.title, "text", "a line"],
    [
      patch.order === undefined || (patch.order !== "" && patch.order.length <= documentLimits.name),
      "order",
      "an order",
    ],
  ])
  if (!valid.ok) return valid
  const copies = copiesOf(checklist.value, id)
  if (copies.length === 0) return err({ type: "NotFound", id })
  for (const copy of copies) for (const [key, value] of Object.entries(patch)) put(copy, key, value)
  return done
}

export const removeChecklistItem = (draft: unknown, id: string): CommandResult =>
  removeFrom(draft, "checklist", id)

export const addAttachment = (draft: unknown, attachment: Attachment): CommandResult => {
  const attachments = containerOf(draft, "notes", "attachments")
  if (!attachments.ok) return attachments
  const { id, ...fields } = attachment
  const valid = check([
    [isId(id), "id", "an id"],
    [fields.name.length <= documentLimits.title, "name", "a file's name"],
    [Number.isSafeInteger(fields.sizeBytes) && fields.sizeBytes >= 0, "sizeBytes", "bytes"],
    [fields.blob !== "" && fields.blob.length <= documentLimits.title, "blob", "a blob's name"],
  ])
  if (!valid.ok) return valid
  if (id in attachments.value) return err({ type: "AlreadyExists", id })
  attachments.value[id] = itemOf(fields)
  return done
}

export const removeAttachment = (draft: unknown, id: string): CommandResult =>
  removeFrom(draft, "attachments", id)

const removeFrom = (draft: unknown, container: string, id: string): CommandResult => {
  const items = containerOf(draft, "notes", container)
  if (!items.ok) return items
  if (!(id in items.value)) return err({ type: "NotFound", id })
  delete items.value[id]
  return done
}
