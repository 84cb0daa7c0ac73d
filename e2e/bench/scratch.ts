import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openPair } from "./replicas/pair.js"
import { delaysMs, quantile } from "./replicas/latency.js"
const [replica = "", server = "", ...kinds] = process.argv.slice(2)
for (const kind of kinds) {
  const folder = mkdtempSync(join(tmpdir(), "home-bench-"))
  const pair = await openPair(kind as never, { replica, server }, join(folder, "p"))
  const one = await delaysMs(pair, { kind: "row", from: 0, count: 20, perSecond: 2 })
  const typing = await delaysMs(pair, { kind: "letter", from: 0, count: 100, perSecond: 20 })
  console.log(
    kind,
    "isolated p50",
    quantile(one, 0.5).toFixed(1),
    "typing p50",
    quantile(typing, 0.5).toFixed(1),
    "p95",
    quantile(typing, 0.95).toFixed(1),
  )
  const before = pair.cpuMs()
  const count = 3000
  const t = Date.now()
  await pair.a.ask(
    { type: "Write", kinds: ["row", "message", "letter"], from: 1000, count, perSecond: 500 },
    "Times",
  )
  const w = Date.now()
  const nn = (before: number) => before + count / 3
  await pair.b.ask({ type: "Expect", counts: { row: nn(20), message: nn(0), letter: nn(100) } }, "Times")
  const after = pair.cpuMs()
  console.log(
    kind,
    "written",
    w - t,
    "seen",
    Date.now() - t,
    "cpu",
    after.a - before.a,
    after.b - before.b,
    after.server - before.server,
  )
  await pair.close()
  rmSync(folder, { recursive: true })
}
