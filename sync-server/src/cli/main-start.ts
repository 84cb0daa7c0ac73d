import { startCommand } from "./command-start.js"
import { runMain } from "./run-main.js"

// As `home box`, with the relay, the page and the certificate beside it (C97).
await runMain([startCommand])
