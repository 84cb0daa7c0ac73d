import { startRelay } from "./main.js"
import { silentLog, systemClock, systemRandom, testVerify } from "./testing.js"

// The process that the crash test kills: a relay on a free port, its URL on the first line.
const [dataDir = ""] = process.argv.slice(2)
const relay = await startRelay({
  host: "127.0.0.1",
  port: 0,
  dataDir,
  verify: testVerify,
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
})
if (!relay.ok) throw new Error(relay.error.type)
process.stdout.write(`${relay.value.url}\n`)
