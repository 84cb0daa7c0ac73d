import { type IncomingMessage, type ServerResponse, createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { type Clock, type Result, err, ok } from "@home/shared/base"
import { WebSocketServer } from "ws"
import { addressKey } from "./address-key.js"
import { type KeepAlive, type WsSocket, socketOf } from "./ws-socket.js"

export interface ListenOptions {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** A larger message closes its connection with 1009 before it is allocated. */
  readonly maxMessageBytes: number
  /** TCP connections, upgraded or not. */
  readonly maxConnections: number
  /** Behind a proxy: the last address in `X-Forwarded-For` counts. Only where nobody reaches the port directly. */
  readonly trustForwardedFor: boolean
  readonly keepAlive?: KeepAlive
}

export interface ListenHandlers {
  /** `address` is a key for limits, see `addressKey`. */
  onSocket(socket: WsSocket, address: string): void
  /** Plain HTTP requests. */
  onRequest(request: IncomingMessage, response: ServerResponse): void
}

export interface Listening {
  readonly host: string
  readonly port: number
  /** Takes no new connection; open sockets go on. */
  stop(): void
  /** Cuts what is still open. */
  close(): Promise<void>
}

export type ListenError =
  | { readonly type: "PortInUse"; readonly port: number }
  | { readonly type: "CannotListen"; readonly code: string }

/** Time for a request's head, milliseconds: slow ones hold a connection for no longer. */
const headersMs = 10_000
/** An upgrade request is far below; bytes. */
const headerBytes = 8 * 1024

/** HTTP and WebSocket on one port. */
export const listen = (
  clock: Clock,
  options: ListenOptions,
  handlers: ListenHandlers,
): Promise<Result<Listening, ListenError>> => {
  const server = createServer({
    headersTimeout: headersMs,
    requestTimeout: headersMs,
    keepAliveTimeout: headersMs,
    maxHeaderSize: headerBytes,
  })
  server.maxConnections = options.maxConnections
  server.on("request", handlers.onRequest)
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: false,
    maxPayload: options.maxMessageBytes,
    clientTracking: true,
  })
  sockets.on("connection", (ws, request) => {
    handlers.onSocket(
      socketOf(ws, clock, options.keepAlive),
      clientAddress(request, options.trustForwardedFor),
    )
  })
  return new Promise(resolve => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const isInUse = error.code === "EADDRINUSE"
      resolve(
        err(
          isInUse
            ? { type: "PortInUse", port: options.port }
            : { type: "CannotListen", code: error.code ?? "unknown" },
        ),
      )
    }
    // The WebSocket server passes the errors of the HTTP server on.
    sockets.once("error", failed)
    server.listen(options.port, options.host, () => {
      sockets.off("error", failed)
      sockets.on("error", () => {})
      const { address, port } = server.address() as AddressInfo
      resolve(ok({ host: address, port, stop: () => void server.close(), close }))
    })
  })

  function close(): Promise<void> {
    return new Promise(resolve => {
      for (const ws of sockets.clients) ws.terminate()
      sockets.close()
      server.closeAllConnections()
      if (server.listening) server.close(() => resolve())
      else resolve()
    })
  }
}

const clientAddress = (request: IncomingMessage, trustForwardedFor: boolean): string => {
  const forwarded = request.headers["x-forwarded-for"]
  const list = Array.isArray(forwarded) ? forwarded.join(",") : forwarded
  const last = trustForwardedFor ? list?.split(",").at(-1)?.trim() : undefined
  return addressKey(last ?? request.socket.remoteAddress)
}
