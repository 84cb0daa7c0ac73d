import type { Benchmark } from "./benchmark.js"
import type { ChildProgram } from "./child.js"
import { mailboxAppends } from "./mailbox-appends.js"
import { relayFanOut } from "./relay-fan-out.js"
import { bareServer, relayServer } from "./relay-server.js"
import { appShell } from "./app-shell.js"

/** In the order of the table. */
export const benchmarks: readonly Benchmark[] = [relayFanOut, mailboxAppends, appShell]

/** What `startChild` can start, by name. */
export const children: ReadonlyMap<string, ChildProgram> = new Map<string, ChildProgram>([
  ["relay", relayServer],
  ["bare-ws", bareServer],
])
