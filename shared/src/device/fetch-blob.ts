import type { LocalDevice, NetDeps } from "./local-device.js"
import { type WantedFile, createPeers } from "./sync-peers.js"
import { within } from "./within.js"

/**
 * Asks the boxes, then everybody by way of the relays, for what is missing here of a file. What arrived stays, also
 * when the rest did not come in time: `Blobs.state` tells.
 */
export const fetchBlob = async (
  deps: NetDeps,
  device: LocalDevice,
  file: WantedFile,
  timeoutMs: number,
): Promise<void> => {
  const { blobs } = device
  if (blobs === undefined) return
  const deadlineMs = deps.clock.now() + timeoutMs
  const leftMs = (): number => Math.max(0, deadlineMs - deps.clock.now())
  const isWhole = async (): Promise<boolean> => (await blobs.missing(file.ref)).length === 0
  let arrived = (): void => {}
  const whole = new Promise<void>(resolve => {
    arrived = () => void isWhole().then(is => is && resolve(), resolve)
  })
  const told = {
    ...blobs,
    put: async (...chunk: Parameters<typeof blobs.put>) => {
      const isHere = await blobs.put(...chunk)
      arrived()
      return isHere
    },
  }
  const peers = createPeers(deps, { ...device, blobs: told })
  try {
    let isAsked = false
    for (const peer of await peers.current()) {
      if ((await isWhole()) || leftMs() === 0) return
      const isReached =
        peer.kind === "box" || (await within(deps, leftMs(), peer.settle(), () => {})) === true
      if (isReached) await within(deps, leftMs(), peer.fetch(file), () => {})
      isAsked ||= isReached && peer.kind === "relay"
    }
    if (isAsked && !(await isWhole())) await within(deps, leftMs(), whole, () => {})
  } finally {
    peers.close()
  }
}
