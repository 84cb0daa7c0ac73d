import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import { type Clock, type Result, err, ok } from "@home/shared/base"
import { WebSocketServer } from "ws"
import { addressKey } from "./address-key.js"
import type { Listen, ListenError, ListenHandlers, ListenOptions, Listening } from "./listening.js"
import { type TlsKeys, answerTlsToo } from "./tls-or-plain.js"
import { socketOf } from "./ws-socket.js"

export interface PortOptions {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** TCP connections, upgraded or not. */
  readonly maxConnections: number
  /** HTTPS and WSS beside HTTP and WS, on the same port. */
  readonly tls?: TlsKeys
}

/** One TCP port that several services share, each below a path of its own. */
export interface OpenPort {
  readonly host: string
  readonly port: number
  /**
   * A `listen` for one service: it gets the requests at `prefix` and below, and sees their paths without it.
   * The longest prefix wins; "" takes what is left. Host, port and connections of its options are this port's.
   */
  at(prefix: string): Listen
  /** Another certificate for connections from now on; nothing on a port without TLS. */
  useKeys(keys: TlsKeys): void
  /** Cuts what is still open. */
  close(): Promise<void>
}

interface Mount {
  readonly options: ListenOptions
  readonly handlers: ListenHandlers
  readonly sockets: WebSocketServer
  readonly clock: Clock
}

/** Time for a request's head, milliseconds: slow ones hold a connection for no longer. */
const headersMs = 10_000
/** An upgrade request is far below; bytes. */
const headerBytes = 8 * 1024

/** Opens a port on which nothing answers yet: services are added by `at`. */
export const openPort = async (options: PortOptions): Promise<Result<OpenPort, ListenError>> => {
  const server = createServer({
    headersTimeout: headersMs,
    requestTimeout: headersMs,
    keepAliveTimeout: headersMs,
    maxHeaderSize: headerBytes,
  })
  server.maxConnections = options.maxConnections
  const tls = options.tls === undefined ? undefined : answerTlsToo(server, options.tls, headersMs)
  const mounts = new Map<string, Mount>()

  const mountOf = (path: string): readonly [string, Mount] | undefined => {
    for (let prefix = path; ; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf("/"), 0))) {
      const mount = mounts.get(prefix)
      if (mount !== undefined) return [prefix, mount]
      if (prefix === "") return undefined
    }
  }

  const find = (request: IncomingMessage): readonly [Mount, string] | undefined => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/"
    const found = mountOf(path)
    if (found === undefined) return undefined
    const [prefix, mount] = found
    const rest = path.slice(prefix.length)
    return [mount, rest === "" ? "/" : rest]
  }

  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const found = find(request)
    if (found === undefined) return void response.writeHead(503).end()
    const [mount, path] = found
    request.url = path
    mount.handlers.onRequest(request, response)
  })
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const found = find(request)
    if (found === undefined) return refuseUpgrade(stream)
    const [mount, path] = found
    const address = clientAddress(request, mount.options.trustForwardedFor)
    mount.sockets.handleUpgrade(request, stream, head, ws => {
      mount.handlers.onSocket(socketOf(ws, stream, mount.clock, mount.options.keepAlive), address, path)
    })
  })

  const at = (prefix: string): Listen => {
    return async (clock, mountOptions, handlers) => {
      const sockets = new WebSocketServer({
        noServer: true,
        perMessageDeflate: false,
        maxPayload: mountOptions.maxMessageBytes,
        clientTracking: true,
      })
      mounts.set(prefix, { options: mountOptions, handlers, sockets, clock })
      const stop = (): void => void mounts.delete(prefix)
      const closeMount = async (): Promise<void> => {
        stop()
        for (const ws of sockets.clients) ws.terminate()
      }
      return ok<Listening>({ host: listening.host, port: listening.port, stop, close: closeMount })
    }
  }

  const started = await start(server, options)
  if (!started.ok) return started
  const listening = started.value
  const close = (): Promise<void> =>
    new Promise(resolve => {
      for (const { sockets } of mounts.values()) for (const ws of sockets.clients) ws.terminate()
      mounts.clear()
      if (server.listening) server.close(() => resolve())
      else resolve()
      server.closeAllConnections()
      tls?.close()
    })
  return ok({ ...listening, at, close, useKeys: keys => tls?.useKeys(keys) })
}

const start = (
  server: Server,
  options: PortOptions,
): Promise<Result<{ readonly host: string; readonly port: number }, ListenError>> =>
  new Promise(resolve => {
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
    server.once("error", failed)
    server.listen(options.port, options.host, () => {
      server.off("error", failed)
      server.on("error", () => {})
      const { address, port } = server.address() as AddressInfo
      resolve(ok({ host: address, port }))
    })
  })

const refuseUpgrade = (stream: Duplex): void => {
  stream.on("error", () => {})
  stream.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
}

const clientAddress = (request: IncomingMessage, trustForwardedFor: boolean): string => {
  const forwarded = request.headers["x-forwarded-for"]
  const list = Array.isArray(forwarded) ? forwarded.join(",") : forwarded
  const last = trustForwardedFor ? list?.split(",").at(-1)?.trim() : undefined
  return addressKey(last ?? request.socket.remoteAddress)
}
