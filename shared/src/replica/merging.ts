import type { DeviceId, OperationId, Result } from "../base/index.js"
import type { OperationBody } from "../access/index.js"
import { limits } from "../wire/index.js"
import { type Author, circlesReadBy } from "./author.js"
import type { GroupSession } from "./group-session.js"

/**
 * An operation that changes nothing: a key wrapped to who holds it already. Its parents are as many heads as an
 * operation can name, and it is one. `undefined`: this device reads no circle, and can write none.
 */
const mergingBody = (session: GroupSession, author: Author, device: DeviceId): OperationBody | undefined => {
  const state = session.log.stateAt(session.namedHeads())
  if (state === undefined) return undefined
  const held = circlesReadBy(state, device).flatMap(circle => {
    const epochs = state.circles.get(circle)?.heads ?? []
    const epoch = epochs.find(
      id =>
        session.keyring.epochKey(id) !== undefined &&
        state.circles.get(circle)?.epochs.get(id)?.holders.has(device) === true,
    )
    return epoch === undefined ? [] : [{ circle, epoch, device }]
  })
  const wraps = author.wraps(held.slice(0, 1))
  return wraps.length === 0 ? undefined : { type: "wrap", wraps }
}

/** Somebody forked the log beyond what an operation can name: ours would not see all that its keys depend on. */
export const createMerging = (deps: {
  readonly session: GroupSession
  readonly author: Author
  readonly device: DeviceId
  readonly act: (body: OperationBody) => Promise<Result<OperationId, unknown>>
}): (() => Promise<void>) => {
  const { session } = deps
  return async () => {
    for (let before = Infinity; ;) {
      const { length } = session.log.heads()
      if (length <= limits.groupHeads || length >= before) return
      before = length
      const body = mergingBody(session, deps.author, deps.device)
      if (body === undefined || !(await deps.act(body)).ok) return
    }
  }
}
