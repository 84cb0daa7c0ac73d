import { readFileSync } from "node:fs"
import { type Message, startChild } from "../child.js"
import type { Answer, Ask } from "./protocol.js"

/** A replica in a process of its own. Questions one at a time. */
export interface ReplicaProcess {
  readonly pid: number
  ask<T extends Answer["type"]>(ask: Ask, type: T): Promise<Extract<Answer, { type: T }>>
  stop(): Promise<void>
}

export const startReplica = (): ReplicaProcess => {
  const child = startChild("replica")
  return {
    pid: child.pid,
    ask: async (ask, type) => {
      const answer = (await child.ask(ask as unknown as Message)) as unknown as Answer
      if (answer.type !== type)
        throw new Error(answer.type === "Failed" ? answer.reason : `${answer.type}, not ${type}`)
      return answer as never
    },
    stop: child.close,
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
