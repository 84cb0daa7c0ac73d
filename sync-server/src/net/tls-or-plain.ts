import type { Server } from "node:http"
import type { Socket } from "node:net"
import { type SecureContextOptions, createServer as createTlsServer } from "node:tls"

/** PEM: the certificate with those between it and its authority, and its key. */
export interface TlsKeys {
  readonly certificate: string
  readonly key: string
}

/** First byte of a TLS record that carries a handshake: RFC 8446, section 5.1. No method of HTTP begins with it. */
const handshakeRecord = 0x16

const contextOf = ({ certificate, key }: TlsKeys): SecureContextOptions => ({
  cert: certificate,
  key,
  minVersion: "TLSv1.2",
})

export interface TlsOrPlain {
  /** For connections from now on. */
  useKeys(keys: TlsKeys): void
  /** Cuts what HTTP does not know of: connections that have said nothing yet, and all of TLS. */
  close(): void
}

/**
 * Lets an HTTP server speak TLS too, on the same port: the first byte of a connection tells which it is. `decideMs`:
 * time for that byte, and again for the handshake.
 */
export const answerTlsToo = (server: Server, keys: TlsKeys, decideMs: number): TlsOrPlain => {
  const takeConnection = server.listeners("connection")
  server.removeAllListeners("connection")
  const sockets = new Set<Socket>()
  const giveToHttp = (socket: Socket): void => {
    for (const take of takeConnection) take.call(server, socket)
  }
  const secure = createTlsServer({
    ...contextOf(keys),
    handshakeTimeout: decideMs,
    // WebSockets need it: no browser upgrades a connection of HTTP/2 that was not asked to.
    ALPNProtocols: ["http/1.1"],
  })
  secure.on("secureConnection", giveToHttp)
  // Scanners, and browsers that do not trust the certificate: their end of the connection says why.
  secure.on("tlsClientError", (_error, socket) => socket.destroy())

  server.on("connection", (socket: Socket) => {
    sockets.add(socket)
    const cut = (): void => void socket.destroy()
    socket.once("close", () => sockets.delete(socket))
    socket.on("error", cut)
    socket.setTimeout(decideMs, cut)
    const decide = (): void => {
      const first: unknown = socket.read(1)
      if (!Buffer.isBuffer(first)) return void socket.once("readable", decide)
      socket.unshift(first)
      socket.setTimeout(0, cut)
      if (first[0] === handshakeRecord) secure.emit("connection", socket)
      else giveToHttp(socket)
    }
    decide()
  })
  return {
    useKeys: next => secure.setSecureContext(contextOf(next)),
    close: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}
