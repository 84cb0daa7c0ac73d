import type { Duplex } from "node:stream"
import type { Clock, Dialer, Socket } from "@home/shared/base"
import { WebSocket } from "ws"
import { isPrivateHost } from "./private-host.js"

/** A socket that also tells when the network has taken bytes. */
export interface WsSocket extends Socket {
  /** `code`: RFC 6455, section 7.4.1; 1000 when left out. */
  close(code?: number): void
  /** Called whenever bytes have left: time to ask `bufferedBytes` again. */
  onSent(sent: () => void): void
}

export interface KeepAlive {
  /** A ping after so much silence, milliseconds; 25 s keeps the common NAT and proxy timeouts (60 s) away. */
  readonly pingMs: number
  /** The peer is taken for dead when nothing came for so long, milliseconds. */
  readonly timeoutMs: number
}

const defaultKeepAlive: KeepAlive = { pingMs: 25_000, timeoutMs: 60_000 }

/** A closing peer that does not answer within this is cut off, milliseconds. */
const closeMs = 2_000
/** More unsent bytes than this are not waited for when closing: the peer is not reading. */
const closeBufferedBytes = 64 * 1024

const unsupportedCode = 1003
const normalCode = 1000

/**
 * Wraps an open `ws` connection over `stream`. Binary messages only: a text message closes it with 1003. All that is
 * sent at once leaves in one system call: a burst of posts, or of acknowledgements.
 */
export const socketOf = (
  ws: WebSocket,
  stream: Duplex,
  clock: Clock,
  keepAlive: KeepAlive = defaultKeepAlive,
): WsSocket => {
  let receive: ((bytes: Uint8Array) => void) | undefined
  let sent: (() => void) | undefined
  let closed: (() => void) | undefined
  let isClosed = false
  let isGathering = false
  let isSentTold = false
  let early: Uint8Array[] = []
  let heardMs = clock.now()
  let isHeld = false
  let cancelPing = (): void => {}
  let cancelCut = (): void => {}

  const gather = (): void => {
    if (isGathering) return
    isGathering = true
    stream.cork()
    // Not the next tick, which waits until no promise goes on: an edit's author does, through all that is left of his
    // own work, and everybody else would wait for that.
    queueMicrotask(() => {
      isGathering = false
      stream.uncork()
    })
  }
  /** One word for all messages that left together. */
  const tellSent = (): void => {
    if (isSentTold) return
    isSentTold = true
    queueMicrotask(() => {
      isSentTold = false
      if (!isClosed) sent?.()
    })
  }

  const schedulePing = (): void => {
    cancelPing = clock.after(keepAlive.pingMs, () => {
      // We would not hear him while we do not listen.
      if (isHeld) heardMs = clock.now()
      const silentMs = clock.now() - heardMs
      if (silentMs >= keepAlive.timeoutMs) ws.terminate()
      else {
        if (silentMs >= keepAlive.pingMs && ws.readyState === WebSocket.OPEN) ws.ping()
        schedulePing()
      }
    })
  }
  schedulePing()

  ws.on("message", (message: Buffer, isBinary: boolean) => {
    heardMs = clock.now()
    if (!isBinary) {
      ws.close(unsupportedCode)
      return
    }
    const bytes = new Uint8Array(message.buffer, message.byteOffset, message.byteLength)
    if (receive === undefined) early.push(bytes)
    else receive(bytes)
  })
  const heard = (): void => {
    heardMs = clock.now()
  }
  ws.on("pong", heard)
  ws.on("ping", heard)
  // A failed connection also emits "close", which is what is acted upon.
  ws.on("error", () => {})
  ws.on("close", () => {
    isClosed = true
    cancelPing()
    cancelCut()
    closed?.()
  })

  return {
    send(bytes) {
      if (ws.readyState !== WebSocket.OPEN) return
      gather()
      ws.send(bytes, { binary: true }, tellSent)
    },
    close(code = normalCode) {
      if (isClosed) return
      if (ws.bufferedAmount > closeBufferedBytes) {
        ws.terminate()
        return
      }
      // The end of a connection lies behind what is held back.
      if (isHeld) ws.resume()
      ws.close(code)
      cancelCut()
      cancelCut = clock.after(closeMs, () => ws.terminate())
    },
    bufferedBytes: () => ws.bufferedAmount,
    hold(held) {
      isHeld = held
      heardMs = clock.now()
      if (held) ws.pause()
      else ws.resume()
    },
    onMessage(next) {
      receive = next
      const waiting = early
      early = []
      for (const bytes of waiting) next(bytes)
    },
    onSent(next) {
      sent = next
    },
    onClose(next) {
      closed = next
      if (isClosed) next()
    },
  }
}

export interface WsDialerOptions {
  /** The largest message taken from the peer, bytes; a larger one closes the connection before it is allocated. */
  readonly maxMessageBytes: number
  /** Time for TCP, TLS and the upgrade together, milliseconds. */
  readonly handshakeMs: number
  readonly keepAlive?: KeepAlive
}

/**
 * Dials `ws:` and `wss:` URLs. At a private name or address any certificate will do: no public authority vouches for
 * those, and what goes over a connection is sealed or authenticated by itself (Noise, bundles). Everywhere else the
 * certificate must be good, by Node's authorities and those in NODE_EXTRA_CA_CERTS.
 */
export const createWsDialer = (clock: Clock, options: WsDialerOptions): Dialer => ({
  connect: url =>
    new Promise((resolve, reject) => {
      const ws = new WebSocket(url, {
        perMessageDeflate: false,
        maxPayload: options.maxMessageBytes,
        handshakeTimeout: options.handshakeMs,
        rejectUnauthorized: !isPrivateHost(new URL(url).hostname),
      })
      ws.once("error", reject)
      ws.once("upgrade", ({ socket }) => {
        ws.once("open", () => {
          ws.off("error", reject)
          resolve(socketOf(ws, socket, clock, options.keepAlive))
        })
      })
    }),
})
