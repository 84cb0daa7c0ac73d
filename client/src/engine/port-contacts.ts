import type { GroupId, Result } from "@home/shared/base"
import type { ContactError } from "@home/shared/device"
import type { ContactStanding } from "@home/shared/documents"
import type { NotOpen } from "./port-errors.js"

/** Other families, as this one knows them. */
export interface ContactsView {
  /** What another family scans or pastes to know this one. `undefined`: it is made with the phrase, and is not here. */
  readonly card: string | undefined
  /** Only who looks after the family keeps its contacts. */
  readonly mayKeep: boolean
  /** By name. */
  readonly families: readonly ContactView[]
}

export interface ContactView {
  readonly family: GroupId
  /** "" where its card says none. */
  readonly name: string
  readonly standing: ContactStanding
  /** One; several after a change, until somebody compares. */
  readonly cards: readonly ContactCardView[]
}

export interface ContactCardView {
  /** Sixty, the same on both sides when nobody stands between. */
  readonly digits: string
  /** Who took it in: a member. */
  readonly met: { readonly by: string; readonly atMs: number } | undefined
  /** `by`: a member. */
  readonly verified: { readonly by: string; readonly atMs: number } | undefined
}

export type ContactProblem = NotOpen | ContactError | { readonly type: "NotACard" }

type Call<I, T> = (input: I) => Promise<Result<T, ContactProblem>>

export interface ContactCalls {
  /** A card that was scanned or pasted. Another one in a known family's name makes it `changed`. */
  readonly addContact: Call<{ readonly card: string }, ContactView>
  /** The sixty digits that the other family sees; none of a card here answer `OtherNumber`. */
  readonly confirmContact: Call<{ readonly family: GroupId; readonly digits: string }, void>
  /** Forgets what was compared, too. */
  readonly removeContact: Call<{ readonly family: GroupId }, void>
}
