import type { DeviceId, OperationId } from "../base/index.js"
import type { Sealer } from "../wire/index.js"
import { joinLimits, logBundles, readPart } from "./join-log.js"
import type { Replica } from "./replica-port.js"

/** The operation that took a device out, itself or with its member. */
const removalOf = (replica: Replica, device: DeviceId): OperationId | undefined => {
  const { session } = replica
  const state = session.state()
  const member = state.devices.get(device)?.member
  const removal = session.log.operations().find(({ id, body }) => {
    if (state.void.has(id)) return false
    return (
      (body.type === "removeDevice" && body.device === device) ||
      (body.type === "removeMember" && body.member === member)
    )
  })
  return removal?.id
}

/**
 * What a removed device is told when it comes again, in parts that fit into one message: its removal and what that
 * rests on. It knew the log up to then, and gets nothing that is later. Empty: it was not removed.
 */
export const farewellTo = async (
  sealer: Sealer,
  replica: Replica,
  device: DeviceId,
): Promise<readonly (readonly Uint8Array[])[]> => {
  const removal = removalOf(replica, device)
  if (removal === undefined) return []
  const past = new Set<OperationId>()
  const open = [removal]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (past.has(id)) continue
    past.add(id)
    open.push(...(replica.session.log.get(id)?.parents ?? []))
  }
  const bundles = (await logBundles(sealer, replica)).filter(
    ({ operation }) => operation !== undefined && past.has(operation),
  )
  const parts: (readonly Uint8Array[])[] = []
  for (let from = 0; from < bundles.length; from += parts.at(-1)?.length ?? 1)
    parts.push(await readPart(replica, bundles, from, joinLimits.partBytes))
  return parts
}
