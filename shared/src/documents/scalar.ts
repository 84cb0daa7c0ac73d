import { ImmutableString } from "@automerge/automerge/slim"

/** A map inside a draft of `handle.change`. What stands in it may come from any version. */
export type MapDraft = Record<string, unknown>

/** What a field of a document may be set to. Strings become registers (`ImmutableString`), never shared text. */
export type Scalar = string | number | boolean | undefined

export const isMap = (value: unknown): value is MapDraft =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !isRegister(value) &&
  !(value instanceof Uint8Array) &&
  !(value instanceof Date)

const isRegister = (value: unknown): value is ImmutableString => value instanceof ImmutableString

/** The text of a register or of a shared text. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : isRegister(value) ? value.val : undefined

/** What a register shows to a person or a test: registers as plain strings, maps and lists likewise. */
export const plain = (value: unknown): unknown => {
  if (isRegister(value)) return value.val
  if (Array.isArray(value)) return value.map(plain)
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
  return value
}

/** Sets a field only when that changes something: what is written needlessly is a conflict needlessly. */
export const put = (target: MapDraft, key: string, value: Scalar): void => {
  if (value === undefined) {
    if (key in target) delete target[key]
    return
  }
  const current = target[key]
  if (typeof value === "string" ? isRegister(current) && current.val === value : current === value) return
  target[key] = typeof value === "string" ? new ImmutableString(value) : value
}

/** Makes the keys of a set (`key -> true`) exactly `wanted`; others' concurrent additions stay. */
export const putSet = (target: MapDraft, wanted: readonly string[]): void => {
  for (const key of Object.keys(target)) if (!wanted.includes(key)) delete target[key]
  for (const key of wanted) put(target, key, true)
}

/** A new map for a new item: fields that are `undefined` are left out. */
export const itemOf = (fields: Readonly<Record<string, Scalar>>): MapDraft => {
  const item: MapDraft = {}
  for (const [key, value] of Object.entries(fields)) put(item, key, value)
  return item
}

export const setOf = (keys: readonly string[]): MapDraft => Object.fromEntries(keys.map(key => [key, true]))
