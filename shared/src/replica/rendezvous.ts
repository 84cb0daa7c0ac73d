import {
  type Clock,
  type Dialer,
  type Random,
  type RoomId,
  type Socket,
  bytesToHex,
  concatBytes,
} from "../base/index.js"
import { type Sealer, createRelaySession } from "../wire/index.js"

/** Who shows the invitation, and who has read it. */
export type RendezvousSide = "host" | "newcomer"

const sideCodes = { host: 0, newcomer: 1 } as const

/**
 * A socket through a one-time room at a relay, for two who share an invitation's secret and may have no other
 * way to each other. The room comes from the secret; each message carries the side that wrote it. Order and
 * authenticity are the handshake's matter: anything altered, doubled or moved ends it.
 */
export const openRendezvous = (
  deps: { readonly dialer: Dialer; readonly clock: Clock; readonly random: Random; readonly sealer: Sealer },
  relay: { readonly url: string; readonly origin: string },
  secret: Uint8Array,
  side: RendezvousSide,
): Socket => {
  const { sealer } = deps
  const keys = sealer.roomOf(secret, relay.origin)
  const room = bytesToHex(keys.id) as RoomId
  const early: Uint8Array[] = []
  let receive: ((bytes: Uint8Array) => void) | undefined
  let closed: (() => void) | undefined
  let isClosed = false

  const end = (): void => {
    if (isClosed) return
    isClosed = true
    session.close()
    closed?.()
  }
  const session = createRelaySession(
    {
      dialer: deps.dialer,
      clock: deps.clock,
      random: deps.random,
      sign: (id, domain, message) =>
        id === room ? sealer.sign(domain, keys.signingSeed, message) : Promise.resolve(undefined),
    },
    relay,
    {
      onState: () => {},
      onJoined: () => {},
      onGap: () => {},
      onBlob: (_, __, blob) => {
        const plain = sealer.openOuter(keys, blob)
        if (plain === undefined || plain[0] === sideCodes[side] || isClosed) return
        const bytes = plain.slice(1)
        if (receive === undefined) early.push(bytes)
        else receive(bytes)
      },
      onCaughtUp: () => {},
      onCast: () => {},
      onAck: () => {},
      onRefused: end,
    },
  )
  session.join(room, { store: undefined, after: 0 })

  return {
    send: bytes => {
      if (!isClosed)
        session.post(room, sealer.sealOuter(keys, concatBytes(Uint8Array.of(sideCodes[side]), bytes)))
    },
    close: () => {
      // What was just sent must still reach the relay: end once it is acknowledged, or after a while.
      const deadline = deps.clock.after(lingerMs, end)
      const look = (): void => {
        if (session.unacknowledged() > 0 && !isClosed) {
          deps.clock.after(lookMs, look)
          return
        }
        deadline()
        end()
      }
      look()
    },
    bufferedBytes: () => 0,
    onMessage: listener => {
      receive = listener
      for (const bytes of early.splice(0)) listener(bytes)
    },
    onClose: listener => {
      closed = listener
    },
  }
}

const lingerMs = 10_000
const lookMs = 50
