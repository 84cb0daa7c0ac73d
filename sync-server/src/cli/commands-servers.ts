import type { Command } from "commander"
import { parsePort, parseRelayUrl } from "./addresses.js"
import { argumentOf } from "./options.js"
import type { Run } from "./program.js"
import { box, relay } from "./servers.js"

/** Ports that no registered service has; a proxy in front of them speaks TLS. */
const relayPort = 7380
const boxPort = 7381

/** `--data` when it was given: a server's own default is not the device's. */
const givenDataDir = (program: Command, dataDir: string): string | undefined =>
  program.getOptionValueSource("data") === "cli" ? dataDir : undefined

/** What runs until it is told to end. */
export const serverCommands = (program: Command, run: Run): void => {
  const relay_ = program
    .command("relay")
    .description("run a relay: it keeps sealed mail for families that it knows nothing about")
    .option("--host <address>", "where to listen", "0.0.0.0")
    .option("--port <number>", "0 takes a free one", argumentOf(parsePort), relayPort)
  relay_.action((options: { host: string; port: number }) =>
    run(relay_, home => relay(home, { ...options, dataDir: givenDataDir(program, home.dataDir) })),
  )

  const box_ = program
    .command("box")
    .description("run the family's box: it keeps every bundle for ever; claim it with the code that it prints")
    .option("--host <address>", "where to listen", "0.0.0.0")
    .option("--port <number>", "0 takes a free one", argumentOf(parsePort), boxPort)
    .option("--relay <url>", "a relay, also to be claimed through", argumentOf(parseRelayUrl))
    .option("--advertise <url...>", "addresses that the claim code names first, of a proxy for example")
    .option("--passphrase-file <file>", "instead of a key file in the data folder")
  box_.action(
    (options: { host: string; port: number; relay?: string; advertise?: string[]; passphraseFile?: string }) =>
      run(box_, home =>
        box(home, {
          host: options.host,
          port: options.port,
          relay: options.relay,
          advertise: options.advertise ?? [],
          passphraseFile: options.passphraseFile,
          dataDir: givenDataDir(program, home.dataDir),
        }),
      ),
  )
}
