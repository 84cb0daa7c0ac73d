import { type BundleHash, bytesToHex } from "../base/index.js"
import type { RecoveryKeys } from "../access/index.js"
import { type StoredBundle, recoveryRoomOf } from "../replica/index.js"
import { type Sealer, parseBundle, parsePeerMessage } from "../wire/index.js"
import type { NetDeps } from "./local-device.js"
import { visitRoom } from "./visit-room.js"

/** Everything that lies in a family's recovery room at a relay: the log and the note. */
export const readRecoveryRoom = (
  deps: Omit<NetDeps, "openChannel">,
  sealer: Sealer,
  url: string,
  recovery: RecoveryKeys,
): Promise<readonly StoredBundle[] | undefined> =>
  readLogRoom(deps, sealer, url, recoveryRoomOf(sealer, recovery))

/**
 * Everything that lies in a room where a log is left, verified as far as its feeds go. `secret`: the room's, 32 bytes.
 * `undefined`: the relay cannot be reached.
 */
export const readLogRoom = async (
  deps: Omit<NetDeps, "openChannel">,
  sealer: Sealer,
  url: string,
  secret: Uint8Array,
): Promise<readonly StoredBundle[] | undefined> => {
  const keys = sealer.roomOf(secret, url)
  const blobs = await visitRoom(deps, sealer, url, keys)
  if (blobs === undefined) return undefined
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
