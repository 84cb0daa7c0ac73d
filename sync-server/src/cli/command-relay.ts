import type { Command } from "commander"
import { parsePort } from "./addresses.js"
import { argumentOf } from "./options.js"
import type { Run } from "./program.js"
import { relay } from "./serve-relay.js"

/** A port that no registered service has; a proxy in front of it speaks TLS. */
const relayPort = 7380

/** `--data` when it was given: a server's own default is not the device's. */
export const givenDataDir = (program: Command, dataDir: string): string | undefined =>
  program.getOptionValueSource("data") === "cli" ? dataDir : undefined

/** The relay: the one command whose program holds no code that could open anything. */
export const relayCommand = (program: Command, run: Run): void => {
  const relay_ = program
    .command("relay")
    .description("run a relay: it keeps sealed mail for families that it knows nothing about")
    .option("--host <address>", "where to listen", "0.0.0.0")
    .option("--port <number>", "0 takes a free one", argumentOf(parsePort), relayPort)
  relay_.action((options: { host: string; port: number }) =>
    run(relay_, home => relay(home, { ...options, dataDir: givenDataDir(program, home.dataDir) })),
  )
}
