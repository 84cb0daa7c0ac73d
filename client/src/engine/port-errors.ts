import type { CommandError, SchemaError } from "@home/shared/documents"

/** The engine is locked, empty, or still starting: the state says which. */
export interface NotOpen {
  readonly type: "NotOpen"
}
/** The disk has no room. Of an edit: the journal keeps it, and it is tried again by itself. */
export interface StorageFull {
  readonly type: "StorageFull"
}
export type EditError =
  | CommandError
  | NotOpen
  | StorageFull
  /** The role or the circle does not allow it. */
  | { readonly type: "NotAllowed" }
  /** Neither the disk nor the journal has room for it, or it is too large for the journal: nothing keeps it. */
  | { readonly type: "JournalFull" }
export type AskError = NotOpen | SchemaError | { readonly type: "NotFound"; readonly id: string }

/** Empty, too long, or of more than one line. */
export interface InvalidName {
  readonly type: "InvalidName"
  readonly field: "family" | "member" | "deviceName" | "circle" | "share"
}

export type SetupError =
  | { readonly type: "AlreadyInFamily" }
  | InvalidName
  /** Empty: it would protect nothing. */
  | { readonly type: "NoPassphrase" }
  | { readonly type: "InvalidRelay" }
  | StorageFull

export type PairingError =
  | { readonly type: "NotAnInvitation" }
  | { readonly type: "Expired" }
  /** It was used, or somebody tried a wrong code: make a new one. */
  | { readonly type: "Burnt" }
  /** Whoever reads the code out says no: a word is wrong, or somebody was before. */
  | { readonly type: "CodeRefused" }
  /** Five codes were read out within the hour. */
  | { readonly type: "TooManyCodes"; readonly againMs: number }
  /** Nobody answers at its addresses, and no relay passed it on. */
  | { readonly type: "Unreachable" }
  | { readonly type: "ConnectionLost" }
  | { readonly type: "Declined" }
  | { readonly type: "ProtocolBroken" }
  | { readonly type: "Cancelled" }
  /** There is neither relay nor any other way to be found by the other device. */
  | { readonly type: "NoWay" }
  | ActRefused

/** `reason` as the membership log names it: RoleTooLow, RankTooLow, AuthorNotLive, TargetUnknown, Pointless ... */
export interface ActRefused {
  readonly type: "Refused"
  readonly reason: string
}

export type UnlockError =
  | { readonly type: "WrongPassphrase" }
  | { readonly type: "WrongPasskey" }
  | { readonly type: "NoSuchWay" }
  /** The profile's record does not open or parse: join again, or recover. */
  | { readonly type: "ProfileDamaged" }

/** What was typed is no phrase. */
export type NoPhraseError =
  | { readonly type: "WordCount"; readonly words: number }
  /** `position` counts from 1. */
  | { readonly type: "UnknownWord"; readonly position: number }
  | { readonly type: "WrongChecksum" }

/** `WrongPhrase`: another family's, or one that was replaced. */
export type PhraseError = NotOpen | NoPhraseError | { readonly type: "WrongPhrase" }

export type RecoverError =
  | SetupError
  | NoPhraseError
  | { readonly type: "Unreachable" }
  | { readonly type: "NothingForThisPhrase" }
  /** A newer phrase has taken its place. */
  | { readonly type: "PhraseReplaced" }
  | { readonly type: "LogIncomplete" }
  | ActRefused
