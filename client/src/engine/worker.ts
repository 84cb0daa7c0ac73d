import wasmUrl from "@automerge/automerge/automerge.wasm?url"
import { initializeWasm } from "@automerge/automerge/slim"
import { type WorkerScope, startWorker } from "./worker-main.js"

// The shell paints while this loads. Nothing is answered before it is there.
startWorker(globalThis as unknown as WorkerScope, initializeWasm(wasmUrl))
