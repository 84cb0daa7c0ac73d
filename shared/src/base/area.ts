/**
 * What a document is about. The area stands in the document's id and in every bundle, so a receiver knows
 * which rule of the policy table applies before it opens the content. Codes go on the wire and never change.
 *
 * catalogue: which documents exist · profile: one member's name and picture · book: accounts, categories and
 * tags of the ledger · ledger: the entries of one year · notes: one note · plans: one list of events and tasks ·
 * chat: one month of one room · contacts: the family's card for other families, and whose cards it has.
 */
export const areaCodes = {
  catalogue: 1,
  profile: 2,
  book: 3,
  ledger: 4,
  notes: 5,
  plans: 6,
  chat: 7,
  contacts: 8,
} as const

export type Area = keyof typeof areaCodes

export const areas = Object.keys(areaCodes) as readonly Area[]

export const areaFromCode = (code: number): Area | undefined => areas.find(area => areaCodes[area] === code)

/** A document inside a circle; its id is a hash of group, circle, area and name. `name` is at most 96 bytes. */
export interface DocumentName {
  readonly area: Area
  readonly name: string
}
