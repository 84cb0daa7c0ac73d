import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type HomeProcess, startHomeProcess } from "./home-process.js"

/** `home start` as a real process: the app, a relay and a box on one port. */
export interface AppServer {
  /** `http://127.0.0.1:port` */
  readonly url: string
  readonly claim: string
  /** As a power cut would: app, relay and box are gone at once. */
  kill(): Promise<void>
  /** At the same port with what is on its disk. */
  startAgain(): Promise<void>
  /** Twice is once: a test may end it before the tests do. */
  stop(): Promise<void>
}

export const startApp = async (): Promise<AppServer> => {
  const dataDir = mkdtempSync(join(tmpdir(), "home-app-"))
  const startAt = async (port: string) => {
    const run: HomeProcess = startHomeProcess(["start", "--port", port, "--data", dataDir])
    const line = await run.nextLine()
    if (line === undefined) throw new Error(`home start did not start:\n${run.log()}`)
    return { run, line }
  }
  const { run, line } = await startAt("0")
  const url = String(line["page"])
  let running = run
  return {
    url,
    claim: String(line["claim"]),
    kill: async () => {
      await running.stop("SIGKILL")
    },
    startAgain: async () => {
      running = (await startAt(new URL(url).port)).run
    },
    stop: async () => {
      await running.stop("SIGINT")
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
