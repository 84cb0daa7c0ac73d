import { type Random, type Result, type Socket, concatBytes, err, ok } from "@home/shared/base"
import { limits } from "@home/shared/wire"
import { type HandshakeOptions, NoiseHandshake } from "./noise/handshake.js"
import type { Pattern } from "./noise/pattern.js"
import { type NoiseTransport, maxPlaintextBytes } from "./noise/transport.js"

/** A peer on the other side of a finished Noise handshake. What it may do is for the caller to decide. */
export interface Channel {
  send(bytes: Uint8Array): void
  close(): void
  bufferedBytes(): number
  onMessage(receive: (bytes: Uint8Array) => void): void
  onClose(closed: () => void): void
}

export interface OpenedChannel {
  readonly channel: Channel
  /** The other side's link key, proved by the handshake. */
  readonly remoteStatic: Uint8Array
  /** Binds everything that was said: the six digits are made of it. */
  readonly handshakeHash: Uint8Array
}

/** All that a stranger learns. The reasons inside stay inside. */
export type ChannelError = { readonly type: "HandshakeFailed" } | { readonly type: "SocketClosed" }

/** Messages between Noise messages: `more u8 | chunk`, so that one of ours may be larger than 65,535 bytes. */
const chunkBytes = maxPlaintextBytes - 1
/** Both sides count: after so many messages of a direction its key moves on (Noise section 11.3). */
const rekeyMessages = 2 ** 20

/**
 * Runs a Noise handshake over a socket and gives the channel. Anything altered, replayed or out of turn, then or
 * later, closes it. `pattern` IK: links between devices that know each other; XXpsk3: invitations.
 */
export const openChannel = (
  socket: Socket,
  options: {
    readonly pattern: Pattern
    readonly role: HandshakeOptions["role"]
    readonly prologue: Uint8Array
    readonly random: Random
    readonly staticSecret: Uint8Array
    readonly remoteStatic?: Uint8Array
    readonly psk?: Uint8Array
  },
): Promise<Result<OpenedChannel, ChannelError>> =>
  new Promise(resolve => {
    const handshake = new NoiseHandshake(options)
    let transport: NoiseTransport | undefined
    let isClosed = false
    let receive: ((bytes: Uint8Array) => void) | undefined
    let closed: (() => void) | undefined
    // Messages that came between the handshake and the caller's `onMessage`.
    const early: Uint8Array[] = []
    let parts: Uint8Array[] = []
    let partsBytes = 0

    const end = (error: ChannelError): void => {
      if (isClosed) return
      isClosed = true
      socket.close()
      resolve(err(error))
      closed?.()
    }

    const channel: Channel = {
      send: bytes => {
        if (transport === undefined || isClosed) return
        let at = 0
        do {
          const chunk = bytes.subarray(at, at + chunkBytes)
          at += chunk.length
          const sealed = transport.seal(concatBytes(Uint8Array.of(at < bytes.length ? 1 : 0), chunk))
          if (!sealed.ok) return end({ type: "HandshakeFailed" })
          socket.send(sealed.value)
          if (transport.sentMessages % rekeyMessages === 0) transport.rekeySending()
        } while (at < bytes.length)
      },
      close: () => end({ type: "SocketClosed" }),
      bufferedBytes: () => socket.bufferedBytes(),
      onMessage: listener => {
        receive = listener
        for (const bytes of early.splice(0)) listener(bytes)
      },
      onClose: listener => {
        if (isClosed) listener()
        else closed = listener
      },
    }

    const takeChunk = (plain: Uint8Array): void => {
      const [more] = plain
      if (more === undefined || more > 1) return end({ type: "HandshakeFailed" })
      partsBytes += plain.length - 1
      if (partsBytes > limits.linkMessageBytes) return end({ type: "HandshakeFailed" })
      parts.push(plain.subarray(1))
      if (more === 1) return
      const whole = parts.length === 1 ? plain.subarray(1) : concatBytes(...parts)
      parts = []
      partsBytes = 0
      if (receive === undefined) early.push(whole)
      else receive(whole)
    }

    const finish = (): void => {
      if (!handshake.finished) return
      transport = handshake.transport()
      const { remoteStatic, handshakeHash } = transport
      if (remoteStatic === undefined) return end({ type: "HandshakeFailed" })
      resolve(ok({ channel, remoteStatic, handshakeHash }))
    }

    const write = (): void => {
      const message = handshake.write(new Uint8Array(0))
      if (!message.ok) return end({ type: "HandshakeFailed" })
      socket.send(message.value)
      finish()
    }

    socket.onClose(() => end({ type: "SocketClosed" }))
    socket.onMessage(bytes => {
      if (isClosed) return
      if (transport !== undefined) {
        const plain = transport.open(bytes)
        if (!plain.ok) return end({ type: "HandshakeFailed" })
        if (transport.receivedMessages % rekeyMessages === 0) transport.rekeyReceiving()
        return takeChunk(plain.value)
      }
      const read = handshake.read(bytes)
      if (!read.ok) return end({ type: "HandshakeFailed" })
      if (handshake.finished) finish()
      else write()
    })
    if (options.role === "initiator") write()
  })
