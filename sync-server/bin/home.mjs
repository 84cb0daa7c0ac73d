#!/usr/bin/env node
// The `home` command. Plain JavaScript and committed, for npm links only a file that is there: it builds the
// program when that is missing or older than its sources, one process at a time, and then runs it.
import { createHash } from "node:crypto"
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const repository = fileURLToPath(new URL("../../", import.meta.url))
const dist = join(repository, "sync-server", "dist")
const stampPath = join(dist, "built-from")
const sourceFolders = ["shared/src", "crypto/src", "sync-server/src", "tools"]
const sourceFiles = ["package-lock.json", "sync-server/package.json"]
/** A build takes seconds; whoever holds the lock for longer than this hangs. Milliseconds. */
const lockMs = 120_000

const isSource = name => /\.(ts|mjs|json)$/.test(name) && !/\.test\.ts$/.test(name)

/** Paths, sizes and times of all sources: what has changed since the build is seen, also by an older file. */
const stampOfSources = () => {
  const hash = createHash("sha256")
  const note = path => {
    const { mtimeMs, size } = statSync(join(repository, path))
    hash.update(`${path}\0${mtimeMs}\0${size}\n`)
  }
  const walk = folder => {
    for (const entry of readdirSync(join(repository, folder), { withFileTypes: true })) {
      if (entry.isDirectory()) walk(`${folder}/${entry.name}`)
      else if (isSource(entry.name)) note(`${folder}/${entry.name}`)
    }
  }
  for (const folder of sourceFolders) walk(folder)
  for (const file of sourceFiles) note(file)
  return hash.digest("hex")
}

const isBuilt = stamp => {
  try {
    return readFileSync(stampPath, "utf8") === stamp
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

const build = async () => {
  // Taken before the build: a source that changes meanwhile is built at the next start.
  const stamp = stampOfSources()
  if (isBuilt(stamp)) return
  process.stderr.write("home: building the program from its sources ...\n")
  const { buildServer } = await import(pathToFileURL(join(repository, "tools", "build.mjs")).href)
  await buildServer()
  writeFileSync(stampPath, stamp)
}

try {
  if (!isBuilt(stampOfSources())) await underLock(build)
} catch (error) {
  process.stderr.write(
    `home: the program could not be built: ${error instanceof Error ? error.message : error}\n`,
  )
  process.exit(1)
}
// The relay is a program of its own: what it cannot do is not in its process.
const [command] = process.argv
  .slice(2)
  .filter((word, i, words) => !word.startsWith("-") && words[i - 1] !== "--data")
await import(pathToFileURL(join(dist, command === "relay" ? "relay.js" : "home.js")).href)
