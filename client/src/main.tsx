import { render } from "solid-js/web"
import "./ui/index.css"
import "./shell/shell.css"
import { startEngineClient } from "./engine/start.js"
import { startAppearance } from "./platform/appearance.js"
import { startInstalling } from "./platform/installing.js"
import { lookAtPersistence } from "./platform/persistence.js"
import { isUnusable, missingPowers } from "./platform/powers.js"
import { trustedScriptUrl } from "./platform/trusted-types.js"
import { startUpdates } from "./platform/updates.js"
import { App } from "./shell/app.js"

const root = document.getElementById("app")
if (root === null) throw new Error("index.html has no #app")

startAppearance()
startInstalling()

const missing = missingPowers()
const engine = isUnusable(missing)
  ? undefined
  : startEngineClient({
      trustedScriptUrl,
      onWorkerFailed: reason => console.error(`the engine does not start: ${reason}`),
    })
render(() => <App engine={engine} missing={missing} />, root)
void lookAtPersistence()
void startUpdates()
