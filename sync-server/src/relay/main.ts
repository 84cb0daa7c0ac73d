import { mkdirSync } from "node:fs"
import { join } from "node:path"
import type { Clock, Log, Random, Result } from "@home/shared/base"
import type { ListenError } from "../net/listening.js"
import { defaultRelayLimits } from "./limits.js"
import { type MailboxError, openSqliteMailbox } from "./mailbox-sqlite.js"
import { type Relay, type RelayOptions, type Verify, openRelay } from "./server.js"

export type { Relay, RelayOptions, Verify } from "./server.js"

export interface StartRelayOptions extends RelayOptions {
  /** The relay's own folder; made when it is not there, readable by its user only. */
  readonly dataDir: string
  readonly verify: Verify
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** A relay over SQLite in `dataDir`. What was acknowledged is there after any crash. */
export const startRelay = async (
  options: StartRelayOptions,
): Promise<Result<Relay, ListenError | MailboxError>> => {
  const { dataDir, verify, clock, random, log } = options
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const limits = { ...defaultRelayLimits, ...options.limits }
  const mailbox = openSqliteMailbox(join(dataDir, "mailbox.sqlite"), limits, random)
  if (!mailbox.ok) return mailbox
  const relay = await openRelay({ mailbox: mailbox.value, verify, clock, random, log }, options)
  if (!relay.ok) {
    await mailbox.value.close()
    return relay
  }
  const { host, port, url } = relay.value
  const close = async (): Promise<void> => {
    await relay.value.close()
    await mailbox.value.close()
  }
  return { ok: true, value: { host, port, url, close } }
}
