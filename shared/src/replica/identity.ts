import type { DeviceId } from "../base/index.js"
import type { DeviceKeys } from "../access/index.js"

/** A device's three secrets (32 bytes each) and what they show: made on the device, never leaves it. */
export interface DeviceIdentity {
  readonly id: DeviceId
  readonly keys: DeviceKeys
  readonly signingSeed: Uint8Array
  readonly wrapSecret: Uint8Array
  readonly linkSecret: Uint8Array
}
