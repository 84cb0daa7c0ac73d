import { homedir } from "node:os"
import { join } from "node:path"
import type { Log, Result } from "@home/shared/base"
import { type StartError, explainStart } from "../start/explain.js"
import { dataFolder } from "../store/data-folder.js"
import { type Failure, fail } from "./failure.js"
import type { Home } from "./home.js"

export interface ServerOptions {
  /** Absent: the server's own folder in the platform's data folder. */
  readonly dataDir: string | undefined
  readonly host: string
  readonly port: number
}

export interface BoxOptions extends ServerOptions {
  readonly relay: string | undefined
  readonly passphraseFile: string | undefined
  readonly advertise: readonly string[]
}

/** What `home start` has beside a box's options. */
export interface StartOptions extends BoxOptions {
  readonly name: string | undefined
  readonly tls: { readonly certificate: string; readonly key: string } | undefined
}

export const serverDataDir = (name: "relay" | "box" | undefined): string => {
  const folder = dataFolder({ platform: process.platform, env: process.env, homeFolder: homedir() })
  return name === undefined ? folder : join(folder, name)
}

/** One line per event on standard error: types, counts and ids, never names or content. */
export const serverLog = (home: Home): Log => ({
  event: (name, fields) => home.terminal.say(JSON.stringify({ event: name, ...fields })),
})

export const ended = (): Promise<void> =>
  new Promise(resolve => {
    process.once("SIGINT", () => resolve())
    process.once("SIGTERM", () => resolve())
  })

export const startFailure = (error: StartError): Result<never, Failure> => {
  const message = explainStart(error)
  switch (error.type) {
    case "PortInUse":
    case "CannotListen":
    case "NameNotPrivate":
      return fail("usage", message)
    case "MailboxInUse":
    case "ProfileInUse":
      return fail("inUse", message)
    case "WrongSecret":
    case "NoPassphrase":
    case "KeyFileMissing":
      return fail("passphrase", message)
    default:
      return fail("unreadable", message)
  }
}
