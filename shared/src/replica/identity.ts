import type { DeviceId } from "../base/index.js"
import type { DeviceKeys } from "../access/index.js"

/** A device's secrets (32 bytes each) and what they show: made on the device, never leave it. */
export interface DeviceIdentity {
  readonly id: DeviceId
  readonly keys: DeviceKeys
  readonly secrets: { readonly signing: Uint8Array; readonly wrap: Uint8Array; readonly link: Uint8Array }
}
