import { WebSocket, WebSocketServer } from "ws"
import type { ChildProgram } from "../child.js"
import { serveAutomerge } from "./automerge-server.js"

/** Fans every message out to everybody else. */
const serveFanOut = (): Promise<number> =>
  new Promise(resolve => {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false })
    server.on("connection", socket => {
      socket.on("message", (message: Buffer) => {
        for (const other of server.clients)
          if (other !== socket && other.readyState === WebSocket.OPEN) other.send(message)
      })
    })
    server.on("listening", () => {
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : 0)
    })
  })

/** y-websocket's own server, as its package starts it, without persistence. */
const serveYjs = async (): Promise<number> => {
  const { setupWSConnection } = (await import("@y/websocket-server/utils")) as {
    setupWSConnection: (socket: WebSocket, request: unknown) => void
  }
  return new Promise(resolve => {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 })
    server.on("connection", setupWSConnection)
    server.on("listening", () => {
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : 0)
    })
  })
}

/** The server of a comparison: tells its port, and serves until it is closed. */
export const serverProgram: ChildProgram = async parent => {
  const { kind, dir } = parent.options
  const serve =
    kind === "automerge-repo" ? serveAutomerge(String(dir)) : kind === "yjs" ? serveYjs() : serveFanOut()
  parent.tell({ port: await serve })
}
