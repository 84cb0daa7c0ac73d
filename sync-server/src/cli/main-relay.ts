import { relayCommand } from "./command-relay.js"
import { runMain } from "./run-main.js"

// `home relay` runs this program of its own: nothing in it can open what the relay keeps (C74).
await runMain([relayCommand])
