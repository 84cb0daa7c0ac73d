import type { LocalDevice } from "@home/shared/device"
import type { OpenDevice } from "./device.js"

/** An open device as the ways to meet others ask for it; what it remembers is kept in the profile. */
export const localDeviceOf = (device: OpenDevice): LocalDevice => {
  let { profile } = device
  const { replica, sealer, signals, receipts, blobs } = device
  return {
    replica,
    sealer,
    signals,
    receipts,
    blobs,
    store: profile.folder.store,
    content: () => profile.content,
    setBoxes: async boxes => {
      profile = await profile.update({ boxes })
    },
  }
}
