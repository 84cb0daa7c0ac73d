import { silentLog, systemClock, systemRandom } from "../../profile/platform.js"
import { explainStart } from "../explain.js"
import { startHome } from "../main.js"

// `start-child DATA PORT PAGES`: the composition of `home start` in a process that can be killed.

const [, , dataDir = "", port = "0", pageDir = ""] = process.argv
const started = await startHome({
  dataDir,
  host: "127.0.0.1",
  port: Number(port),
  pageDir,
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
})
if (started.ok) {
  const { page, relay, box, claim } = started.value
  process.stdout.write(`${JSON.stringify({ page, relay, box, claim })}\n`)
  process.once("SIGINT", () => void started.value.close())
} else {
  process.stdout.write(`${JSON.stringify({ problem: explainStart(started.error) })}\n`)
  process.exitCode = 1
}
