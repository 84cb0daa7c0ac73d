import { existsSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { createVerifier } from "@home/crypto/verify"
import { type Log, type Result, ok } from "@home/shared/base"
import { startBox } from "../box/main.js"
import { type StartError, explainStart } from "../start/explain.js"
import { startHome } from "../start/main.js"
import { dataFolder } from "../store/data-folder.js"
import { startRelay } from "../relay/main.js"
import { type Failure, fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"

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

export const serverDataDir = (name: "relay" | "box" | undefined): string => {
  const folder = dataFolder({ platform: process.platform, env: process.env, homeFolder: homedir() })
  return name === undefined ? folder : join(folder, name)
}

/** One line per event on standard error: types, counts and ids, never names or content. */
const serverLog = (home: Home): Log => ({
  event: (name, fields) => home.terminal.say(JSON.stringify({ event: name, ...fields })),
})

const ended = (): Promise<void> =>
  new Promise(resolve => {
    process.once("SIGINT", () => resolve())
    process.once("SIGTERM", () => resolve())
  })

const startFailure = (error: StartError): Result<never, Failure> => {
  const message = explainStart(error)
  switch (error.type) {
    case "PortInUse":
    case "CannotListen":
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

/** A relay until the process is told to end. It holds no key. */
export const relay = async (home: Home, options: ServerOptions): Outcome => {
  const started = await startRelay({
    host: options.host,
    port: options.port,
    dataDir: options.dataDir ?? serverDataDir("relay"),
    verify: createVerifier().verify,
    clock: home.clock,
    random: home.random,
    log: serverLog(home),
  })
  if (!started.ok) return startFailure(started.error)
  const { url, port } = started.value
  home.result({ listening: url, port }, `relay at ${url}`)
  await ended()
  await started.value.close()
  return ok(undefined)
}

/** A box until the process is told to end. Its first line carries the code that claims it, while nobody has. */
export const box = async (home: Home, options: BoxOptions): Outcome => {
  const { relay: relayUrl, passphraseFile } = options
  const started = await startBox({
    dataDir: options.dataDir ?? serverDataDir("box"),
    host: options.host,
    port: options.port,
    ...(relayUrl === undefined ? {} : { relay: relayUrl }),
    ...(passphraseFile === undefined ? {} : { passphraseFile }),
    advertise: options.advertise,
    clock: home.clock,
    random: home.random,
    log: serverLog(home),
    onClaimCode: code => home.result({ claim: code }, `claim this box with: home claim ${code}`),
  })
  if (!started.ok) return startFailure(started.error)
  const { address, claim } = started.value
  home.result(
    { listening: address, ...(claim === undefined ? {} : { claim }) },
    claim === undefined ? `box at ${address}` : `box at ${address}\nclaim it with: home claim ${claim}`,
  )
  await ended()
  await started.value.close()
  return ok(undefined)
}

/** The folder of the page: found upwards from the program, wherever it was built. */
const pageFolder = (): string | undefined => {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    for (const name of ["dist", "public"]) {
      const candidate = join(folder, "client", name)
      if (existsSync(join(candidate, "index.html"))) return candidate
    }
  }
  return undefined
}

/** Relay, box and page in one process, until it is told to end. */
export const start = async (home: Home, options: BoxOptions): Outcome => {
  const { relay: relayUrl, passphraseFile } = options
  const pageDir = pageFolder()
  if (pageDir === undefined) return fail("unreadable", "the page's files are not there: the installation is not whole")
  const started = await startHome({
    dataDir: options.dataDir ?? serverDataDir(undefined),
    host: options.host,
    port: options.port,
    ...(relayUrl === undefined ? {} : { relay: relayUrl }),
    ...(passphraseFile === undefined ? {} : { passphraseFile }),
    advertise: options.advertise,
    pageDir,
    clock: home.clock,
    random: home.random,
    log: home.log,
    onClaimCode: code => home.result({ claim: code }, `claim this box with:\n  home claim ${code}`),
  })
  if (!started.ok) return startFailure(started.error)
  const { page, relay: relayAddress, box: boxAddress, claim } = started.value
  home.result(
    { listening: boxAddress, page, relay: relayAddress, box: boxAddress, ...(claim === undefined ? {} : { claim }) },
    [
      `page   ${page}`,
      `relay  ${relayAddress}`,
      `box    ${boxAddress}`,
      ...(claim === undefined ? [] : ["", "This box belongs to nobody yet. Take it into your family with:", `  home claim ${claim}`]),
    ].join("\n"),
  )
  await ended()
  await started.value.close()
  return ok(undefined)
}
