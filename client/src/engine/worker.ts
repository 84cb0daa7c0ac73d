import wasmUrl from "@automerge/automerge/automerge.wasm?url"
import { initializeWasm } from "@automerge/automerge/slim"
import { type WorkerScope, startWorker } from "./worker-main.js"

// The shell paints while this loads, and who has no family yet is told so.
startWorker(globalThis as unknown as WorkerScope, initializeWasm(wasmUrl))
