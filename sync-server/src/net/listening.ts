import type { IncomingMessage, ServerResponse } from "node:http"
import type { Clock, Result } from "@home/shared/base"
import type { KeepAlive, WsSocket } from "./ws-socket.js"

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
  /** `address` is a key for limits, see `addressKey`; `path` has no query. */
  onSocket(socket: WsSocket, address: string, path: string): void
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

/** How a service gets a port: one of its own (`listen`), or a place on a shared one (`OpenPort.at`). */
export type Listen = (
  clock: Clock,
  options: ListenOptions,
  handlers: ListenHandlers,
) => Promise<Result<Listening, ListenError>>
