import type { BlobRef } from "../documents/index.js"
import type { BlobPlace } from "../wire/index.js"
import { createBoxAddresses } from "./box-addresses.js"
import { boxesOf, openBoxLink } from "./box-link.js"
import type { LocalDevice, NetDeps } from "./local-device.js"
import { within } from "./within.js"

/** A file and the document that shows it. */
export interface WantedFile {
  readonly ref: BlobRef
  readonly place: BlobPlace
}

/**
 * Asks the boxes in turn for what is missing here of a file that the document at `place` shows. What arrived stays,
 * also when the rest did not come in time: `Blobs.state` tells.
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
  const addresses = createBoxAddresses(device)
  for (const box of boxesOf(device)) {
    for (const address of await addresses.of(box)) {
      const missing = await blobs.missing(file.ref)
      const leftMs = deadlineMs - deps.clock.now()
      if (missing.length === 0 || leftMs <= 0) return
      const link = await openBoxLink(deps, device, address, box, () => {})
      if (link === undefined) continue
      const fetched = link.session.blobs?.fetch(missing, file.place) ?? Promise.resolve(false)
      await within(deps, leftMs, fetched, () => {})
      link.session.close()
    }
  }
}
