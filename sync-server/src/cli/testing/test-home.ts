import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { allCommands } from "../all-commands.js"
import { runHome } from "../program.js"
import type { Terminal } from "../terminal.js"

export interface Ran {
  readonly code: number
  readonly out: readonly string[]
  readonly err: string
  /** Lines of standard output as JSON. */
  readonly json: readonly Readonly<Record<string, unknown>>[]
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  /** What a person at the terminal would answer, in turn; without it there is no terminal. */
  readonly answers?: readonly string[]
  /** Told of every line of standard output as it comes. */
  readonly onLine?: (line: string) => void
  /** Told of progress; what it throws ends the command as a crash would. */
  readonly onProgress?: () => void
}

const passphrase = { HOME_PASSPHRASE: "correct horse", HOME_PASSPHRASE_COST: "floor" }

/** Runs a command line in this process, as the program does. */
export const home = async (args: readonly string[], options: RunOptions = {}): Promise<Ran> => {
  const env: Readonly<Record<string, string | undefined>> = options.env ?? passphrase
  const answers = options.answers === undefined ? undefined : [...options.answers]
  const out: string[] = []
  let err = ""
  const terminal: Terminal = {
    print: line => {
      out.push(line)
      options.onLine?.(line)
    },
    say: line => {
      err += `${line}\n`
    },
    progress: () => options.onProgress?.(),
    env: name => env[name],
    ask: () => Promise.resolve(answers?.shift()),
    askSecret: () => Promise.resolve(answers?.shift()),
  }
  const code = await runHome(args, terminal, "0.0.0", allCommands)
  return {
    code,
    out,
    err,
    get json() {
      return out.map(line => JSON.parse(line) as Readonly<Record<string, unknown>>)
    },
  }
}

/** A folder that goes when the tests of a file are over. */
export const scratch = (): { readonly dir: string; path(...parts: string[]): string; remove(): void } => {
  const dir = mkdtempSync(join(tmpdir(), "home-cli-"))
  return {
    dir,
    path: (...parts) => join(dir, ...parts),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}

/** Founds a family in `dir`; gives the line that `found` printed. */
export const foundIn = async (dir: string, ...more: string[]): Promise<Readonly<Record<string, unknown>>> => {
  const ran = await home(["found", "Muster", "--member", "Anna", "--data", dir, "--json", ...more])
  const [line] = ran.json
  if (ran.code !== 0 || line === undefined) throw new Error(`found: ${ran.err}`)
  return line
}

/** Invites from `host` and runs `use` with the invitation; gives what both sides printed. */
export const inviting = async <T>(
  host: string,
  use: (invitation: string) => Promise<T>,
  options: { readonly args?: readonly string[]; readonly run?: RunOptions } = {},
): Promise<{ readonly invited: Ran; readonly used: T }> => {
  let invited: Promise<Ran> | undefined
  const invitation = await new Promise<string>((resolve, reject) => {
    const args = ["invite", "--host", "127.0.0.1", "--data", host, "--json", ...(options.args ?? ["--yes"])]
    invited = home(args, {
      ...options.run,
      onLine: line => {
        const { invitation: text } = JSON.parse(line) as { invitation?: string }
        if (text !== undefined) resolve(text)
      },
    })
    void invited.then(ran => reject(new Error(`invite ended with ${ran.code}: ${ran.err}`)), reject)
  })
  const used = await use(invitation)
  if (invited === undefined) throw new Error("nobody invited")
  return { invited: await invited, used }
}

export const joinIn = (dir: string, invitation: string, name = "Ben", run?: RunOptions): Promise<Ran> =>
  home(["join", invitation, "--member", name, "--data", dir, "--json"], run)

/** Takes a newcomer's device in; throws when that fails. */
export const joinFamily = async (
  host: string,
  dir: string,
  name = "Ben",
  ...args: string[]
): Promise<void> => {
  const { used } = await inviting(host, invitation => joinIn(dir, invitation, name), {
    args: ["--yes", ...args],
  })
  if (used.code !== 0) throw new Error(`join: ${used.err}`)
}
