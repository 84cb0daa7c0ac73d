import { allCommands } from "./all-commands.js"
import { runMain } from "./run-main.js"

await runMain(allCommands)
