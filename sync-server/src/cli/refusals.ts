import type { ActError, ActRefusal, JoinError } from "@home/shared/replica"
import type { Failure } from "./failure.js"

/** What the family's rules say no to, and what helps. The codes stay in `details`, for programs. */
export const refusalWords: Readonly<Record<ActRefusal, string>> = {
  RoleTooLow: "your role does not allow it: ask an admin of the family",
  RankTooLow:
    "only somebody who has been in charge for longer may do this: ask them, or use the recovery phrase",
  AuthorNotLive: "this device is no longer in the family: ask for a new invitation",
  TargetUnknown: 'there is no such member or device any more: "home members" shows who is there',
  TargetExists:
    "this device is in the family already, or was removed from it: begin anew in an empty folder (--data DIR)",
  CircleNotRead: "this device does not read that circle: somebody who does has to do it",
  MovedAlready: 'it was moved already, to another circle: "home circle moved" shows where',
  TooMany:
    "there are as many devices or circles as a family can have: remove devices that nobody uses any more",
  Pointless: "that is how it is already, or it contradicts itself: nothing was changed",
  RekeyWrong: 'the family has changed meanwhile: run "home sync --once" and try again',
  RekeyUnneeded: "the key needs no change: somebody renewed it already, nothing is left to do",
  WrapWrong: 'the keys have changed meanwhile: run "home sync --once" and try again',
  SeqWrong:
    "another copy of this device has spoken in its name: keep one of the two and remove the other from the family",
  Missing: 'something that this rests on is not here yet: run "home sync --once" and try again',
  Duplicate: "this was done already: nothing was changed",
  NotYet: "this version of home cannot do it yet: look for a newer one",
  OtherGroup: "this belongs to another family: look whether --data names the right folder",
  AnotherGroup: "this belongs to another family: look whether --data names the right folder",
  GenesisInvalid: "this is not the beginning of a family: look for another copy of its file",
  BadSignature: "its signature is wrong, so somebody altered it on the way: fetch it again",
  OperationMalformed: "it cannot be read, so something altered it on the way: fetch it again",
  OperationTooLarge: "it is larger than the family's log takes: do it in smaller steps",
  OperationVersion: "it was written by a newer version of home: update this one",
}

export const actFailure = ({ reason }: ActError): Failure => ({
  kind: "refused",
  message: refusalWords[reason],
  details: { reason },
})

export const joinFailure = (error: JoinError): Failure => {
  switch (error.type) {
    case "Declined":
      return {
        kind: "refused",
        message: "the other side said no, or was asked and did not answer: ask for a new invitation",
      }
    case "ProtocolBroken":
      return {
        kind: "refused",
        message:
          "the other side does not speak as this version of home does: nothing was changed, update both and try again",
      }
    case "ConnectionLost":
      return {
        kind: "unreachable",
        message:
          "the connection was lost before it was done: try again; when that does not help, the code is wrong or " +
          "was used, so ask for a new one",
      }
    case "Refused":
      return actFailure(error)
  }
}
