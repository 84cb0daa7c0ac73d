import type { Area, DocumentName } from "../base/index.js"

/** Nobody's clock is asked: of two, one may be ahead of today. */
const newest = 2

/** Before the others of their kind: catalogue, book and profiles, without which nothing can be shown, and so on. */
const early: readonly Area[] = ["catalogue", "book", "profile", "ledger", "plans", "chat"]
const late: readonly Area[] = ["ledger", "chat", "notes"]

/** `<roomId>/2026-11`: the months of one room belong together, and so do all years of the ledger. */
const seriesOf = ({ area, name }: DocumentName): string => `${area} ${name.split("/").slice(0, -1).join("/")}`

/**
 * The documents in the order in which somebody who has none of them needs them: what every screen stands on, then
 * what a first screen shows (the newest years of the ledger, all lists, the newest months of each room), then the
 * rest, the newest first.
 */
export const inOrderOfNeed = <T extends DocumentName>(documents: readonly T[]): readonly T[] => {
  const taken = new Map<string, number>()
  const rankOf = (document: T): number => {
    const series = seriesOf(document)
    const count = (taken.get(series) ?? 0) + 1
    taken.set(series, count)
    const isSeries = document.area === "ledger" || document.area === "chat"
    const isEarly = early.includes(document.area) && (!isSeries || count <= newest)
    return isEarly ? early.indexOf(document.area) : early.length + late.indexOf(document.area)
  }
  return documents
    .toSorted((one, other) => (one.name > other.name ? -1 : 1))
    .map(document => ({ document, rank: rankOf(document) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ document }) => document)
}
