import { type Result, err, ok } from "../base/index.js"
import { type By, type CommandError, type CommandResult, check, containerOf, done, isId } from "./command.js"
import { copiesOf, shownCopy } from "./conflicts.js"
import { documentLimits } from "./document-limits.js"
import { compareText } from "./ledger.js"
import { readItems } from "./read-items.js"
import { ItemReader, type Parsed, type SchemaError, parseRoot } from "./reading.js"
import { isMap, itemOf, put, textOf } from "./scalar.js"
import { type Source, readSource, sourceFields } from "./source.js"

export interface Message {
  readonly id: string
  /** A member id; of an imported message "" where the name in the file is no member. */
  readonly author: string
  /** The name in the file, of an imported message. */
  readonly authorName?: string | undefined
  readonly sentAtMs: number
  /** "" once deleted. */
  readonly text: string
  readonly replyTo?: string | undefined
  /** Not written by a person: "Anna joined". */
  readonly system: boolean
  readonly editedAtMs?: number | undefined
  readonly deletedAtMs?: number | undefined
  /** Emoji -> members, both sorted. */
  readonly reactions: ReadonlyMap<string, readonly string[]>
  readonly importedFrom?: Source | undefined
}

/** One month of one room, `name` `<roomId>/2026-11`. */
export interface Chat extends Parsed {
  /** In the order of sending, ties by id. */
  readonly messages: readonly Message[]
}

/** The month of a message, for the document's name. UTC, so that all devices agree. */
export const chatMonthOf = (sentAtMs: number): string => new Date(sentAtMs).toISOString().slice(0, 7)

type Reactions = Map<string, Map<string, string[]>>

const reactionPattern = /^([0-9a-z-]{1,64})\/([0-9a-z-]{1,64})\/(.{1,64})$/su

const readReactions = (container: unknown): Reactions => {
  const byMessage: Reactions = new Map()
  for (const key of isMap(container) ? Object.keys(container).sort() : []) {
    const [, message, member, emoji] = reactionPattern.exec(key) ?? []
    if (message === undefined || member === undefined || emoji === undefined) continue
    const byEmoji = byMessage.get(message) ?? new Map<string, string[]>()
    byEmoji.set(emoji, [...(byEmoji.get(emoji) ?? []), member])
    byMessage.set(message, byEmoji)
  }
  return byMessage
}

const readMessage = (id: string, reader: ItemReader, reactions: Reactions): Message | undefined => {
  const sentAtMs = reader.integer("sentAtMs")
  const text = reader.text("text")
  if (reader.failed) return undefined
  const deletedAtMs = reader.optionalInteger("deletedAtMs")
  return {
    id,
    author: reader.optionalText("author") ?? "",
    authorName: reader.optionalText("authorName"),
    sentAtMs,
    text: deletedAtMs === undefined ? text : "",
    replyTo: reader.optionalText("replyTo"),
    system: reader.flag("system"),
    editedAtMs: reader.optionalInteger("editedAtMs"),
    deletedAtMs,
    reactions: reactions.get(id) ?? new Map<string, string[]>(),
    importedFrom: readSource(reader),
  }
}

/**
 * Shape: `messages`: id -> map · `reactions`: `<message>/<member>/<emoji>` -> true. Reactions are one flat map of
 * the initial change, not a map in each message: so no container is made by whoever reacts first, none is made for
 * the many messages without a reaction, and reactions to a message that two devices imported at once all count.
 */
export const parseChat = (doc: unknown): Result<Chat, SchemaError> => {
  const root = parseRoot("chat", doc)
  if (!root.ok) return root
  const { fields, found, schema, readOnly, issues } = root.value
  const reactions = readReactions(fields["reactions"])
  const container = isMap(fields["messages"]) ? fields["messages"] : {}
  const messages = readItems(fields, "messages", found, (id, reader) => {
    const item = reader.has("importId") ? (shownCopy(container, id) ?? reader.item) : reader.item
    return readMessage(id, new ItemReader(item, reader.path, found), reactions)
  })
  const inOrder = [...messages.values()].sort((a, b) => a.sentAtMs - b.sentAtMs || compareText(a.id, b.id))
  return ok({ schema, readOnly, issues, messages: inOrder })
}

const validText = (text: string): CommandResult =>
  check([[text.trim() !== "" && text.length <= documentLimits.text, "text", "a message"]])

export const sendMessage = (
  draft: unknown,
  input: { readonly id: string; readonly text: string; readonly replyTo?: string; readonly by: By },
): CommandResult => {
  const messages = containerOf(draft, "chat", "messages")
  if (!messages.ok) return messages
  const { id, text, replyTo, by } = input
  const valid = validText(text)
  if (!valid.ok) return valid
  if (!isId(id)) return err({ type: "InvalidField", field: "id", expected: "an id" })
  if (id in messages.value) return err({ type: "AlreadyExists", id })
  messages.value[id] = itemOf({ author: by.author, sentAtMs: by.nowMs, text, replyTo })
  return done
}

/** A message from a file. `author` is "" where the name belongs to no member. `false`: it is here already. */
export const importMessage = (
  draft: unknown,
  input: {
    readonly id: string
    readonly author: string
    readonly authorName: string
    readonly sentAtMs: number
    readonly text: string
    readonly system: boolean
    readonly source: Source
  },
): Result<boolean, CommandError> => {
  const messages = containerOf(draft, "chat", "messages")
  if (!messages.ok) return messages
  const { id, source, ...fields } = input
  if (id in messages.value) return ok(false)
  messages.value[id] = itemOf({
    ...fields,
    system: fields.system ? true : undefined,
    ...sourceFields(source),
  })
  return ok(true)
}

const ownCopies = (draft: unknown, id: string, by: By) => {
  const messages = containerOf(draft, "chat", "messages")
  if (!messages.ok) return messages
  const copies = copiesOf(messages.value, id)
  const [copy] = copies
  if (copy === undefined) return err({ type: "NotFound", id } as const)
  if (textOf(copy["author"]) !== by.author) return err({ type: "NotAuthor" } as const)
  return ok(copies)
}

/** Only its author edits a message; what it said before stays in the document's history. */
export const editMessage = (
  draft: unknown,
  input: { readonly id: string; readonly text: string; readonly by: By },
): CommandResult => {
  const copies = ownCopies(draft, input.id, input.by)
  if (!copies.ok) return copies
  const valid = validText(input.text)
  if (!valid.ok) return valid
  for (const copy of copies.value) {
    put(copy, "text", input.text)
    put(copy, "editedAtMs", input.by.nowMs)
  }
  return done
}

/** Empties the message for everyone who plays fair; the history of the document keeps it. The place stays. */
export const deleteMessage = (
  draft: unknown,
  input: { readonly id: string; readonly by: By },
): CommandResult => {
  const copies = ownCopies(draft, input.id, input.by)
  if (!copies.ok) return copies
  for (const copy of copies.value) {
    put(copy, "text", "")
    put(copy, "deletedAtMs", input.by.nowMs)
  }
  return done
}

/** Sets or takes back the actor's own reaction. */
export const react = (
  draft: unknown,
  input: { readonly id: string; readonly emoji: string; readonly on: boolean; readonly by: By },
): CommandResult => {
  const reactions = containerOf(draft, "chat", "reactions")
  const messages = containerOf(draft, "chat", "messages")
  if (!reactions.ok) return reactions
  if (!messages.ok) return messages
  const { id, emoji, on, by } = input
  const valid = check([
    [isId(by.author), "author", "a member id"],
    [emoji !== "" && emoji.length <= 32, "emoji", "an emoji"],
  ])
  if (!valid.ok) return valid
  if (!(id in messages.value)) return err({ type: "NotFound", id })
  put(reactions.value, `${id}/${by.author}/${emoji}`, on ? true : undefined)
  return done
}
