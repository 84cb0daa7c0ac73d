import type { Room } from "./rooms.js"

/** A room that this device is in, or on its way into. */
export interface JoinedRoom extends Room {
  store: string | undefined
  after: number
  isJoined: boolean
  isCaughtUp: boolean
  /** Everything that the relay has of it is read in this turn: what was not seen is not there. */
  isReadWhole: boolean
  read: number
  /** Something was taken in since the last receipt, or nothing was said yet. */
  hasNews: boolean
  /** What is said is said whatever was said before. */
  isAsked: boolean
  isReceiptDue: boolean
}

export const joinedRoom = (room: Room, cursor: Pick<JoinedRoom, "store" | "after">): JoinedRoom => ({
  ...room,
  ...cursor,
  isJoined: false,
  isCaughtUp: false,
  isReadWhole: false,
  read: 0,
  hasNews: true,
  isAsked: false,
  isReceiptDue: false,
})
