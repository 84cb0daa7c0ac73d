import type { Parsed } from "@home/shared/documents"

/** A parsed document as it is shown: its maps are collections of rows, the rest are its fields. */
export interface Shown {
  readonly fields: Readonly<Record<string, unknown>>
  readonly collections: ReadonlyMap<string, ReadonlyMap<string, unknown>>
}

export interface RowChanges {
  readonly collection: string
  readonly upserts: readonly (readonly [id: string, row: unknown])[]
  readonly removes: readonly string[]
}

export const shownOf = (parsed: Parsed): Shown => {
  const fields: Record<string, unknown> = {}
  const collections = new Map<string, ReadonlyMap<string, unknown>>()
  for (const [name, value] of Object.entries(parsed)) {
    if (value instanceof Map) collections.set(name, value as ReadonlyMap<string, unknown>)
    else fields[name] = value
  }
  return { fields, collections }
}

/** How many rows each collection has. */
export const countsOf = ({ collections }: Shown): Readonly<Record<string, number>> =>
  Object.fromEntries([...collections].map(([name, rows]) => [name, rows.size]))

/** Whether two plain values (maps and sets among them) say the same; absent and undefined are one. */
export const isSame = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  if (a instanceof Map || b instanceof Map)
    return a instanceof Map && b instanceof Map && isSame([...a.entries()], [...b.entries()])
  if (a instanceof Set || b instanceof Set)
    return a instanceof Set && b instanceof Set && isSame([...a], [...b])
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>]
  return [...Object.keys(one), ...Object.keys(other)].every(key => isSame(one[key], other[key]))
}

const changesIn = (
  collection: string,
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): RowChanges => {
  const upserts: [string, unknown][] = []
  for (const [id, row] of after) if (!before.has(id) || !isSame(before.get(id), row)) upserts.push([id, row])
  const removes = [...before.keys()].filter(id => !after.has(id))
  return { collection, upserts, removes }
}

/** Rows that the parser knows to be unchanged are the same objects: comparing them costs nothing. */
export const rowChanges = (before: Shown, after: Shown): readonly RowChanges[] =>
  [...after.collections]
    .map(([name, rows]) => changesIn(name, before.collections.get(name) ?? new Map(), rows))
    .filter(({ upserts, removes }) => upserts.length > 0 || removes.length > 0)
