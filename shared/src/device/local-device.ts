import type { Clock, Dialer, Log, MemberId, Random, Result, Socket, Store } from "../base/index.js"
import type { Blobs, DeviceIdentity, Receipts, Replica, SecureChannel, Signals } from "../replica/index.js"
import type { Sealer } from "../wire/index.js"

/** What a device knows of itself beside the log. */
export interface DeviceContent {
  readonly member: MemberId
  readonly identity: DeviceIdentity
  readonly logKey: Uint8Array
  readonly relays: readonly string[]
  readonly boxes: readonly string[]
}

/** A device at work, on whatever disk: what it takes to meet others. */
export interface LocalDevice {
  readonly replica: Replica
  readonly sealer: Sealer
  readonly signals: Signals
  readonly receipts: Receipts
  /** Chunks of pictures and files, where this device holds any. */
  readonly blobs?: Blobs | undefined
  readonly store: Store
  /** As it is now. */
  content(): DeviceContent
  setBoxes(boxes: readonly string[]): Promise<void>
}

export interface OpenedChannel {
  readonly channel: SecureChannel
  /** The other side's link key, proved by the handshake. */
  readonly remoteStatic: Uint8Array
  /** Six digits for two people to compare; only where `digits` was asked for, by both sides. */
  readonly digits: string | undefined
}

/**
 * `link`: Noise IK between devices that know each other; `share`: the same, to bring a box into a share; `join`: XXpsk3
 * under an invitation's secret.
 */
export type ChannelOptions =
  | {
      readonly purpose: "link" | "share"
      readonly role: "initiator"
      readonly staticSecret: Uint8Array
      readonly remoteStatic: Uint8Array
    }
  | {
      readonly purpose: "join"
      readonly role: "initiator" | "responder"
      readonly staticSecret: Uint8Array
      readonly psk: Uint8Array
      readonly digits: boolean
    }

export type ChannelError =
  | { readonly type: "HandshakeFailed" }
  /** The other side does not speak this handshake at all: it has learned nothing. */
  | { readonly type: "NotOurProtocol" }
  | { readonly type: "SocketClosed" }

/** The handshake; crypto/ has it, composition roots hand it in. */
export type OpenChannel = (
  socket: Socket,
  options: ChannelOptions,
) => Promise<Result<OpenedChannel, ChannelError>>

export interface NetDeps {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly dialer: Dialer
  readonly openChannel: OpenChannel
}
