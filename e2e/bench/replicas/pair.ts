import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { type HomeProcess, runHome, startHomeProcess } from "../../harness/home-process.js"
import type { ReplicaKind } from "./protocol.js"
import { openTap } from "../../harness/tap.js"
import { startChild } from "../child.js"
import { type ReplicaProcess, cpuMs, startReplica } from "./replica-process.js"

/** Two replicas of one kind and the server between them, each a process. */
export interface Pair {
  readonly a: ReplicaProcess
  readonly b: ReplicaProcess
  /** CPU of all three so far, milliseconds. */
  cpuMs(): { readonly a: number; readonly b: number; readonly server: number }
  /** Between the two and the server so far, both ways, without TCP; 0 when it is not tapped. */
  bytes(): number
  close(): Promise<void>
}

export interface Server {
  readonly pid: number
  readonly url: string
  stop(): Promise<unknown>
}

export const startRelay = async (dir: string): Promise<Server> => {
  mkdirSync(dir)
  const relay: HomeProcess = startHomeProcess(["relay", "--host", "127.0.0.1", "--port", "0", "--data", dir])
  const line = await relay.nextLine()
  return { pid: relay.pid, url: String(line?.["listening"]), stop: () => relay.stop() }
}

/** A family of two devices that know each other, as `home` makes them. */
const foundPair = async (dirs: readonly [string, string], relayUrl: string): Promise<void> => {
  const [a, b] = dirs
  await runHome(["found", "Bench", "--member", "Anna", "--relay", relayUrl, "--data", a])
  const host = ["--role", "editor", "--yes", "--host", "127.0.0.1", "--data", a]
  const invite = startHomeProcess(["invite", ...host])
  const invitation = String((await invite.nextLine())?.["invitation"])
  await runHome(["join", invitation, "--member", "Ben", "--data", b])
  if ((await invite.ended) !== 0) throw new Error(`the invitation failed:\n${invite.log()}`)
}

export const openPair = async (
  kind: ReplicaKind,
  folder: string,
  options: { readonly isTapped: boolean } = { isTapped: false },
): Promise<Pair> => {
  mkdirSync(folder, { recursive: true })
  const dirs = [join(folder, "a"), join(folder, "b")] as const
  for (const dir of dirs) mkdirSync(dir)
  let server: Server
  if (kind === "home") {
    server = await startRelay(join(folder, "relay"))
    await foundPair(dirs, server.url)
  } else {
    const dir = join(folder, "server")
    mkdirSync(dir)
    const child = startChild("server", { kind, dir })
    const { port } = await child.next()
    server = { pid: child.pid, url: `ws://127.0.0.1:${String(port)}`, stop: child.close }
  }
  const tap = options.isTapped ? await openTap(Number(new URL(server.url).port)) : undefined
  const a = startReplica()
  const b = startReplica()
  const [dirA, dirB] = dirs
  const url = tap === undefined ? server.url : `ws://127.0.0.1:${tap.port}`
  const { documents } = await a.ask({ type: "Open", kind, options: { url, dir: dirA } }, "Opened")
  await a.ask({ type: "Settle" }, "Done")
  await b.ask({ type: "Open", kind, options: { url, dir: dirB, documents } }, "Opened")
  await b.ask({ type: "Settle" }, "Done")
  return {
    a,
    b,
    cpuMs: () => ({ a: cpuMs(a.pid), b: cpuMs(b.pid), server: cpuMs(server.pid) }),
    bytes: () => (tap === undefined ? 0 : tap.bytes.toServer + tap.bytes.toClient),
    close: async () => {
      for (const each of [a, b]) await each.ask({ type: "Close" }, "Done")
      await Promise.all([a.stop(), b.stop()])
      await tap?.close()
      await server.stop()
    },
  }
}
