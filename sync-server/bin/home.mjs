#!/usr/bin/env node
// The `home` command. Plain JavaScript and committed, for npm links only a file that is there: it builds the
// program when that is missing or older than its sources, one process at a time, and then runs it.
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const repository = fileURLToPath(new URL("../../", import.meta.url))
const dist = join(repository, "sync-server", "dist")
const common = ["shared/src", "crypto/src", "tools", "package-lock.json"]

/** What is built from which sources, and how; `stamp` says from which state of them it was built. */
const program = {
  name: "the program",
  sources: [...common, "sync-server/src", "sync-server/package.json"],
  stamp: join(dist, "built-from"),
  build: "buildServer",
}
const app = {
  name: "the app",
  sources: [
    ...common,
    ...["src", "public", "build", "index.html", "vite.config.ts", "package.json"].map(
      name => `client/${name}`,
    ),
  ],
  stamp: join(repository, "client", "dist", "built-from"),
  build: "buildClient",
}
/** A build takes seconds; whoever holds the lock for longer than this hangs. Milliseconds. */
const lockMs = 120_000

const isSource = name => !/\.(test\.tsx?|md)$/.test(name)

/** Paths, sizes and times of all sources: what has changed since the build is seen, also by an older file. */
const stampOf = ({ sources }) => {
  const hash = createHash("sha256")
  const note = path => {
    const { mtimeMs, size } = statSync(join(repository, path))
    hash.update(`${path}\0${mtimeMs}\0${size}\n`)
  }
  const walk = path => {
    if (!statSync(join(repository, path)).isDirectory()) return note(path)
    for (const entry of readdirSync(join(repository, path), { withFileTypes: true })) {
      if (entry.isDirectory() || isSource(entry.name)) walk(`${path}/${entry.name}`)
    }
  }
  for (const path of sources) walk(path)
  return hash.digest("hex")
}

const isBuilt = (part, stamp) => {
  try {
    return readFileSync(part.stamp, "utf8") === stamp
  } catch {
    return false
  }
}

/** The kernel's lock on a file: it ends with its process, so none is ever stale. */
const underLock = async work => {
  const { default: Sqlite } = await import("better-sqlite3")
  mkdirSync(dist, { recursive: true })
  const lock = new Sqlite(join(dist, "lock"), { timeout: lockMs })
  try {
    lock.exec("BEGIN EXCLUSIVE")
    await work()
  } finally {
    lock.close()
  }
}

const build = async part => {
  // Taken before the build: a source that changes meanwhile is built at the next start.
  const stamp = stampOf(part)
  if (isBuilt(part, stamp)) return
  process.stderr.write(`home: building ${part.name} from its sources ...\n`)
  // In a process of its own: a server must not carry the bundler and all sources about for the rest of its life.
  const tools = pathToFileURL(join(repository, "tools", "build.mjs")).href
  const script = `const tools = await import(${JSON.stringify(tools)}); await tools.${part.build}()`
  const { status } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", 2, 2],
  })
  if (status !== 0) throw new Error(`the build of ${part.name} ended with ${status}`)
  writeFileSync(part.stamp, stamp)
}

const [command] = process.argv
  .slice(2)
  .filter((word, i, words) => !word.startsWith("-") && words[i - 1] !== "--data")

try {
  // Only what serves the page needs the app.
  for (const part of command === "start" ? [program, app] : [program]) {
    if (!isBuilt(part, stampOf(part))) await underLock(() => build(part))
  }
} catch (error) {
  process.stderr.write(`home: it could not be built: ${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
}
// What serves is a program of its own: what a relay cannot do is not in its process, nor what a box never needs.
const server = ["relay", "box", "start"].find(name => name === command)
await import(pathToFileURL(join(dist, `${server ?? "home"}.js`)).href)
