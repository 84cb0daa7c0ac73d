#!/usr/bin/env node
import { spawn } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "vite"

const repository = fileURLToPath(new URL("../../", import.meta.url))
const outDir = join(repository, "node_modules", ".cache", "simulation")

await build({
  configFile: false,
  logLevel: "silent",
  root: repository,
  ssr: { noExternal: [/^@home\//] },
  build: {
    ssr: true,
    outDir,
    emptyOutDir: false,
    target: "node20",
    minify: false,
    rolldownOptions: {
      input: { simulation: join(repository, "e2e", "simulation", "main.ts") },
      output: { entryFileNames: `[name]-${process.pid}.js`, codeSplitting: false },
      // What is only imported for tests (vitest behind the contract suites) stays outside.
      treeshake: { moduleSideEffects: id => id.includes("automerge") },
    },
  },
})

const program = join(outDir, `simulation-${process.pid}.js`)
const child = spawn(process.execPath, ["--enable-source-maps", program, ...process.argv.slice(2)], {
  stdio: "inherit",
})
child.once("exit", (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1
})
