import type { english } from "./en/index.js"
import type { Message, NamesOf } from "./message.js"

export type English = typeof english
export type MessageKey = keyof English & string
/** A key whose text needs no values: what a table of words can hold. */
export type PlainKey = {
  [Key in MessageKey]: [NamesOf<English[Key]>] extends [never] ? Key : never
}[MessageKey]
/** What every language has: the keys of English, with the same names in braces (a test compares those). */
export type Dictionary = Readonly<Record<MessageKey, Message>>
