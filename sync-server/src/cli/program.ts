import { homedir } from "node:os"
import { join, resolve } from "node:path"
import { Command, CommanderError } from "commander"
import { type Result, err, ok } from "@home/shared/base"
import { dataFolder } from "../store/data-folder.js"
import { type Failure, exitCodes, fail } from "./failure.js"
import { type Home, type Outcome, createHome } from "./home.js"
import { type Terminal, harmless } from "./terminal.js"

/** Adds a command's action: runs it with the global options, and keeps what came of it for the exit code. */
export type Run = (command: Command, work: (home: Home) => Outcome) => Promise<void>

/** A group of commands, added to the program. Which groups there are the entry says: the relay's has no other. */
export type Commands = (program: Command, run: Run) => void

const defaultDataDir = (): string =>
  join(dataFolder({ platform: process.platform, env: process.env, homeFolder: homedir() }), "profile")

const isText = (value: unknown): value is string => typeof value === "string"

/** The commands that work in a share as in a family. */
const inShares: ReadonlySet<string> = new Set([
  "chat",
  "export",
  "import",
  "late",
  "ledger",
  "log",
  "members",
  "note",
  "plan",
  "status",
  "sync",
])

/** The first word of a command: `note` of `note add`. */
const groupOf = (command: Command): string =>
  command.parent?.parent === null || command.parent?.parent === undefined
    ? command.name()
    : groupOf(command.parent)

const exitHelp = `
Exit codes: 0 done, 2 usage, 3 refused by role or membership, 4 input could not be read, 5 nobody reachable,
6 wrong passphrase, 7 the profile is in use. The passphrase comes from a prompt, from HOME_PASSPHRASE or from
the file that HOME_PASSPHRASE_FILE names.`

export const createProgram = (
  terminal: Terminal,
  version: string,
  groups: readonly Commands[],
  onOutcome: (result: Result<void, Failure>) => void,
): Command => {
  const program = new Command("home")
  program
    .description("The family cloud that belongs to the family: a device without a screen.")
    .version(version, "--version", "print the version")
    .option("--data <dir>", "the folder of this device's profile", defaultDataDir())
    .option("--share <name>", "act in what is shared with another family, instead of in the family")
    .option("--json", "one JSON object per line on standard output, text for people on standard error", false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: text => terminal.print(text.replace(/\n$/, "")),
      writeErr: text => terminal.say(text.replace(/\n$/, "")),
    })
    .addHelpText("after", exitHelp)
    .showHelpAfterError('(say "home --help" or "home COMMAND --help")')
    .exitOverride()

  const run: Run = async (command, work) => {
    const options: Record<string, unknown> = command.optsWithGlobals()
    const dataDir = isText(options["data"]) ? resolve(options["data"]) : defaultDataDir()
    const share = isText(options["share"]) ? options["share"] : undefined
    const isPossible = share === undefined || inShares.has(groupOf(command))
    const home = createHome(terminal, { dataDir, isJson: options["json"] === true, share })
    onOutcome(
      isPossible ? await work(home) : fail("usage", "this command is about the family: leave --share out"),
    )
  }
  for (const commands of groups) commands(program, run)
  for (const command of allCommands(program)) {
    command.exitOverride().configureHelp({ showGlobalOptions: true })
  }
  return program
}

const allCommands = (command: Command): readonly Command[] =>
  command.commands.flatMap(child => [child, ...allCommands(child)])

/** What a failure looks like to a program: the last line of `--json`. */
const failureLine = ({ kind, message, details }: Failure): string =>
  JSON.stringify({ error: { kind, message, ...details }, exitCode: exitCodes[kind] })

/** And to people: a sentence. */
const tell = (terminal: Terminal, failure: Failure, isJson: boolean): void => {
  terminal.progress(undefined)
  terminal.say(harmless(`home: ${failure.message}`))
  if (isJson) terminal.print(failureLine(failure))
}

/** Runs the command line and gives the exit code. */
export const runHome = async (
  args: readonly string[],
  terminal: Terminal,
  version: string,
  groups: readonly Commands[],
): Promise<number> => {
  let outcome: Result<void, Failure> = ok(undefined)
  const program = createProgram(terminal, version, groups, result => {
    outcome = result
  })
  const isJson = args.includes("--json")
  try {
    await program.parseAsync([...args], { from: "user" })
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done
      // Commander has said it in words already.
      if (isJson)
        terminal.print(failureLine({ kind: "usage", message: error.message.replace(/^error: /, "") }))
      return exitCodes.usage
    }
    const message = `a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
    outcome = err({ kind: "bug", message })
  }
  const result: Result<void, Failure> = outcome
  if (result.ok) return exitCodes.done
  tell(terminal, result.error, isJson)
  return exitCodes[result.error.kind]
}
