import type { Clock } from "@home/shared/base"
import type { SecureChannel } from "@home/shared/replica"

/**
 * The channel once the peer has said something behind the handshake, or `undefined` when it stays silent. The
 * first message of Noise IK can be replayed by whoever recorded it; only what is sealed after the answer proves
 * that the peer is there now (Noise, section 7.7), and nothing may happen before.
 */
export const confirmedChannel = (
  clock: Clock,
  channel: SecureChannel,
  withinMs: number,
): Promise<SecureChannel | undefined> =>
  new Promise(resolve => {
    const early: Uint8Array[] = []
    let receive: ((bytes: Uint8Array) => void) | undefined
    let closed: (() => void) | undefined
    let isClosed = false
    const cancel = clock.after(withinMs, () => channel.close())

    const confirmed: SecureChannel = {
      send: bytes => channel.send(bytes),
      close: () => channel.close(),
      bufferedBytes: () => channel.bufferedBytes(),
      hold: isHeld => channel.hold?.(isHeld),
      onMessage: listener => {
        receive = listener
        for (const bytes of early.splice(0)) listener(bytes)
      },
      onClose: listener => {
        closed = listener
        if (isClosed) listener()
      },
    }
    channel.onClose(() => {
      cancel()
      isClosed = true
      resolve(undefined)
      closed?.()
    })
    channel.onMessage(bytes => {
      cancel()
      resolve(confirmed)
      if (receive === undefined) early.push(bytes)
      else receive(bytes)
    })
  })
