import { type Entry, compareEntries } from "@home/shared/documents"

/**
 * Entries of all years in the order of reading, kept month by month: one edit among 50,000 sorts one month. Plain, not
 * a Solid store: fifty thousand proxies would cost more than all screens together. Who shows it asks again after a change.
 */
export interface EntryIndex {
  readonly byId: ReadonlyMap<string, Entry>
  put(entry: Entry): void
  drop(id: string): void
  /** What is not removed, newest first. The same array until something changed. */
  list(): readonly Entry[]
  /** The same by month, newest first: the entries of a month are the same array until one of them changed. */
  months(): readonly (readonly Entry[])[]
}

export const createEntryIndex = (): EntryIndex => {
  const byId = new Map<string, Entry>()
  const months = new Map<string, Map<string, Entry>>()
  const sorted = new Map<string, readonly Entry[]>()
  let whole: readonly Entry[] | undefined
  let parts: readonly (readonly Entry[])[] | undefined

  const touch = (month: string): void => {
    sorted.delete(month)
    whole = undefined
    parts = undefined
  }
  const take = (id: string): void => {
    const before = byId.get(id)
    if (before === undefined) return
    const month = before.date.slice(0, 7)
    months.get(month)?.delete(id)
    byId.delete(id)
    touch(month)
  }
  const sortMonth = (month: string): readonly Entry[] => {
    const known = sorted.get(month)
    if (known !== undefined) return known
    const entries = [...(months.get(month)?.values() ?? [])].sort(compareEntries)
    sorted.set(month, entries)
    return entries
  }
  const monthsNow = (): readonly (readonly Entry[])[] => {
    parts ??= [...months.keys()]
      .sort()
      .reverse()
      .map(sortMonth)
      .filter(entries => entries.length > 0)
    return parts
  }
  const listNow = (): readonly Entry[] => {
    if (whole !== undefined) return whole
    const all: Entry[] = []
    for (const entries of monthsNow()) for (const entry of entries) all.push(entry)
    whole = all
    return all
  }
  return {
    byId,
    put: entry => {
      take(entry.id)
      byId.set(entry.id, entry)
      if (entry.deletedAtMs !== undefined) return
      const month = entry.date.slice(0, 7)
      const entries = months.get(month) ?? new Map<string, Entry>()
      months.set(month, entries.set(entry.id, entry))
      touch(month)
    },
    drop: take,
    list: listNow,
    months: monthsNow,
  }
}
