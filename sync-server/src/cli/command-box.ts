import type { Command } from "commander"
import { parsePort, parseRelayUrl } from "./addresses.js"
import type { Home } from "./home.js"
import { argumentOf } from "./options.js"
import { givenDataDir } from "./command-relay.js"
import type { Run } from "./program.js"
import { box } from "./serve-box.js"
import type { BoxOptions } from "./servers.js"

/** A port that no registered service has; a proxy in front of it speaks TLS. */
const boxPort = 7381

/** A box is for the home. */
const everyNetwork = "0.0.0.0"

/** Runs until it is told to end. */
export const boxCommand = (program: Command, run: Run): void => {
  const box_ = program
    .command("box")
    .description(
      "run the family's box: it keeps every bundle for ever; claim it with the code that it prints",
    )
  boxOptions(box_, everyNetwork, boxPort).action((options: BoxArguments) =>
    run(box_, home => box(home, boxOptionsOf(program, home, options))),
  )
}

export interface BoxArguments {
  readonly host: string
  readonly port: number
  readonly relay?: string
  readonly advertise?: readonly string[]
  readonly passphraseFile?: string
}

/** What a box is told, alone or beside a relay. */
export const boxOptions = (command: Command, host: string, port: number): Command =>
  command
    .option("--host <address>", "where to listen; 0.0.0.0 is every network of this machine", host)
    .option("--port <number>", "0 takes a free one", argumentOf(parsePort), port)
    .option(
      "--relay <url>",
      "a relay elsewhere, at which the box can be claimed and stays reachable",
      argumentOf(parseRelayUrl),
    )
    .option("--advertise <url...>", "addresses that the claim code names first, of a proxy for example")
    .option("--passphrase-file <file>", "instead of a key file in the data folder")

export const boxOptionsOf = (program: Command, home: Home, options: BoxArguments): BoxOptions => ({
  host: options.host,
  port: options.port,
  relay: options.relay,
  advertise: options.advertise ?? [],
  passphraseFile: options.passphraseFile,
  dataDir: givenDataDir(program, home.dataDir),
})
