import type { CircleId, DeviceId, MemberId } from "../base/index.js"
import { type OperationBody, circleIdOf, nothingTaken } from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import type { Author } from "./author.js"
import type { GroupSession } from "./group-session.js"

/** The operations that make circles and change who is in them. */
export interface CircleAuthor {
  /** A circle that does not exist yet: of this device's member and of others. */
  newCircle(others: readonly MemberId[]): Promise<OperationBody>
  /** Lists members in a circle; their devices get the keys of all of its history. */
  listIn(circle: CircleId, members: readonly MemberId[]): OperationBody
  /** Takes members out of a circle: a new key, and cuts behind what they wrote there. */
  unlistFrom(circle: CircleId, members: readonly MemberId[]): Promise<OperationBody>
}

export const createCircleAuthor = (
  deps: {
    readonly sealer: Sealer
    readonly session: GroupSession
    readonly device: DeviceId | "recovery"
  } & Pick<Author, "taking" | "wrapsFor">,
): CircleAuthor => {
  const { session, device } = deps
  return {
    newCircle: async others => {
      const own = device === "recovery" ? undefined : session.state().devices.get(device)?.member
      const add = [...new Set([...(own === undefined ? [] : [own]), ...others])]
      const circle = circleIdOf(session.group, device, session.log.nextSeq(device), deps.sealer.hash)
      const change = { type: "circle", circle, add, remove: [] } as const
      return { ...change, wraps: [], taking: await deps.taking(change) }
    },
    listIn: (circle, members) => {
      // A suspended device gets its wrap when it is let in again.
      const wraps = [...session.state().devices.values()]
        .filter(({ member, live, suspended }) => live && !suspended && members.includes(member))
        .flatMap(({ id, keys }) => deps.wrapsFor(id, keys.wrap, [circle]))
      return { type: "circle", circle, add: members, remove: [], wraps, taking: nothingTaken }
    },
    unlistFrom: async (circle, members) => {
      const change = { type: "circle", circle, add: [], remove: members } as const
      return { ...change, wraps: [], taking: await deps.taking(change) }
    },
  }
}
