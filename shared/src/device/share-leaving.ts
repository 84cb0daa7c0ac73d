import { type Result, err, ok } from "../base/index.js"
import type { Device } from "../access/index.js"
import { type ActError, type Replica, shareRoomOf } from "../replica/index.js"
import { type Sealer, encodePeerMessage } from "../wire/index.js"
import type { NetDeps } from "./local-device.js"
import { type HeldShare, takeOutOfShare } from "./share-box.js"
import { visitRoom } from "./visit-room.js"

/** The devices of the side that did not found it, this one last: it can say so itself as long as it is in. */
const theirSideOf = ({ session, device }: Replica): readonly Device[] => {
  const { voucher, devices } = session.state()
  const ours = [...devices.values()].filter(
    ({ id, member, live }) => live && member === voucher?.member && id !== voucher.device,
  )
  return [...ours.filter(({ id }) => id !== device), ...ours.filter(({ id }) => id === device)]
}

/**
 * Takes every device of this family out of a share that another family founded. The other family keeps what it has. Who
 * is out has no rooms any more: so these words go by themselves to where the share's log lies. `Unreachable`: no relay
 * answers, and nothing was done.
 */
export const leaveShare = async (
  deps: Omit<NetDeps, "openChannel"> & { readonly sealer: Sealer },
  held: HeldShare,
): Promise<Result<void, ActError | { readonly type: "Unreachable" }>> => {
  const { sealer } = deps
  const { replica, relays, logKey } = held
  const roomAt = (url: string) => sealer.roomOf(shareRoomOf(sealer, logKey), url)
  const near: string[] = []
  for (const url of relays)
    if ((await visitRoom(deps, sealer, url, roomAt(url))) !== undefined) near.push(url)
  // Once it is out it has no second try.
  if (near.length === 0) return err({ type: "Unreachable" })
  const words: Uint8Array[] = []
  const stop = replica.onAppended(bundles => void words.push(...bundles.map(({ bundle }) => bundle.bytes)))
  try {
    for (const { id } of theirSideOf(replica)) {
      const taken = await takeOutOfShare(deps, deps, held, id)
      if (!taken.ok) return taken
    }
  } finally {
    stop()
  }
  const message = encodePeerMessage({ type: "Bundles", bundles: words })
  let isTold = false
  for (const url of near) {
    const room = roomAt(url)
    const left = await visitRoom(deps, sealer, url, room, sealer.sealOuter(room, message))
    isTold ||= left !== undefined
  }
  return isTold ? ok(undefined) : err({ type: "Unreachable" })
}
