import type { Clock, Dialer, Log, Random, Result } from "@home/shared/base"
import { frameLimits } from "@home/shared/wire"
import { createWsDialer } from "../net/ws-socket.js"
import { silentLog, systemClock, systemRandom } from "../profile/platform.js"
import type { Failure } from "./failure.js"
import { type Terminal, harmless, harmlessJson } from "./terminal.js"

export type JsonLine = Readonly<Record<string, unknown>>

/** What every command has at hand. */
export interface Home {
  readonly terminal: Terminal
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly dialer: Dialer
  /** The folder of the device's profile. */
  readonly dataDir: string
  readonly isJson: boolean
  /** The share that a command is about, by its name or id; `undefined`: the family. */
  readonly share?: string | undefined
  /** One result: an object with `--json`, else its text. */
  result(json: JsonLine, text: string): void
}

export type Outcome<T = void> = Promise<Result<T, Failure>>

/** Time for TCP, TLS and the upgrade, milliseconds: in a LAN far less is needed, through a slow phone all of it. */
const handshakeMs = 5_000

export const createHome = (
  bare: Terminal,
  options: { readonly dataDir: string; readonly isJson: boolean; readonly share?: string | undefined },
): Home => {
  const terminal: Terminal = {
    ...bare,
    say: line => bare.say(harmless(line)),
    ask: question => bare.ask(harmless(question)),
    progress: text => bare.progress(text === undefined ? undefined : harmless(text)),
  }
  return {
    terminal,
    clock: systemClock,
    random: systemRandom,
    log: terminal.env("HOME_DEBUG") === undefined ? silentLog : debugLog(terminal),
    dialer: createWsDialer(systemClock, {
      maxMessageBytes: frameLimits.blobBytes + frameLimits.overheadBytes,
      handshakeMs,
    }),
    ...options,
    result: (json, text) =>
      terminal.print(options.isJson ? harmlessJson(JSON.stringify(json)) : harmless(text)),
  }
}

const debugLog = (terminal: Terminal): Log => ({
  event: (name, fields) => terminal.say(`debug: ${name} ${JSON.stringify(fields ?? {})}`),
})
