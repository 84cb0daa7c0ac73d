import { type ChildProcess, fork, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import type { Answer, Ask } from "./protocol.js"

/** A replica in a process of its own. Questions one at a time; ended by its pid only. */
export interface ReplicaProcess {
  readonly pid: number
  ask<T extends Answer["type"]>(ask: Ask, type: T): Promise<Extract<Answer, { type: T }>>
  stop(): Promise<void>
}

const endOf = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise(resolve => child.once("exit", () => resolve()))

export const startReplica = (program: string): ReplicaProcess => {
  const child = fork(program, [], {
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: process.env["BENCH_PROF"] === undefined ? [] : ["--cpu-prof", "--cpu-prof-dir", process.env["BENCH_PROF"]],
  })
  return {
    pid: child.pid ?? -1,
    ask: (ask, type) =>
      new Promise((resolve, reject) => {
        const failed = (): void => reject(new Error(`the replica ended while it was asked for ${ask.type}`))
        child.once("exit", failed)
        child.once("message", (answer: Answer) => {
          child.off("exit", failed)
          if (answer.type === type) resolve(answer as never)
          else reject(new Error(answer.type === "Failed" ? answer.reason : `${answer.type}, not ${type}`))
        })
        child.send(ask)
      }),
    stop: async () => {
      const ended = endOf(child)
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

/** A server that prints one JSON line with its port. */
export const startServer = async (
  program: string,
  args: readonly string[],
): Promise<{ readonly pid: number; readonly port: number; readonly stop: () => Promise<void> }> => {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] })
  const lines = createInterface({ input: child.stdout })
  const [first] = (await new Promise<string[]>(resolve => {
    lines.once("line", line => resolve([line]))
    child.once("exit", () => resolve([]))
  })) as [string?]
  if (first === undefined) throw new Error(`the server ${args.join(" ")} did not start`)
  const { port } = JSON.parse(first) as { port: number }
  return {
    pid: child.pid ?? -1,
    port,
    stop: async () => {
      const ended = endOf(child)
      child.kill("SIGTERM")
      await ended
    },
  }
}

/** Linux counts CPU in ticks of 1/100 s (`getconf CLK_TCK`). */
const tickMs = 10

/** CPU time of a process so far, user and system, milliseconds: fields 14 and 15 of /proc/PID/stat (proc(5)). */
export const cpuMs = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}
