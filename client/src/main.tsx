import { render } from "solid-js/web"
import "./ui/index.css"
import "./shell/shell.css"
import type { Engine } from "./engine/port.js"
import { startAppearance } from "./platform/appearance.js"
import { startInstalling } from "./platform/installing.js"
import { lookAtPersistence } from "./platform/persistence.js"
import { startUpdates } from "./platform/updates.js"
import { App } from "./shell/app.js"

const root = document.getElementById("app")
if (root === null) throw new Error("index.html has no #app")

startAppearance()
startInstalling()

/** Stands in until the engine's worker is there. */
const engine = {
  watch: (name: string, listener: (value: never) => void) => {
    if (name === "state") listener({ type: "Empty" } as never)
    return () => undefined
  },
} as unknown as Engine
render(() => <App engine={engine} />, root)
void lookAtPersistence()
void startUpdates()
