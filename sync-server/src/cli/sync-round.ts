import { type Peer, createPeers, within } from "@home/shared/device"
import type { OpenDevice } from "../profile/device.js"
import { localDeviceOf } from "../profile/local-device.js"
import type { Home } from "./home.js"
import { netOf } from "./meeting.js"

/** For what is left at the relays behind a command, milliseconds. */
const quietMs = 20_000

/** Those of the peers that settled before the deadline. */
export const round = async (
  home: Home,
  peers: readonly Peer[],
  deadlineMs: number,
): Promise<ReadonlySet<Peer>> => {
  const settled = new Set<Peer>()
  await Promise.all(
    peers.map(async peer => {
      const leftMs = Math.max(deadlineMs - home.clock.now(), 0)
      if ((await within(home, leftMs, peer.settle(), () => {})) === true) settled.add(peer)
    }),
  )
  return settled
}

/** One round with everybody who can be reached, told to nobody. False: nobody was. */
export const syncQuietly = async (home: Home, device: OpenDevice): Promise<boolean> => {
  const peers = createPeers(netOf(home), localDeviceOf(device))
  try {
    return (await round(home, await peers.current(), home.clock.now() + quietMs)).size > 0
  } finally {
    peers.close()
  }
}
