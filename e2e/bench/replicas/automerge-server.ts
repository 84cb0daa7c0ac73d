// automerge-repo's sync server as its own automerge-repo-sync-server sets it up: files, no announcing.
import { Repo } from "@automerge/automerge-repo"
import { NodeWSServerAdapter } from "@automerge/automerge-repo-network-websocket"
import { NodeFSStorageAdapter } from "@automerge/automerge-repo-storage-nodefs"
import { WebSocketServer } from "ws"

export const serveAutomerge = (dir: string): Promise<number> =>
  new Promise(resolve => {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 })
    new Repo({
      network: [new NodeWSServerAdapter(server as never)],
      storage: new NodeFSStorageAdapter(dir),
      sharePolicy: () => Promise.resolve(false),
    })
    server.on("listening", () => {
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : 0)
    })
  })
