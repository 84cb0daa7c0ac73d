import { ImmutableString, updateText } from "@automerge/automerge/slim"
import { shownCopy } from "./conflicts.js"
import { type MapDraft, isMap } from "./scalar.js"

/** One edit of the copy: runs on a draft of it. */
export type CopyStep = (draft: unknown) => void

type Path = readonly string[]

/** About so many values are written by one step: a change of a year's thousands of entries would be megabytes. */
const valuesPerStep = 1_000

const countOf = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countOf(item), 1)
  return isMap(value) ? Object.values(value).reduce<number>((sum, item) => sum + countOf(item), 1) : 1
}

/** The value as a draft takes it: nothing of it belongs to another document. */
const cloned = (value: unknown): unknown => {
  if (value instanceof ImmutableString) return new ImmutableString(value.val)
  if (value instanceof Uint8Array) return value.slice()
  if (value instanceof Date) return new Date(value)
  if (Array.isArray(value)) return value.map(cloned)
  if (isMap(value)) return Object.fromEntries(keysOf(value).map(key => [key, cloned(shownOf(value, key))]))
  return value
}

const keysOf = (map: MapDraft): readonly string[] => Object.keys(map).filter(key => map[key] !== undefined)

/**
 * Two devices may have imported one row at once: the copy has what a reader was shown. Among concurrent values Automerge
 * gives registers as plain strings: a shared text is what is one in the value of its own choice.
 */
const shownOf = (map: MapDraft, key: string): unknown => {
  const value = map[key]
  if (!isMap(value) || value["importId"] === undefined) return value
  const shown = shownCopy(map, key)
  return shown === undefined || shown === value ? value : withRegisters(shown, value)
}

const withRegisters = (value: unknown, like: unknown): unknown => {
  if (typeof value === "string") return typeof like === "string" ? value : new ImmutableString(value)
  if (!isMap(value)) return value
  const other = isMap(like) ? like : {}
  return Object.fromEntries(keysOf(value).map(key => [key, withRegisters(value[key], other[key])]))
}

const mapAt = (draft: unknown, path: Path): MapDraft => {
  let map = draft as MapDraft
  for (const key of path) {
    if (!isMap(map[key])) map[key] = {}
    map = map[key] as MapDraft
  }
  return map
}

const deleteOthers = (map: MapDraft, kept: readonly string[]): void => {
  for (const key of Object.keys(map)) if (!kept.includes(key)) delete map[key]
}

/** What stands there already (the fixed changes made it) stays the same object. */
const write = (draft: unknown, path: Path, key: string, value: unknown): void => {
  const map = mapAt(draft, path)
  const present = map[key]
  if (isMap(value) && isMap(present)) {
    const keys = keysOf(value)
    deleteOthers(present, keys)
    for (const inner of keys) write(draft, [...path, key], inner, shownOf(value, inner))
  } else if (typeof value === "string" && typeof present === "string") {
    if (value !== present) updateText(draft as never, [...path, key], value)
  } else if (value instanceof ImmutableString) {
    if (!(present instanceof ImmutableString) || present.val !== value.val) map[key] = cloned(value)
  } else if (present !== value) map[key] = cloned(value)
}

/**
 * Steps that give a new document of the same area what `doc` shows: maps, registers, shared texts and lists. Without
 * its history, and of values that two devices set at once only the one that is shown.
 */
export const copySteps = (doc: unknown): readonly CopyStep[] => {
  const steps: CopyStep[] = []
  let batch: CopyStep[] = []
  let count = 0
  const cut = (): void => {
    const now = batch
    if (now.length > 0) steps.push(draft => now.forEach(step => step(draft)))
    batch = []
    count = 0
  }
  const add = (values: number, step: CopyStep): void => {
    if (count > 0 && count + values > valuesPerStep) cut()
    batch.push(step)
    count += values
  }
  const walk = (map: MapDraft, path: Path): void => {
    const keys = keysOf(map)
    add(1, draft => deleteOthers(mapAt(draft, path), keys))
    for (const key of keys) {
      const value = shownOf(map, key)
      const values = countOf(value)
      if (isMap(value) && values > valuesPerStep) walk(value, [...path, key])
      else add(values, draft => write(draft, path, key, value))
    }
  }
  if (isMap(doc)) walk(doc, [])
  cut()
  return steps
}
