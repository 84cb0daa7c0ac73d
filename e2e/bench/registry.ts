import type { Benchmark } from "./benchmark.js"
import type { ChildProgram } from "./child.js"
import { editCpu } from "./edit-cpu.js"
import { editLatency } from "./edit-latency.js"
import { editingTraces } from "./editing-traces.js"
import { idleConnections, idleCrowd } from "./idle-connections.js"
import { automergeAuthor, automergeNewcomer } from "./family/automerge-family.js"
import { familyAuthor } from "./family/author.js"
import { ledgerFloor } from "./family/ledger-floor.js"
import { homeNewcomers } from "./family/newcomer.js"
import { boxMemory } from "./box-memory.js"
import { growth } from "./growth.js"
import { reconnecting } from "./reconnecting.js"
import { returner } from "./family/returner.js"
import { joining } from "./joining.js"
import { linking } from "./linking.js"
import { openingLog, removal } from "./membership.js"
import { mailboxAppends } from "./mailbox-appends.js"
import { receivePipeline } from "./receive-pipeline.js"
import { relaySpread } from "./relay-spread.js"
import { relayFanOut } from "./relay-fan-out.js"
import { bareServer, keepingServer, relayServer } from "./relay-server.js"
import { replicaProgram } from "./replicas/replica-program.js"
import { serverProgram } from "./replicas/server-program.js"
import { appShell } from "./app-shell.js"

/** In the order of the table. */
export const benchmarks: readonly Benchmark[] = [
  editLatency,
  editCpu,
  joining,
  reconnecting,
  relayFanOut,
  idleConnections,
  mailboxAppends,
  receivePipeline,
  editingTraces,
  boxMemory,
  growth,
  appShell,
  relaySpread,
  linking,
  removal,
  openingLog,
]

/** What `startChild` can start, by name. */
export const children: ReadonlyMap<string, ChildProgram> = new Map<string, ChildProgram>([
  ["relay", relayServer],
  ["bare-ws", bareServer],
  ["keeping-ws", keepingServer],
  ["idle-crowd", idleCrowd],
  ["replica", replicaProgram],
  ["server", serverProgram],
  ["family-author", familyAuthor],
  ["home-newcomers", homeNewcomers],
  ["returner", returner],
  ["automerge-author", automergeAuthor],
  ["automerge-newcomer", automergeNewcomer],
  ["ledger-floor", ledgerFloor],
])
