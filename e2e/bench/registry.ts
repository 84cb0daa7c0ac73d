import type { Benchmark } from "./benchmark.js"
import { editCpu } from "./edit-cpu.js"
import { editLatency } from "./edit-latency.js"
import { editingTraces } from "./editing-traces.js"
import { idleConnections } from "./idle-connections.js"
import { boxMemory } from "./box-memory.js"
import { growth } from "./growth.js"
import { reconnecting } from "./reconnecting.js"
import { joining } from "./joining.js"
import { linking } from "./linking.js"
import { openingLog, removal } from "./membership.js"
import { mailboxAppends } from "./mailbox-appends.js"
import { receivePipeline } from "./receive-pipeline.js"
import { relaySpread } from "./relay-spread.js"
import { relayFanOut } from "./relay-fan-out.js"
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
