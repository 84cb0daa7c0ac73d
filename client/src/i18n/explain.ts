import type {
  ActRefused,
  AskError,
  ContactProblem,
  EditError,
  NotOpen,
  PairingError,
  PhraseError,
  RecoverError,
  SetupError,
  ShareProblem,
  UnlockError,
} from "../engine/port.js"
import type { Translate } from "./language.js"

/** What can come back from a call that a person made. */
export type Problem =
  | ActRefused
  | AskError
  | ContactProblem
  | EditError
  | NotOpen
  | PairingError
  | PhraseError
  | RecoverError
  | SetupError
  | ShareProblem
  | UnlockError
  | { readonly type: "PhraseNotChecked" | "NoPhrase" | "NobodyAsks" }

const explainRefusal = (t: Translate, reason: string): string => {
  switch (reason) {
    case "RoleTooLow":
      return t("problem.notAllowed")
    case "RankTooLow":
      return t("problem.rank")
    case "AuthorNotLive":
      return t("problem.removed")
    default:
      return t("problem.other")
  }
}

/** What is wrong and what to do, in words for people: no identifiers, no names of machinery. */
export const explain = (t: Translate, problem: Problem): string => {
  switch (problem.type) {
    case "AlreadyInFamily":
      return t("problem.alreadyInFamily")
    case "InvalidName":
      return t("problem.name")
    case "NoPassphrase":
      return t("problem.noPassphrase")
    case "InvalidRelay":
      return t("problem.relay")
    case "StorageFull":
    case "JournalFull":
      return t("problem.full")
    case "PhraseNotChecked":
    case "NoPhrase":
      return t("problem.phrase")
    case "WrongPassphrase":
      return t("problem.wrongPassphrase")
    case "WrongPasskey":
      return t("problem.wrongPasskey")
    case "NoSuchWay":
      return t("problem.noWay")
    case "ProfileDamaged":
      return t("problem.damaged")
    case "WordCount":
      return t("problem.wordCount", { words: problem.words })
    case "UnknownWord":
      return t("problem.unknownWord", { position: problem.position })
    case "WrongChecksum":
      return t("problem.checksum")
    case "WrongPhrase":
      return t("problem.wrongPhrase")
    case "NothingForThisPhrase":
      return t("problem.nothingForPhrase")
    case "LogIncomplete":
      return t("problem.logIncomplete")
    case "NotAnInvitation":
      return t("problem.notInvitation")
    case "Expired":
      return t("problem.expired")
    case "Burnt":
      return t("problem.burnt")
    case "CodeRefused":
      return t("problem.codeRefused")
    case "TooManyCodes":
      return t("problem.tooManyCodes")
    case "Unreachable":
      return t("problem.unreachable")
    case "ConnectionLost":
      return t("problem.connectionLost")
    case "Declined":
      return t("problem.declined")
    case "ProtocolBroken":
      return t("problem.broken")
    case "Cancelled":
      return t("problem.cancelled")
    case "NoWay":
      return t("problem.noMeetingPlace")
    case "NotAllowed":
      return t("problem.notAllowed")
    case "NotOpen":
      return t("problem.locked")
    case "NotACard":
      return t("others.problem.notACard")
    case "OwnFamily":
      return t("others.problem.ownFamily")
    case "Forged":
      return t("others.problem.forged")
    case "OtherNumber":
      return t("others.problem.otherNumber")
    case "NoOwnCard":
      return t("others.noCard")
    case "UnknownContact":
      return t("others.notHere")
    case "ContactChanged":
      return t("shares.problem.changed")
    case "CannotShare":
      return t("shares.problem.cannotShare")
    case "NobodyReached":
      return t("shares.problem.nobody")
    case "ShareIncomplete":
      return t("shares.problem.incomplete")
    case "NotForUs":
    case "UnknownShare":
      return t("shares.problem.notForUs")
    case "Refused":
      return explainRefusal(t, problem.reason)
    default:
      return t("problem.other")
  }
}
