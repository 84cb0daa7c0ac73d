import type { Log, Store } from "../base/index.js"
import { type Operation, parseOperation } from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import { type GroupSession, openGroupSession } from "./group-session.js"
import type { DeviceIdentity } from "./identity.js"

/** Operations from the sealed store were verified before they were put there. */
const loadOperations = async (store: Store, sealer: Sealer): Promise<readonly Operation[]> => {
  const operations: Operation[] = []
  for (const { value } of await store.list(["operation"])) {
    const parsed = parseOperation(value, sealer.hash)
    if (parsed.ok) operations.push(parsed.value)
  }
  return operations
}

const checkpointKey = ["membership checkpoint"]
/** Fewer operations are folded again sooner than written down. */
const foldedBeforeKept = 16

/** The log as the store has it. What was kept of it is a shortcut: where it cannot be read, the log is folded anew. */
export const openStoredSession = async (
  deps: { readonly sealer: Sealer; readonly store: Store; readonly log: Log },
  own: { readonly identity: DeviceIdentity; readonly logKey: Uint8Array },
): Promise<GroupSession> => {
  const { sealer, store, log } = deps
  const asIfNone = (what: string) => (error: unknown) => {
    log.event(what, { reason: error instanceof Error ? error.name : "unknown" })
    return undefined
  }
  const kept = await store.get(checkpointKey).catch(asIfNone("membership checkpoint not read"))
  const session = await openGroupSession({ sealer }, own, await loadOperations(store, sealer), kept)
  const keep = async (): Promise<void> =>
    store.write([{ type: "Put", key: checkpointKey, value: session.checkpoint() }])
  if (session.foldedAtOpening >= foldedBeforeKept)
    await keep().catch(asIfNone("membership checkpoint not kept"))
  return session
}
