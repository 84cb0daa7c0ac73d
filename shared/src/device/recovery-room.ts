import { type BundleHash, type RoomId, bytesToHex } from "../base/index.js"
import type { RecoveryKeys } from "../access/index.js"
import { type StoredBundle, recoveryRoomOf } from "../replica/index.js"
import { type Sealer, createRelaySession, parseBundle, parsePeerMessage } from "../wire/index.js"
import type { NetDeps } from "./local-device.js"

/** Looking for a relay that does not answer ends here, milliseconds. */
const timeoutMs = 30_000

/**
 * Everything that lies in a family's recovery room at a relay: the log and the note, verified as far as their feeds
 * go. `undefined`: the relay cannot be reached.
 */
export const readRecoveryRoom = async (
  deps: Omit<NetDeps, "openChannel">,
  sealer: Sealer,
  url: string,
  recovery: RecoveryKeys,
): Promise<readonly StoredBundle[] | undefined> => {
  const keys = sealer.roomOf(recoveryRoomOf(sealer, recovery), url)
  const room = bytesToHex(keys.id) as RoomId
  const blobs: Uint8Array[] = []
  const isCaughtUp = await new Promise<boolean>(resolve => {
    const cancel = deps.clock.after(timeoutMs, () => end(false))
    const end = (isDone: boolean): void => {
      cancel()
      session.close()
      resolve(isDone)
    }
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
        onCaughtUp: () => end(true),
        onCast: () => {},
        onAck: () => {},
        onRefused: () => end(false),
      },
    )
    session.join(room, { store: undefined, after: 0 })
  })
  if (!isCaughtUp) return undefined
  const found: StoredBundle[] = []
  for (const blob of blobs) {
    const plain = sealer.openOuter(keys, blob)
    const message = plain && parsePeerMessage(plain)
    if (message?.type !== "Bundles") continue
    for (const bytes of message.bundles) {
      const parsed = parseBundle(bytes)
      if (!parsed.ok || !(await sealer.verifyBundle(parsed.value))) continue
      found.push({ hash: bytesToHex(sealer.bundleHash(parsed.value)) as BundleHash, bundle: parsed.value })
    }
  }
  return found
}
