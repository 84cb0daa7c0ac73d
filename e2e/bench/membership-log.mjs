// What does it cost to open a family's membership log? A log of n operations, nearly all of them rekeys, is folded
// from the genesis: node e2e/bench/membership-log.mjs. One JSON line; a ratio of 4 is linear.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "vite"

const sizes = [500, 2_000]
const rounds = 5
const repository = fileURLToPath(new URL("../../", import.meta.url))
const root = mkdtempSync(join(process.env.HOME_BENCH_FOLDER ?? tmpdir(), "home-bench-"))
process.on("exit", () => rmSync(root, { recursive: true }))

const bundled = async source => {
  const fileName = "bundled.mjs"
  await build({
    configFile: false,
    logLevel: "warn",
    build: {
      outDir: root,
      emptyOutDir: false,
      target: "node20",
      minify: false,
      lib: { entry: join(repository, source), formats: ["es"], fileName: () => fileName },
      rolldownOptions: { external: [/^node:/] },
    },
  })
  return import(pathToFileURL(join(root, fileName)).href)
}

const { createTestFamily } = await bundled("shared/src/access/testing/family.ts")
const family = createTestFamily(1)
const by = family.founder.device.id

const logOf = count => {
  const log = family.log()
  for (let i = 1; i < count; i++) {
    const state = log.state()
    const newcomer = { member: family.member(), device: family.device(), role: "editor" }
    const body =
      i <= 10 ? family.body.addMember(state, by, newcomer) : family.body.rekey(state, by, state.everyone)
    family.act(log, by, body)
  }
  return log.operations()
}

const medianMs = operations => {
  const times = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    const log = family.log(operations)
    log.state()
    times.push(performance.now() - start)
    if (log.operations().length !== operations.length) throw new Error("not the whole log")
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]
}

const logs = sizes.map(logOf)
// The first rounds are the compiler's.
for (const log of logs) medianMs(log)
const [few, many] = logs.map(medianMs)
process.stdout.write(
  `${JSON.stringify({ operations: sizes, medianMs: [few, many].map(Math.round), ratio: Number((many / few).toFixed(2)) })}\n`,
)
