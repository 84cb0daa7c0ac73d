// Which engine should hold an archive? The SQLite archive against append-only segment files with an index in
// memory, over the same bundles: node e2e/bench/archive-engines.mjs [bundles]. One JSON line per engine.
import { randomFillSync } from "node:crypto"
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writevSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL, fileURLToPath } from "node:url"
import { build } from "vite"

const count = Number(process.argv[2] ?? 200_000)
const sizeBytes = 600
const feeds = 20
const batchSize = 64
const repository = fileURLToPath(new URL("../../", import.meta.url))
const root = mkdtempSync(join(process.env.HOME_BENCH_FOLDER ?? tmpdir(), "home-bench-"))
process.on("exit", () => rmSync(root, { recursive: true }))

/** Bundles the TypeScript of the SQLite archive for plain Node. */
const loadArchive = async () => {
  const outDir = join(root, "program")
  await build({
    configFile: false,
    logLevel: "silent",
    root: repository,
    ssr: { noExternal: [/^@home\//] },
    build: { ssr: join(repository, "sync-server/src/store/profile-database.ts"), outDir, target: "node20" },
  })
  symlinkSync(join(repository, "node_modules"), join(outDir, "node_modules"))
  return import(pathToFileURL(join(outDir, "profile-database.js")).href)
}

/** Bundle number `i`: its feed, its seq, random content (nothing to compress), a random hash. */
const bundleOf = i => {
  const bytes = randomFillSync(new Uint8Array(sizeBytes))
  const view = new DataView(bytes.buffer)
  bytes[0] = 1
  bytes.fill(7, 1, 9)
  bytes.fill(i % feeds, 9, 41)
  view.setUint32(41, 0)
  view.setUint32(45, Math.floor(i / feeds) + 1)
  view.setUint32(105, sizeBytes - 105 - 4 - 64)
  const hash = randomFillSync(Buffer.alloc(32)).toString("hex")
  const epochTag = "0707070707070707"
  const feed = Buffer.alloc(32, i % feeds).toString("hex")
  return { hash, bundle: { bytes, epochTag, feed, seq: Math.floor(i / feeds) + 1 } }
}

const segmentBytes = 64 * 1024 * 1024

/** Records `length u32 | hash 32 | bundle` in files of 64 MiB; the index is read back from them at each start. */
const openSegments = dir => {
  const byHash = new Map()
  const byFeed = new Map()
  const files = []
  const index = (hash, feed, seq, place) => {
    byHash.set(hash, place)
    const seqs = byFeed.get(feed) ?? byFeed.set(feed, { contiguous: 0, bySeq: new Map() }).get(feed)
    seqs.bySeq.set(seq, place)
    while (seqs.bySeq.has(seqs.contiguous + 1)) seqs.contiguous++
  }
  for (const name of readdirSync(dir).sort()) {
    const file = openSync(join(dir, name), "r+")
    const size = fstatSync(file).size
    const content = Buffer.alloc(size)
    readSync(file, content, 0, size, 0)
    for (let at = 0; at + 36 < size;) {
      const length = content.readUInt32BE(at)
      const bundle = at + 36
      index(
        content.toString("hex", at + 4, bundle),
        content.toString("hex", bundle + 9, bundle + 41),
        content.readUInt32BE(bundle + 45),
        { file, at: bundle, length },
      )
      at = bundle + length
    }
    files.push({ file, size })
  }
  const append = bundles => {
    let last = files.at(-1)
    if (last === undefined || last.size > segmentBytes) {
      last = { file: openSync(join(dir, String(files.length).padStart(6, "0")), "wx+"), size: 0 }
      files.push(last)
    }
    const parts = []
    for (const { hash, bundle } of bundles) {
      const head = Buffer.alloc(36)
      head.writeUInt32BE(bundle.bytes.length)
      head.write(hash, 4, "hex")
      parts.push(head, bundle.bytes)
    }
    writevSync(last.file, parts, last.size)
    fdatasyncSync(last.file)
    for (const { hash, bundle } of bundles) {
      index(hash, bundle.feed, bundle.seq, {
        file: last.file,
        at: last.size + 36,
        length: bundle.bytes.length,
      })
      last.size += 36 + bundle.bytes.length
    }
  }
  const load = ({ file, at, length }) => {
    const bytes = new Uint8Array(length)
    readSync(file, bytes, 0, length, at)
    return bytes
  }
  return {
    append,
    positions: () => [...byFeed].map(([feed, { contiguous }]) => ({ feed, contiguous })),
    get: hash => load(byHash.get(hash)),
    readFeed: feed => {
      const { bySeq, contiguous } = byFeed.get(feed)
      let read = 0
      for (let seq = 1; seq <= contiguous; seq++) read += load(bySeq.get(seq)).length
      return read / sizeBytes
    },
    close: () => files.forEach(({ file }) => closeSync(file)),
  }
}

const openSqlite = (openProfileDatabase, dir) => {
  const opened = openProfileDatabase(join(dir, "profile.db"))
  if (!opened.ok) throw new Error(opened.error.type)
  const { archive } = opened.value
  const readFeed = async feed => {
    let read = 0
    for (let seq = 1; ;) {
      const page = await archive.read(feed, seq, 1024 * 1024)
      if (page.length === 0) return read
      read += page.length
      seq = page.at(-1).bundle.seq + 1
    }
  }
  return {
    append: archive.append,
    positions: archive.positions,
    get: archive.get,
    readFeed,
    close: opened.value.close,
  }
}

const timed = async (name, run, times) => {
  const start = process.hrtime.bigint()
  const value = await run()
  times[name] = Math.round(Number(process.hrtime.bigint() - start) / 1e5) / 10
  return value
}

const measure = async (engine, open, dir) => {
  const ms = {}
  const hashes = []
  let archive = open(dir)
  let appendNs = 0n
  for (let i = 0; i < count; i += batchSize) {
    const batch = Array.from({ length: Math.min(batchSize, count - i) }, (_, j) => bundleOf(i + j))
    hashes.push(batch[0].hash)
    const start = process.hrtime.bigint()
    await archive.append(batch)
    appendNs += process.hrtime.bigint() - start
  }
  ms.append = Math.round(Number(appendNs) / 1e6)
  await archive.close()
  archive = undefined
  globalThis.gc?.()
  const before = process.memoryUsage()
  archive = await timed("open", () => open(dir), ms)
  const first = await timed("positions", () => archive.positions(), ms)
  globalThis.gc?.()
  const heldMb = Math.round((process.memoryUsage().heapUsed - before.heapUsed) / 1e5) / 10
  await timed("positionsAgain", () => archive.positions(), ms)
  const inFeed = await timed("readOneFeed", () => archive.readFeed(first[3].feed), ms)
  await timed(
    "getOneOfEachBatch",
    async () => {
      for (const hash of hashes) await archive.get(hash)
    },
    ms,
  )
  await archive.close()
  const diskMb = readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0) / 1e6
  console.log(
    JSON.stringify({
      engine,
      bundles: count,
      ms,
      bundlesPerSecond: Math.round((1000 * count) / ms.append),
      readInFeed: inFeed,
      gets: hashes.length,
      heapMbAfterOpen: heldMb,
      diskMb: Math.round(diskMb),
    }),
  )
}

const { openProfileDatabase } = await loadArchive()
for (const round of [1, 2])
  for (const [engine, open] of [
    ["sqlite", dir => openSqlite(openProfileDatabase, dir)],
    ["segments", openSegments],
  ]) {
    const dir = mkdtempSync(join(root, `${engine}-${round}-`))
    await measure(engine, open, dir)
    rmSync(dir, { recursive: true })
  }
