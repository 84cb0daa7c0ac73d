import { type RoomId, bytesToHex } from "../base/index.js"
import { type RoomKeys, type Sealer, createRelaySession } from "../wire/index.js"
import type { NetDeps } from "./local-device.js"

/** Looking for a relay that does not answer ends here, milliseconds. */
const timeoutMs = 30_000

/**
 * Reads every blob that lies in a room, then leaves `left` there, if any is given. `undefined`: the relay cannot be
 * reached, or does not take it.
 */
export const visitRoom = async (
  deps: Omit<NetDeps, "openChannel">,
  sealer: Sealer,
  url: string,
  keys: RoomKeys,
  left?: Uint8Array,
): Promise<readonly Uint8Array[] | undefined> => {
  const room = bytesToHex(keys.id) as RoomId
  const blobs: Uint8Array[] = []
  const isDone = await new Promise<boolean>(resolve => {
    const cancel = deps.clock.after(timeoutMs, () => end(false))
    const end = (isWhole: boolean): void => {
      cancel()
      session.close()
      resolve(isWhole)
    }
    let isLeft = false
    const session = createRelaySession(
      {
        ...deps,
        sign: (id, domain, message) =>
          id === room ? sealer.sign(domain, keys.signingSeed, message) : Promise.resolve(undefined),
      },
      { url, origin: url },
      {
        onState: state => {
          if (state.type === "Waiting") end(false)
        },
        onJoined: () => {},
        onGap: () => {},
        onBlob: (_, __, blob) => void blobs.push(blob),
        onCaughtUp: () => {
          if (left === undefined) return end(true)
          if (!isLeft) session.post(room, left)
          isLeft = true
        },
        onCast: () => {},
        onAck: () => end(true),
        onRefused: () => end(false),
      },
    )
    session.join(room, { store: undefined, after: 0 })
  })
  return isDone ? blobs : undefined
}
