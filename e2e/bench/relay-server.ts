import { join } from "node:path"
import { createVerifier } from "@home/crypto/verify"
import Database from "better-sqlite3"
import { type WebSocket, WebSocketServer } from "ws"
import { openWalSync } from "../../sync-server/src/disk/wal-sync.js"
import { nativePublic } from "../../sync-server/src/native/public.js"
import { silentLog, systemClock, systemRandom } from "../../sync-server/src/profile/platform.js"
import type { RelayLimits } from "../../sync-server/src/relay/limits.js"
import { startRelay } from "../../sync-server/src/relay/main.js"
import type { ChildProgram, Parent } from "./child.js"

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

/** Bytes; CPU in microseconds since the start. */
const used = (): Record<string, number> => {
  const { user, system } = process.cpuUsage()
  globalThis.gc?.()
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss, heapUsed, external, cpuUs: user + system }
}

/** The relay as `home relay` starts it, over SQLite in `folder`. Answers any message with what it uses. */
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
  parent.onMessage(() => parent.tell(used()))
  parent.tell({ url: started.value.url })
}

/** Each message goes to everybody else; `onMessage` sees it too. */
const serveBroadcast = async (
  parent: Parent,
  onMessage: (from: WebSocket, message: Buffer) => void,
): Promise<void> => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false })
  server.on("connection", ws => {
    ws.on("message", (message: Buffer) => {
      for (const other of server.clients) if (other !== ws) other.send(message, { binary: true })
      onMessage(ws, message)
    })
  })
  await new Promise<void>(resolve => server.once("listening", resolve))
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  parent.onMessage(() => parent.tell(used()))
  parent.tell({ url: `ws://127.0.0.1:${address.port}` })
}

/** What a broadcast needs at least: nothing kept, nobody asked who he is. */
export const bareServer: ChildProgram = parent => serveBroadcast(parent, () => {})

/** As a relay gathers posts, milliseconds. */
const commitDelayMs = 3
const acknowledgement = new Uint8Array(14)

/**
 * What a relay cannot do without beyond a broadcast: each message is kept (SQLite, many in a commit, the log synced off
 * the thread) and then acknowledged. No rooms, offsets, quotas, limits or back-pressure.
 */
export const keepingServer: ChildProgram = parent => {
  const file = join(String(parent.options["folder"]), "keeping.sqlite")
  const database = new Database(file)
  database.pragma("journal_mode = WAL")
  database.pragma("synchronous = NORMAL")
  database.exec("CREATE TABLE posts (id INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
  const insert = database.prepare("INSERT INTO posts (blob) VALUES (?)")
  const insertAll = database.transaction((messages: readonly Buffer[]) => {
    for (const message of messages) insert.run(message)
  })
  const log = openWalSync(file)
  let waiting: { readonly from: WebSocket; readonly message: Buffer }[] = []
  const commit = (): void => {
    const now = waiting
    waiting = []
    insertAll(now.map(({ message }) => message))
    void log.sync().then(() => {
      for (const { from } of now) from.send(acknowledgement, { binary: true })
    })
  }
  return serveBroadcast(parent, (from, message) => {
    waiting.push({ from, message })
    if (waiting.length === 1) setTimeout(commit, commitDelayMs)
  })
}
