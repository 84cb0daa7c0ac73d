import type { GroupId, MemberId, Result } from "@home/shared/base"
import type { Role } from "@home/shared/access"
import type { ContactProblem } from "./port-contacts.js"
import type { ActRefused, InvalidName, StorageFull } from "./port-errors.js"
import type { MemberView } from "./port-values.js"

/** What the other family may do in a share; its admin is who made it. */
export type ShareRole = Exclude<Role, "admin">

/** What this family has together with another one: documents of its own, which nothing else of the family is in. */
export interface ShareView {
  /** Also where its documents lie: the `circle` of a `DocumentRef`. */
  readonly share: GroupId
  readonly title: string
  /** The other family, as the contacts know it. */
  readonly family: GroupId
  /** Who made it, and may end it. */
  readonly side: "ours" | "theirs"
  /** What the side that did not make it may do. */
  readonly role: ShareRole
  /** False: it was ended. What is here stays, and nobody is told of what is written. */
  readonly isLive: boolean
  /** A device of the side that did not make it has come in. */
  readonly hasArrived: boolean
  /** That side came in, and none of its devices is in it any more. */
  readonly hasLeft: boolean
  readonly mayWrite: boolean
  readonly mayEnd: boolean
  /** Who this family is in it. */
  readonly self: MemberId
  /** Two: the families. */
  readonly members: readonly MemberView[]
}

/** Something that another family wants to have together with this one. */
export interface ShareOfferView {
  readonly offer: GroupId
  readonly title: string
  /** The family that made it. */
  readonly family: GroupId
  readonly name: string
  /** Another device of this family has it together with another one already. */
  readonly isOurs: boolean
}

export type ShareProblem =
  | ContactProblem
  | StorageFull
  | ActRefused
  | InvalidName
  /** Its card changed, and nobody has compared it since. */
  | { readonly type: "ContactChanged" }
  /** No admin's device, or no other one has let it share yet. */
  | { readonly type: "CannotShare" }
  /** Neither family has a relay to meet at. */
  | { readonly type: "NoWay" }
  /** None of the relays of both families answers. */
  | { readonly type: "NobodyReached" }
  /** The relays do not have all of it yet. */
  | { readonly type: "ShareIncomplete" }
  /** It is not open to this family, or not any more. */
  | { readonly type: "NotForUs" }
  | { readonly type: "UnknownShare" }

type Call<I, T> = (input: I) => Promise<Result<T, ShareProblem>>

export interface ShareCalls {
  /** Makes it and leaves the offer at a relay; where none takes it there is no share. */
  readonly createShare: Call<
    { readonly title: string; readonly family: GroupId; readonly role: ShareRole },
    GroupId
  >
  /** Asks the relays of all contacts whose card did not change. */
  readonly shareOffers: Call<Record<never, never>, readonly ShareOfferView[]>
  readonly acceptShare: Call<{ readonly offer: GroupId }, GroupId>
  /** This family goes out of what another one made, with all its devices; then what is here is erased. */
  readonly leaveShare: Call<{ readonly share: GroupId }, void>
  /** The other family is taken out. What it has read it keeps. */
  readonly endShare: Call<{ readonly share: GroupId }, void>
  /** Erases what this device has of it. */
  readonly forgetShare: Call<{ readonly share: GroupId }, void>
}
