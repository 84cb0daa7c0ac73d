import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { type HomeProcess, runHome, startHomeProcess } from "../../harness/home-process.js"
import type { ReplicaKind } from "./protocol.js"
import { type ReplicaProcess, cpuMs, startReplica, startServer } from "./replica-process.js"

/** Two replicas of one kind and the server between them, each a process. */
export interface Pair {
  readonly a: ReplicaProcess
  readonly b: ReplicaProcess
  /** CPU of all three so far, milliseconds. */
  cpuMs(): { readonly a: number; readonly b: number; readonly server: number }
  close(): Promise<void>
}

export interface Programs {
  readonly replica: string
  readonly server: string
}

interface Server {
  readonly pid: number
  readonly url: string
  stop(): Promise<unknown>
}

const startRelay = async (dir: string): Promise<Server> => {
  mkdirSync(dir)
  const relay: HomeProcess = startHomeProcess(["relay", "--host", "127.0.0.1", "--port", "0", "--data", dir])
  const line = await relay.nextLine()
  return { pid: relay.pid, url: String(line?.["listening"]), stop: () => relay.stop() }
}

/** A family of two devices that know each other, as `home` makes them. */
export const foundPair = async (dirs: readonly [string, string], relayUrl: string): Promise<void> => {
  const [a, b] = dirs
  await runHome(["found", "Bench", "--member", "Anna", "--relay", relayUrl, "--data", a])
  const host = ["--role", "editor", "--yes", "--host", "127.0.0.1", "--data", a]
  const invite = startHomeProcess(["invite", ...host])
  const invitation = String((await invite.nextLine())?.["invitation"])
  await runHome(["join", invitation, "--member", "Ben", "--data", b])
  if ((await invite.ended) !== 0) throw new Error(`the invitation failed:\n${invite.log()}`)
}

export const openPair = async (kind: ReplicaKind, programs: Programs, folder: string): Promise<Pair> => {
  mkdirSync(folder, { recursive: true })
  const dirs = [join(folder, "a"), join(folder, "b")] as const
  for (const dir of dirs) mkdirSync(dir)
  let server: Server
  if (kind === "home") {
    server = await startRelay(join(folder, "relay"))
    await foundPair(dirs, server.url)
  } else {
    mkdirSync(join(folder, "server"))
    const started = await startServer(programs.server, [kind, join(folder, "server")])
    server = { ...started, url: `ws://127.0.0.1:${started.port}` }
  }
  const a = startReplica(programs.replica)
  const b = startReplica(programs.replica)
  const [dirA, dirB] = dirs
  const url = server.url
  const { documents } = await a.ask({ type: "Open", kind, options: { url, dir: dirA } }, "Opened")
  await a.ask({ type: "Settle" }, "Done")
  await b.ask({ type: "Open", kind, options: { url, dir: dirB, documents } }, "Opened")
  await b.ask({ type: "Settle" }, "Done")
  return {
    a,
    b,
    cpuMs: () => ({ a: cpuMs(a.pid), b: cpuMs(b.pid), server: cpuMs(server.pid) }),
    close: async () => {
      for (const each of [a, b]) await each.ask({ type: "Close" }, "Done")
      await Promise.all([a.stop(), b.stop()])
      await server.stop()
    },
  }
}
