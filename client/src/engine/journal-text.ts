import type { Edit } from "./messages.js"
import type { Place } from "./port.js"

/** A field that is there and undefined: a command clears it. JSON knows only absence. */
const mark = "\u0000undefined"

const marked = (value: unknown): unknown => {
  if (value === undefined) return mark
  if (Array.isArray(value)) return value.map(marked)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, marked(inner)]))
}

const unmarked = (value: unknown): unknown => {
  if (value === mark) return undefined
  if (Array.isArray(value)) return value.map(unmarked)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unmarked(inner)]))
}

/** An edit as JSON, with its undefined fields. Inputs of commands are texts, numbers, lists and maps. */
export const toJournal = (edit: Edit): string => JSON.stringify(marked(edit))

/** `undefined`: not written by this version. */
export const fromJournal = (text: string): Edit | undefined => {
  const value = parsed(text)
  if (typeof value !== "object" || value === null) return undefined
  const { id, name, document, circle, input, nowMs } = unmarked(value) as Partial<Record<keyof Edit, unknown>>
  const isEdit =
    typeof id === "string" &&
    typeof name === "string" &&
    typeof document === "string" &&
    (circle === undefined || typeof circle === "string") &&
    typeof nowMs === "number"
  return isEdit ? { id, name, document, circle: circle as Place | undefined, input, nowMs } : undefined
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
