import { type Random, type Result, type Socket, concatBytes, err, ok } from "@home/shared/base"
import { limits } from "@home/shared/wire"
import { type DigitsExchange, createDigitsExchange } from "./digits.js"
import { type HandshakeOptions, NoiseHandshake } from "./noise/handshake.js"
import type { Pattern } from "./noise/pattern.js"
import { type NoiseTransport, maxPlaintextBytes } from "./noise/transport.js"
import type { Primitives } from "./primitives.js"

/** A peer on the other side of a finished Noise handshake. What it may do is for the caller to decide. */
export interface Channel {
  send(bytes: Uint8Array): void
  close(): void
  bufferedBytes(): number
  /** As in `Socket`. */
  hold(isHeld: boolean): void
  onMessage(receive: (bytes: Uint8Array) => void): void
  onClose(closed: () => void): void
}

export interface OpenedChannel {
  readonly channel: Channel
  /** The other side's link key, proved by the handshake. */
  readonly remoteStatic: Uint8Array
  /** Six digits for two people to compare; only where `digits` was asked for, by both sides. */
  readonly digits: string | undefined
}

/** All that a stranger learns. The reasons inside stay inside. */
export type ChannelError =
  | { readonly type: "HandshakeFailed" }
  /** The first message was none of this handshake: anybody who knows the port can send that. */
  | { readonly type: "NotOurProtocol" }
  | { readonly type: "SocketClosed" }

export interface ChannelOptions {
  readonly pattern: Pattern
  readonly role: HandshakeOptions["role"]
  readonly prologue: Uint8Array
  readonly random: Random
  readonly staticSecret: Uint8Array
  readonly remoteStatic?: Uint8Array
  readonly psk?: Uint8Array
  /** Agree on six digits before anything else is said. */
  readonly digits?: boolean
  /** Left out: noble. */
  readonly primitives?: Primitives
  /** Both sides must have the same; left out but in tests. */
  readonly rekeyMessages?: number
}

/** `more u8 | chunk` inside a transport message. */
const chunkBytes = maxPlaintextBytes - 1
/** Both sides count: after so many messages of a direction its key moves on (Noise section 11.3). */
const defaultRekeyMessages = 2 ** 20
/** Whole messages that may wait before anybody listens. */
const earlyMessages = 64

/** Cuts messages into chunks and puts them together again. `undefined`: refuse the peer. */
const createChunks = (): {
  split(bytes: Uint8Array): readonly Uint8Array[]
  join(chunk: Uint8Array): { readonly whole: Uint8Array | undefined } | undefined
} => {
  let parts: Uint8Array[] = []
  let partsBytes = 0
  return {
    split: bytes => {
      const chunks: Uint8Array[] = []
      for (let at = 0; at === 0 || at < bytes.length; at += chunkBytes) {
        const isLast = at + chunkBytes >= bytes.length
        chunks.push(concatBytes(Uint8Array.of(isLast ? 0 : 1), bytes.subarray(at, at + chunkBytes)))
      }
      return chunks
    },
    join: chunk => {
      const [more] = chunk
      if (more === undefined || more > 1 || (more === 1 && chunk.length === 1)) return undefined
      partsBytes += chunk.length - 1
      if (partsBytes > limits.linkMessageBytes) return undefined
      parts.push(chunk.subarray(1))
      if (more === 1) return { whole: undefined }
      const whole = concatBytes(...parts)
      parts = []
      partsBytes = 0
      return { whole }
    },
  }
}

/**
 * Runs a Noise handshake over a socket and gives the channel. Anything altered, replayed or out of turn, then or
 * later, closes it. Pattern IK: links between devices that know each other; XXpsk3: invitations.
 */
export const openChannel = (
  socket: Socket,
  options: ChannelOptions,
): Promise<Result<OpenedChannel, ChannelError>> =>
  new Promise(resolve => {
    const handshake = new NoiseHandshake(options)
    const { rekeyMessages = defaultRekeyMessages } = options
    const chunks = createChunks()
    const early: Uint8Array[] = []
    let transport: NoiseTransport | undefined
    let exchange: DigitsExchange | undefined
    let isClosed = false
    let isAnswered = false
    let receive: ((bytes: Uint8Array) => void) | undefined
    let closed: (() => void) | undefined

    const end = (error: ChannelError): void => {
      if (isClosed) return
      isClosed = true
      socket.close()
      resolve(err(error))
      closed?.()
    }
    const fail = (): void => end({ type: "HandshakeFailed" })

    const send = (bytes: Uint8Array): void => {
      if (transport === undefined || isClosed) return
      for (const chunk of chunks.split(bytes)) {
        const sealed = transport.seal(chunk)
        if (!sealed.ok) return fail()
        socket.send(sealed.value)
        if (transport.sentMessages % rekeyMessages === 0) transport.rekeySending()
      }
    }

    const channel: Channel = {
      send,
      close: () => end({ type: "SocketClosed" }),
      bufferedBytes: () => socket.bufferedBytes(),
      hold: isHeld => socket.hold?.(isHeld),
      onMessage: listener => {
        receive = listener
        for (const bytes of early.splice(0)) listener(bytes)
      },
      onClose: listener => {
        if (isClosed) listener()
        else closed = listener
      },
    }

    const open = (digits: string | undefined): void => {
      exchange = undefined
      const remoteStatic = transport?.remoteStatic
      if (remoteStatic === undefined) return fail()
      resolve(ok({ channel, remoteStatic, digits }))
    }

    const takeMessage = (bytes: Uint8Array): void => {
      if (exchange === undefined) {
        if (receive !== undefined) return receive(bytes)
        early.push(bytes)
        return early.length > earlyMessages ? fail() : undefined
      }
      const step = exchange.take(bytes)
      if (step === "Refused") return fail()
      if (step.send !== undefined) send(step.send)
      if (step.digits !== undefined) open(step.digits)
    }

    const takeTransport = (from: NoiseTransport, bytes: Uint8Array): void => {
      const chunk = from.open(bytes)
      if (!chunk.ok) return fail()
      if (from.receivedMessages % rekeyMessages === 0) from.rekeyReceiving()
      const joined = chunks.join(chunk.value)
      if (joined === undefined) return fail()
      if (joined.whole !== undefined) takeMessage(joined.whole)
    }

    const finish = (): void => {
      if (!handshake.finished) return
      transport = handshake.transport()
      if (options.digits !== true) return open(undefined)
      exchange = createDigitsExchange(options.role, transport.handshakeHash, options.random)
      const first = exchange.begin()
      if (first !== undefined) send(first)
    }

    const write = (): void => {
      const message = handshake.write(new Uint8Array(0))
      if (!message.ok) return fail()
      socket.send(message.value)
      finish()
    }

    socket.onClose(() => end({ type: "SocketClosed" }))
    socket.onMessage(bytes => {
      if (isClosed) return
      if (transport !== undefined) return takeTransport(transport, bytes)
      // Only behind the first message does a secret matter: with XXpsk3 a wrong one shows in the third.
      const isFirst = options.role === "responder" && !isAnswered
      if (!handshake.read(bytes).ok) return isFirst ? end({ type: "NotOurProtocol" }) : fail()
      isAnswered = true
      if (handshake.finished) finish()
      else write()
    })
    if (options.role === "initiator") write()
  })
