import { existsSync } from "node:fs"
import { join } from "node:path"
import { type PathReport, runMainPath } from "./main-path.js"

/**
 * `npm run journey -- FILE...`: the main path on the given files (without any: on our own fixtures), once with the
 * box off for the whole exchange and once with it on. One JSON line on stdout; exit 0 when both devices agree in
 * both, and nothing of the family was seen by the relay.
 */
const fixtures = ["alipay.csv", "wechat.csv", "calendar.ics", "notes", "chat.txt"].map(name =>
  join(process.cwd(), "e2e", "fixtures", name),
)
const given = process.argv.slice(2)
const files = given.length > 0 ? given : fixtures
const absent = files.filter(file => !existsSync(file))

const isGood = (report: PathReport): boolean => report.isEqual && report.canaryHits.length === 0

if (absent.length > 0) {
  console.error(`no such file: ${absent.join(", ")}`)
  process.exitCode = 2
} else {
  const reports: PathReport[] = []
  for (const box of ["off", "on"] as const) reports.push(await runMainPath(files, box))
  const isDone = reports.every(isGood)
  console.log(JSON.stringify({ ok: isDone, runs: reports }))
  console.error(
    `${reports.filter(isGood).length} passed, ${reports.filter(report => !isGood(report)).length} failed`,
  )
  process.exitCode = isDone ? 0 : 1
}
