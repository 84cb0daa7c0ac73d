import type { Filter } from "@home/shared/documents"

/** How many parts of a filter restrict, its text left out. */
export const partsOf = (filter: Filter): number =>
  [filter.from, filter.to, filter.minMinor, filter.maxMinor].filter(part => part !== undefined).length +
  [filter.directions, filter.accounts, filter.categories, filter.tags, filter.members].filter(
    list => list.length > 0,
  ).length
