import { type ChildProcess, spawn } from "node:child_process"
import { join } from "node:path"

export type JsonLine = Readonly<Record<string, unknown>>

/** One run of the `home` command as a real process. Its JSON lines can be waited for; it is ended by its pid only. */
export interface HomeProcess {
  readonly pid: number
  /** The next line of stdout that was not given yet; `undefined` once the process has ended. */
  nextLine(): Promise<JsonLine | undefined>
  readonly ended: Promise<number>
  log(): string
  stop(signal?: NodeJS.Signals): Promise<number>
}

const bin = join(process.cwd(), "sync-server", "bin", "home.mjs")

/** Passphrases of tests protect nothing: the smallest allowed cost keeps the runs quick. */
const environment = { HOME_PASSPHRASE: "a passphrase of the journey", HOME_PASSPHRASE_COST: "floor" }

const running = new Set<HomeProcess>()

/** Ends those that nobody has ended, where what started them has failed. */
export const stopHomeProcesses = async (): Promise<void> => {
  await Promise.all([...running].map(home => home.stop()))
}

export const startHomeProcess = (args: readonly string[]): HomeProcess => {
  const child: ChildProcess = spawn(process.execPath, [bin, ...args, "--json"], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const lines: JsonLine[] = []
  const waiting: ((line: JsonLine | undefined) => void)[] = []
  let rest = ""
  let log = ""
  let isEnded = false
  const give = (line: JsonLine | undefined): void => {
    const next = waiting.shift()
    if (next !== undefined) next(line)
    else if (line !== undefined) lines.push(line)
  }
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n")
    rest = parts.pop() ?? ""
    for (const part of parts) if (part.trim() !== "") give(JSON.parse(part) as JsonLine)
  })
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    log += text
  })
  const ended = new Promise<number>(resolve => {
    child.on("close", code => {
      isEnded = true
      for (const next of waiting.splice(0)) next(undefined)
      resolve(code ?? -1)
    })
  })
  const home: HomeProcess = {
    pid: child.pid ?? -1,
    ended,
    log: () => log,
    nextLine: () =>
      new Promise(resolve => {
        const line = lines.shift()
        if (line !== undefined || isEnded) resolve(line)
        else waiting.push(resolve)
      }),
    stop: signal => {
      child.kill(signal ?? "SIGTERM")
      return ended
    },
  }
  running.add(home)
  void ended.then(() => running.delete(home))
  return home
}

/** Runs a command to its end and gives its lines; throws with its log when the exit code is another than asked. */
export const runHome = async (args: readonly string[], expected = 0): Promise<readonly JsonLine[]> => {
  const run = startHomeProcess(args)
  const lines: JsonLine[] = []
  for (let line = await run.nextLine(); line !== undefined; line = await run.nextLine()) lines.push(line)
  const code = await run.ended
  if (code !== expected)
    throw new Error(`home ${args.join(" ")} ended with ${code}, not ${expected}:\n${run.log()}`)
  return lines
}

/** The port in what a server said first. */
export const portOf = (line: JsonLine | undefined): number => {
  const [, port] = /:(\d+)/.exec(String(line?.["listening"]).replace(/^wss?:\/\//, "")) ?? []
  if (port === undefined) throw new Error(`a server did not say where it listens: ${JSON.stringify(line)}`)
  return Number(port)
}
