// automerge-repo's sync server as its own automerge-repo-sync-server sets it up: files, no announcing.
import { createServer } from "node:http"
import { Repo } from "@automerge/automerge-repo"
import { NodeWSServerAdapter } from "@automerge/automerge-repo-network-websocket"
import { NodeFSStorageAdapter } from "@automerge/automerge-repo-storage-nodefs"
import { WebSocketServer } from "ws"

/**
 * Milliseconds without an answer after which it takes a client for dead, instead of 5,000: while it loads a family it
 * hears nobody for longer, and would begin from the front.
 */
const keepAliveMs = 300_000

export const serveAutomerge = (dir: string): Promise<number> =>
  new Promise(resolve => {
    // A document that it waited for in vain, on a busy machine, would end it.
    process.on("unhandledRejection", reason => console.error(`automerge-repo's server: ${String(reason)}`))
    const http = createServer()
    // Who dials while it is busy is not refused either.
    http.headersTimeout = 0
    http.requestTimeout = 0
    const server = new WebSocketServer({ server: http })
    new Repo({
      network: [new NodeWSServerAdapter(server as never, keepAliveMs)],
      storage: new NodeFSStorageAdapter(dir),
      sharePolicy: () => Promise.resolve(false),
    })
    http.listen(0, "127.0.0.1", () => {
      const address = http.address()
      resolve(typeof address === "object" && address !== null ? address.port : 0)
    })
  })
