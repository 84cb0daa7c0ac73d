import { type Result, ok } from "@home/shared/base"
import type { Command } from "commander"
import { parseHostName, parsePort, parseRelayUrl } from "./addresses.js"
import { defaultPort } from "../start/main.js"
import { type Failure, fail } from "./failure.js"
import type { Home } from "./home.js"
import { argumentOf } from "./options.js"
import { givenDataDir } from "./command-relay.js"
import type { Run } from "./program.js"
import { box } from "./serve-box.js"
import { start } from "./serve-start.js"
import type { BoxOptions, StartOptions } from "./servers.js"

/** A port that no registered service has; a proxy in front of it speaks TLS. */
const boxPort = 7381

/** A box is for the home; `start` tries HOME out on one machine, and opens it to others only when asked to. */
const everyNetwork = "0.0.0.0"
const thisMachine = "127.0.0.1"

/** What runs until it is told to end. */
export const serverCommands = (program: Command, run: Run): void => {
  const box_ = program
    .command("box")
    .description(
      "run the family's box: it keeps every bundle for ever; claim it with the code that it prints",
    )
  boxOptions(box_, everyNetwork, boxPort).action((options: BoxArguments) =>
    run(box_, home => box(home, boxOptionsOf(program, home, options))),
  )

  const start_ = program
    .command("start")
    .description("run relay, box and page on this machine, in one process on one port")
  boxOptions(start_, thisMachine, defaultPort)
    .option(
      "--name <name>",
      "the name of this machine in your network (nas.local): devices use it, and its certificate has it",
      argumentOf(parseHostName),
    )
    .option("--tls-cert <file>", "a certificate (PEM, with its chain) instead of one of the machine's own")
    .option("--tls-key <file>", "the certificate's key (PEM)")
    .action((options: StartArguments) =>
      run(start_, async home => {
        const tls = tlsOf(options)
        if (!tls.ok) return tls
        const { name } = options
        return await start(home, { ...boxOptionsOf(program, home, options), name, tls: tls.value })
      }),
    )
}

interface StartArguments extends BoxArguments {
  readonly name?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
}

const tlsOf = ({ tlsCert, tlsKey }: StartArguments): Result<StartOptions["tls"], Failure> => {
  if (tlsCert !== undefined && tlsKey !== undefined) return ok({ certificate: tlsCert, key: tlsKey })
  return tlsCert === tlsKey ? ok(undefined) : fail("usage", "--tls-cert and --tls-key belong together")
}

interface BoxArguments {
  readonly host: string
  readonly port: number
  readonly relay?: string
  readonly advertise?: readonly string[]
  readonly passphraseFile?: string
}

const boxOptions = (command: Command, host: string, port: number): Command =>
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

const boxOptionsOf = (program: Command, home: Home, options: BoxArguments): BoxOptions => ({
  host: options.host,
  port: options.port,
  relay: options.relay,
  advertise: options.advertise ?? [],
  passphraseFile: options.passphraseFile,
  dataDir: givenDataDir(program, home.dataDir),
})
