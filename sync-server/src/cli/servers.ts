import { homedir } from "node:os"
import { join } from "node:path"
import { createVerifier } from "@home/crypto/verify"
import { type Log, type Result, err, ok } from "@home/shared/base"
import { startBox } from "../box/main.js"
import type { ListenError } from "../net/listen.js"
import { dataFolder } from "../store/data-folder.js"
import { startRelay } from "../relay/main.js"
import { type Failure, fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { profileFailure } from "./with-device.js"

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

export const serverDataDir = (name: "relay" | "box"): string =>
  join(dataFolder({ platform: process.platform, env: process.env, homeFolder: homedir() }), name)

/** One line per event on standard error: types, counts and ids, never names or content. */
const serverLog = (home: Home): Log => ({
  event: (name, fields) => home.terminal.say(JSON.stringify({ event: name, ...fields })),
})

const ended = (): Promise<void> =>
  new Promise(resolve => {
    process.once("SIGINT", () => resolve())
    process.once("SIGTERM", () => resolve())
  })

const listenFailure = (error: ListenError, host: string): Result<never, Failure> =>
  error.type === "PortInUse"
    ? fail("usage", `port ${error.port} is taken by another program: choose another with --port, or 0 for any`)
    : fail("usage", `cannot listen at ${host} (${error.code})`)

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
  if (!started.ok) {
    const { error } = started
    return error.type === "PortInUse" || error.type === "CannotListen"
      ? listenFailure(error, options.host)
      : fail("unreadable", `the relay's mailbox cannot be opened (${error.type})`)
  }
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
  if (!started.ok) {
    const { error } = started
    if (error.type === "PortInUse" || error.type === "CannotListen") return listenFailure(error, options.host)
    return err(profileFailure(error))
  }
  const { address, claim } = started.value
  home.result(
    { listening: address, ...(claim === undefined ? {} : { claim }) },
    claim === undefined ? `box at ${address}` : `box at ${address}\nclaim it with: home claim ${claim}`,
  )
  await ended()
  await started.value.close()
  return ok(undefined)
}
