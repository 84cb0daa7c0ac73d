import type { Clock, Dialer, Socket } from "@home/shared/base"

export interface WsDialerOptions {
  /** A larger message closes the connection, bytes. The browser has allocated it by then: peers are limited too. */
  readonly maxMessageBytes: number
  /** Time for TCP, TLS and the upgrade together, milliseconds. */
  readonly handshakeMs: number
}

/** Unsupported data, RFC 6455 section 7.4.1; a page may close with 1000 or 3000-4999 only. */
const refusedCode = 4003
const normalCode = 1000

const socketOf = (ws: WebSocket, maxMessageBytes: number): Socket => {
  let receive: ((bytes: Uint8Array) => void) | undefined
  let closed: (() => void) | undefined
  let isClosed = false
  let early: Uint8Array[] = []
  ws.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (!(data instanceof ArrayBuffer) || data.byteLength > maxMessageBytes) return ws.close(refusedCode)
    const bytes = new Uint8Array(data)
    if (receive === undefined) early.push(bytes)
    else receive(bytes)
  }
  ws.onclose = () => {
    isClosed = true
    closed?.()
  }
  return {
    send: bytes => {
      // A page that is being closed may have a socket that is no longer open: `send` would throw.
      if (ws.readyState === WebSocket.OPEN) ws.send(bytes as Uint8Array<ArrayBuffer>)
    },
    close: () => ws.close(normalCode),
    bufferedBytes: () => ws.bufferedAmount,
    onMessage: listener => {
      receive = listener
      const waiting = early
      early = []
      for (const bytes of waiting) listener(bytes)
    },
    onClose: listener => {
      closed = listener
      if (isClosed) listener()
    },
  }
}

/** Dials `ws:` and `wss:`. A page that came by https reaches `wss:` only: the browser refuses the rest. */
export const createWsDialer = (clock: Clock, options: WsDialerOptions): Dialer => ({
  connect: url =>
    new Promise((resolve, reject) => {
      const ws = new WebSocket(url)
      ws.binaryType = "arraybuffer"
      const cancel = clock.after(options.handshakeMs, () => ws.close())
      ws.onopen = () => {
        cancel()
        resolve(socketOf(ws, options.maxMessageBytes))
      }
      ws.onclose = () => {
        cancel()
        reject(new Error("nobody answers there"))
      }
    }),
})
