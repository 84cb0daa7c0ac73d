import type { DeviceId, Store } from "../base/index.js"
import type { Certificates } from "./certificates.js"
import type { Feeds } from "./feeds.js"
import type { GroupSession } from "./group-session.js"
import type { Pipeline } from "./pipeline-port.js"
import { recoveryNoteKey } from "./recover.js"

/** The founder's first bundles, once: without genesis and note, phrase and archive alone would open nothing. */
export const publishGenesis = async (deps: {
  readonly store: Store
  readonly session: GroupSession
  readonly feeds: Feeds
  readonly pipeline: Pick<Pipeline, "process">
  readonly device: DeviceId
  readonly certificates: Certificates
}): Promise<void> => {
  const { session, feeds, device } = deps
  const genesis = session.log.operations()[0]
  const isDone = async (): Promise<boolean> => (await deps.certificates.feedsOf(device, undefined)).length > 0
  if (genesis?.author !== device || (await isDone())) return
  const stored = await feeds.publish(session.keyring.log, {
    kind: "operation",
    document: undefined,
    slot: 0,
    groupHeads: [genesis.id],
    payload: genesis.bytes,
  })
  await deps.pipeline.process([stored])
  // What opens a share stands in the family that founded it.
  if (session.state().kind === "share") return
  const payload = await deps.store.get(recoveryNoteKey)
  if (payload === undefined) throw new Error("a founder's profile without the recovery note")
  const note = await feeds.publish(session.keyring.open, {
    kind: "recovery",
    document: undefined,
    slot: 0,
    groupHeads: [genesis.id],
    payload,
  })
  await deps.pipeline.process([note])
}
