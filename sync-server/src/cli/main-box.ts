import { boxCommand } from "./command-box.js"
import { runMain } from "./run-main.js"

// `home box` runs for years: what only other commands need is not in its process (C97).
await runMain([boxCommand])
