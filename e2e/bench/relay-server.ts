import { createVerifier } from "@home/crypto/verify"
import { WebSocketServer } from "ws"
import { nativePublic } from "../../sync-server/src/native/public.js"
import { silentLog, systemClock, systemRandom } from "../../sync-server/src/profile/platform.js"
import type { RelayLimits } from "../../sync-server/src/relay/limits.js"
import { startRelay } from "../../sync-server/src/relay/main.js"
import type { ChildProgram } from "./child.js"

/** A crowd from one address at full speed: what would throttle or refuse it is out of the way, the rest stays. */
const openLimits: Partial<RelayLimits> = {
  connections: 20_000,
  connectionsPerAddress: 20_000,
  requestRate: { burst: 1e9, perSecond: 1e9 },
  byteRate: { burst: 1e12, perSecond: 1e12 },
  addressByteRate: { burst: 1e12, perSecond: 1e12 },
  roomBlobs: 1e9,
  roomBytes: 1e12,
  storeBytes: 1e12,
  connectionsPerRoom: 20_000,
  rooms: 20_000,
  addressRoomRate: { burst: 1e9, perSecond: 1e9 },
  joinRate: { burst: 1e9, perSecond: 1e9 },
}

const memory = (): Record<string, number> => {
  globalThis.gc?.()
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss, heapUsed, external }
}

/** The relay as `home relay` starts it, over SQLite in `folder`. Answers any message with its memory in bytes. */
export const relayServer: ChildProgram = async parent => {
  const started = await startRelay({
    host: "127.0.0.1",
    port: 0,
    dataDir: String(parent.options["folder"]),
    verify: createVerifier(nativePublic).verify,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    limits: openLimits,
  })
  if (!started.ok) throw new Error(started.error.type)
  parent.onMessage(() => parent.tell(memory()))
  parent.tell({ url: started.value.url })
}

/** What a broadcast needs at least: each message to everybody else, nothing kept, nobody asked who he is. */
export const bareServer: ChildProgram = async parent => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false })
  server.on("connection", ws => {
    ws.on("message", (message: Buffer) => {
      for (const other of server.clients) if (other !== ws) other.send(message, { binary: true })
    })
  })
  await new Promise<void>(resolve => server.once("listening", resolve))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  parent.onMessage(() => parent.tell(memory()))
  parent.tell({ url: `ws://127.0.0.1:${address.port}` })
}
