import { type Result, ok } from "@home/shared/base"
import type { Command } from "commander"
import { parseHostName } from "./addresses.js"
import { defaultPort } from "../start/main.js"
import { type BoxArguments, boxOptions, boxOptionsOf } from "./command-box.js"
import { type Failure, fail } from "./failure.js"
import { argumentOf } from "./options.js"
import type { Run } from "./program.js"
import { start } from "./serve-start.js"
import type { StartOptions } from "./servers.js"

/** `start` tries HOME out on one machine, and opens it to others only when asked to. */
const thisMachine = "127.0.0.1"

/** Runs until it is told to end. */
export const startCommand = (program: Command, run: Run): void => {
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
