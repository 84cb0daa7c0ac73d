import { type Commands, runHome } from "./program.js"
import { processTerminal } from "./terminal.js"
import { version } from "./version.js"

/** Lines still on their way through a pipe are written before the process ends. */
const drained = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise(resolve => void stream.write("", () => resolve()))

/** Runs this process's command line over some groups of commands, and ends the process. */
export const runMain = async (groups: readonly Commands[]): Promise<never> => {
  // A reader that has enough (`home ledger list | head`) ends the command, without a complaint.
  process.stdout.on("error", () => process.exit(0))
  const code = await runHome(process.argv.slice(2), processTerminal(), version, groups)
  await Promise.all([drained(process.stdout), drained(process.stderr)])
  process.exit(code)
}
