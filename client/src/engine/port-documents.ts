import type { Area, CircleId, GroupId } from "@home/shared/base"
import type {
  Book,
  Catalogue,
  Chat,
  Contacts,
  Ledger,
  Note,
  Plans,
  Profile,
  SchemaError,
} from "@home/shared/documents"

export interface ParsedByArea {
  readonly catalogue: Catalogue
  readonly profile: Profile
  readonly book: Book
  readonly ledger: Ledger
  readonly notes: Note
  readonly plans: Plans
  readonly chat: Chat
  readonly contacts: Contacts
}

/** A circle of the family, or a share, which has only one. */
export type Place = CircleId | GroupId

/** `name` as in shared's `DocumentName`: "2026" of a ledger, "" of the book, a member id or "family" of a profile. */
export interface DocumentRef<A extends Area = Area> {
  readonly area: A
  readonly name: string
  /** Everyone's if left out. */
  readonly circle?: Place | undefined
}

/** The same inside one replica: the family's, or a share's. */
export interface CircleDocument<A extends Area = Area> {
  readonly area: A
  readonly name: string
  readonly circle?: CircleId | undefined
}

type MapKeys<T> = { [K in keyof T]: T[K] extends ReadonlyMap<string, unknown> ? K : never }[keyof T] & string
export type Collection<A extends Area> = MapKeys<ParsedByArea[A]>
export type RowOf<A extends Area, C extends Collection<A>> =
  ParsedByArea[A][C] extends ReadonlyMap<string, infer V> ? V : never
/** What of a parsed document is not a map: `schema`, `readOnly`, `issues`, a currency, a list of years. */
export type Fields<A extends Area> = Omit<ParsedByArea[A], Collection<A>>
export type Rows<A extends Area> = {
  [C in Collection<A>]: {
    readonly collection: C
    readonly upserts: readonly (readonly [id: string, row: RowOf<A, C>])[]
    readonly removes: readonly string[]
  }
}[Collection<A>]

export type DocumentEvent<A extends Area> =
  /** Forget what was shown of it: the rows come anew. `counts`: how many each collection has. */
  | {
      readonly type: "Begin"
      readonly fields: Fields<A>
      readonly counts: Readonly<Record<Collection<A>, number>>
    }
  | { readonly type: "Fields"; readonly fields: Fields<A> }
  | { readonly type: "Rows"; readonly rows: readonly Rows<A>[] }
  /** Every row that there is now has come; after this only changes come. */
  | { readonly type: "Whole" }
  | { readonly type: "Unreadable"; readonly error: SchemaError }
