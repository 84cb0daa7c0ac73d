import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startHomeProcess } from "./home-process.js"

/** `home start` as a real process: the app, a relay and a box on one port. */
export interface AppServer {
  /** `http://127.0.0.1:port` */
  readonly url: string
  readonly claim: string
  stop(): Promise<void>
}

export const startApp = async (): Promise<AppServer> => {
  const dataDir = mkdtempSync(join(tmpdir(), "home-app-"))
  const run = startHomeProcess(["start", "--port", "0", "--data", dataDir])
  const line = await run.nextLine()
  if (line === undefined) throw new Error(`home start did not start:\n${run.log()}`)
  return {
    url: String(line["page"]),
    claim: String(line["claim"]),
    /** Twice is once: a test may end it before the tests do. */
    stop: async () => {
      await run.stop("SIGINT")
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
