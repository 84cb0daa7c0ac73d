import type { CircleId, Log, OperationId, Result } from "../base/index.js"
import { type OperationBody, needsRekey } from "../access/index.js"
import type { Author } from "./author.js"
import { combinedEpochs } from "./combinations.js"
import type { GroupSession } from "./group-session.js"
import type { ActError } from "./replica-port.js"

/**
 * Nobody seals to a dead device, nor under more heads than are combined: who finds that renews the key first,
 * whatever his role.
 */
export const createKeyRenewal =
  (deps: {
    readonly session: GroupSession
    readonly author: Author
    readonly act: (body: OperationBody) => Promise<Result<OperationId, ActError>>
    readonly isKeeper: boolean
    readonly log: Log
  }) =>
  async (circle: CircleId): Promise<void> => {
    const state = deps.session.state()
    const heads = state.circles.get(circle)?.heads ?? []
    const isDue = needsRekey(state, circle) === "dead device" || heads.length > combinedEpochs
    if (deps.isKeeper || !isDue) return
    const body = await deps.author.rekeyBody(circle)
    const renewed = body && (await deps.act(body))
    if (renewed?.ok === false) deps.log.event("rekey refused", { reason: renewed.error.reason })
  }
