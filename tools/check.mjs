// `npm run check`: types, lint, format, dead code, layers and rule ids. Each prints its time; all run to their end.
import { spawn } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const repository = fileURLToPath(new URL("../", import.meta.url))

const checks = [
  { name: "lint", command: ["eslint", "."] },
  { name: "types", command: ["tsc", "-b"] },
  { name: "layers, rules and texts", command: ["vitest", "run", "tools"] },
  { name: "dead code", command: ["knip", "--no-progress", "--no-config-hints"] },
  {
    name: "format",
    command: ["prettier", "--check", "--log-level", "warn", "--cache", "--cache-strategy", "content", "."],
  },
]

const seconds = fromMs => `${((performance.now() - fromMs) / 1000).toFixed(1)} s`

/** Resolves with whether it passed; what it said is printed at its end, so that no two mix. */
const run = ({ name, command: [bin, ...args] }) =>
  new Promise(resolve => {
    const startedMs = performance.now()
    const child = spawn(join(repository, "node_modules", ".bin", bin), args, {
      cwd: repository,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    })
    const said = []
    child.stdout.on("data", bytes => said.push(bytes))
    child.stderr.on("data", bytes => said.push(bytes))
    child.on("error", error => said.push(Buffer.from(`${error.message}\n`)))
    child.on("close", code => {
      const text = Buffer.concat(said).toString().trim()
      const counts = text.split("\n").filter(line => /^(layers|spec|docs): |^ +Tests /.test(line))
      if (code === 0) for (const line of counts) console.log(line.trim())
      else console.log(text)
      console.log(`${code === 0 ? "ok  " : "FAIL"} ${name} ${seconds(startedMs)}\n`)
      resolve(code === 0)
    })
  })

// Two at a time: the longest goes first, the others follow each other beside it.
const startedMs = performance.now()
const waiting = [...checks]
let failed = 0
const work = async () => {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift())
    if (!(await run(check))) failed += 1
}
await Promise.all([work(), work()])
console.log(`check: ${checks.length - failed} passed, ${failed} failed, ${seconds(startedMs)}`)
process.exitCode = failed === 0 ? 0 : 1
