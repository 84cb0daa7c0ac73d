import {
  ByteReader,
  ByteWriter,
  type CircleId,
  type Clock,
  type DeviceId,
  concatBytes,
  hexToBytes,
} from "../base/index.js"
import { liveDevicesOf } from "../access/index.js"
import { type Sealer, limits } from "../wire/index.js"
import type { GroupSession } from "./group-session.js"
import type { DeviceIdentity } from "./identity.js"

/**
 * What signals are about. Codes go on the wire and never change. Presence is shown, receipts are reckoned with,
 * blobs are asked for.
 */
export const signalKinds = { receipt: 1, presence: 2, blobs: 3 } as const
export type SignalKind = keyof typeof signalKinds

/** A message that no archive keeps: what a device has stored, or that somebody is typing. */
export interface Signal {
  readonly device: DeviceId
  readonly circle: CircleId
  readonly kind: SignalKind
  /** By the sender's clock: only compared with earlier signals of the same device. */
  readonly atMs: number
  readonly payload: Uint8Array
}

export const signalDomain = "signal"

export interface Signals {
  /** `undefined`: the circle's key is not here. */
  seal(circle: CircleId, kind: SignalKind, payload: Uint8Array): Promise<Uint8Array | undefined>
  /** `undefined`: not sealed for this group, not signed by a live device of the circle, or altered. */
  open(bytes: Uint8Array): Promise<Signal | undefined>
}

/**
 * `epochTag 8 | sealed (device 16 | kind u8 | atMs u64 | payload block | signature 64)`; the signature, by the
 * device's key under domain "signal", covers group, tag and everything before it.
 */
export const createSignals = (deps: {
  readonly sealer: Sealer
  readonly session: GroupSession
  readonly identity: DeviceIdentity
  readonly clock: Clock
}): Signals => {
  const { sealer, session, identity } = deps
  const signed = (tag: Uint8Array, content: Uint8Array): Uint8Array =>
    concatBytes(new ByteWriter().hex(session.group).done(), tag, content)

  return {
    seal: async (circle, kind, payload) => {
      const key = session.keyring.sealingKey(session.state(), circle)
      const tag = key && hexToBytes(key.tag)
      if (key === undefined || tag === undefined) return undefined
      const content = new ByteWriter()
        .hex(identity.id)
        .u8(signalKinds[kind])
        .u64(deps.clock.now())
        .block(payload)
        .done()
      const signature = await sealer.sign(signalDomain, identity.secrets.signing, signed(tag, content))
      return concatBytes(tag, sealer.sealUnder(signalDomain, key.key, tag, concatBytes(content, signature)))
    },

    open: async bytes => {
      const outer = new ByteReader(bytes)
      const tag = outer.bytes(8)
      const key = outer.failed ? undefined : session.keyring.keyOf(new ByteReader(tag).hex(8))
      if (key?.circle === undefined) return undefined
      const plain = sealer.openUnder(signalDomain, key.key, tag, bytes.subarray(8))
      if (plain === undefined || plain.length < 64) return undefined
      const content = plain.subarray(0, plain.length - 64)
      const reader = new ByteReader(content)
      const device = reader.hex(16) as DeviceId
      const code = reader.u8()
      const atMs = reader.u64()
      const payload = reader.block(limits.signalBytes)
      const kind = (["receipt", "presence", "blobs"] as const).find(name => signalKinds[name] === code)
      const keys = session.state().devices.get(device)?.keys
      if (!reader.end() || kind === undefined || keys === undefined) return undefined
      if (!liveDevicesOf(session.state(), key.circle).includes(device)) return undefined
      const signature = plain.subarray(plain.length - 64)
      if (!(await sealer.verify(signalDomain, keys.signing, signed(tag, content), signature)))
        return undefined
      return { device, circle: key.circle, kind, atMs, payload }
    },
  }
}
