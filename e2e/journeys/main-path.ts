import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  type Finding,
  canariesOf,
  needlesOf,
  residentBytes,
  searchBytes,
  searchFolder,
  searchMemory,
} from "../harness/canaries.js"
import {
  type HomeProcess,
  type JsonLine,
  portOf,
  runHome,
  startHomeProcess,
} from "../harness/home-process.js"
import { type Tap, openTap } from "../harness/tap.js"

const areas = ["ledger", "plans", "notes", "chat"] as const

export interface PathReport {
  readonly box: "off" | "on"
  readonly files: readonly JsonLine[]
  /** From the start of A's sync to the end of B's: the whole import is on the other device. */
  readonly syncMs: number
  readonly importMs: number
  readonly joinMs: number
  /** Bytes on the wire between the devices and the relay during the exchange. */
  readonly relayBytes: { readonly toServer: number; readonly toClient: number }
  readonly documents: number
  readonly isEqual: boolean
  readonly differences: readonly string[]
  readonly canaries: number
  /** Canaries that Node, our program or a relay which never met the family hold as well: common words, passed over. */
  readonly programWords: number
  readonly canaryHits: readonly Finding[]
  readonly memory: "searched" | "skipped"
  readonly relayResidentBytes: number | undefined
  readonly boxResidentBytes: number | undefined
}

const exportAll = async (data: string): Promise<ReadonlyMap<string, JsonLine>> => {
  const exported = new Map<string, JsonLine>()
  for (const area of areas) {
    const [line] = await runHome(["export", area, "--format", "json", "--data", data])
    if (line !== undefined) exported.set(area, line)
  }
  return exported
}

const itemsOf = (exported: JsonLine): readonly JsonLine[] =>
  (exported["entries"] ??
    exported["notes"] ??
    exported["plans"] ??
    exported["messages"] ??
    []) as readonly JsonLine[]

/** Document by document: every entry, note, plan and message of one device against the other's. */
const compare = (
  a: ReadonlyMap<string, JsonLine>,
  b: ReadonlyMap<string, JsonLine>,
): { documents: number; differences: readonly string[] } => {
  const differences: string[] = []
  let documents = 0
  for (const area of areas) {
    const [ofA, ofB] = [itemsOf(a.get(area) ?? {}), itemsOf(b.get(area) ?? {})]
    documents += ofA.length
    if (ofA.length !== ofB.length) differences.push(`${area}: ${ofA.length} on A, ${ofB.length} on B`)
    const byId = new Map(ofB.map(item => [String(item["id"]), JSON.stringify(item)]))
    for (const item of ofA) {
      if (byId.get(String(item["id"])) !== JSON.stringify(item))
        differences.push(`${area} ${String(item["id"])}`)
    }
  }
  return { documents, differences }
}

/** What any relay process maps or may read, whatever family it serves: Node itself and our own bundles. */
const programFiles = (): readonly string[] => {
  const dist = join(process.cwd(), "sync-server", "dist")
  const bundles = readdirSync(dist).filter(name => name.endsWith(".js"))
  return [process.execPath, ...bundles.map(name => join(dist, name))]
}

/** What the relay's memory shows of the family, beside a second relay that never heard of it. */
const searchRelayMemory = async (
  canaries: ReadonlySet<string>,
  pid: number,
  controlFolder: string,
): Promise<{ readonly findings: readonly Finding[]; readonly programWords: number } | undefined> => {
  mkdirSync(controlFolder)
  const control = startHomeProcess(["relay", "--host", "127.0.0.1", "--port", "0", "--data", controlFolder])
  await control.nextLine()
  const inControl = searchMemory(needlesOf(canaries), control.pid)
  await control.stop()
  if (inControl === undefined) return undefined
  const inProgram = programFiles().flatMap(path => searchBytes(needlesOf(canaries), readFileSync(path), path))
  const programWords = new Set([...inControl, ...inProgram].map(({ canary }) => canary))
  const ofFamily = new Set([...canaries].filter(canary => !programWords.has(canary)))
  const findings = searchMemory(needlesOf(ofFamily), pid)
  return findings && { findings, programWords: programWords.size }
}

/** found, claim, invite, join, import, sync, export: with a real relay, a real box and two devices. */
export const runMainPath = async (files: readonly string[], box: "off" | "on"): Promise<PathReport> => {
  const folder = mkdtempSync(join(tmpdir(), "home-journey-"))
  const at = (name: string): string => join(folder, name)
  for (const name of ["relay", "box", "a", "b"]) mkdirSync(at(name))
  const servers: HomeProcess[] = []
  let tap: Tap | undefined
  try {
    const relay = startHomeProcess(["relay", "--host", "127.0.0.1", "--port", "0", "--data", at("relay")])
    servers.push(relay)
    tap = await openTap(portOf(await relay.nextLine()))
    const relayUrl = `ws://127.0.0.1:${tap.port}`

    const names = {
      family: "Canary Family 家庭金丝雀",
      anna: "Anna Canary-Founder",
      ben: "Ben Canary-Partner",
    }
    await runHome(["found", names.family, "--member", names.anna, "--relay", relayUrl, "--data", at("a")])

    const boxArgs = ["box", "--host", "127.0.0.1", "--port", "0", "--relay", relayUrl, "--data", at("box")]
    const boxProcess = startHomeProcess(boxArgs)
    servers.push(boxProcess)
    const claim = String((await boxProcess.nextLine())?.["claim"])
    await runHome(["claim", claim, "--data", at("a")])
    if (box === "off") await boxProcess.stop()

    let startMs = performance.now()
    const invite = startHomeProcess([
      "invite",
      "--role",
      "editor",
      "--yes",
      "--host",
      "127.0.0.1",
      "--data",
      at("a"),
    ])
    const invitation = String((await invite.nextLine())?.["invitation"])
    await runHome(["join", invitation, "--member", names.ben, "--data", at("b")])
    if ((await invite.ended) !== 0) throw new Error(`the invitation failed:\n${invite.log()}`)
    const joinMs = performance.now() - startMs

    startMs = performance.now()
    const imported = await runHome(["import", ...files, "--data", at("a")])
    const importMs = performance.now() - startMs

    const before = { ...tap.bytes }
    startMs = performance.now()
    await runHome(["sync", "--once", "--data", at("a")])
    await runHome(["sync", "--once", "--data", at("b")])
    const syncMs = performance.now() - startMs
    const relayBytes = {
      toServer: tap.bytes.toServer - before.toServer,
      toClient: tap.bytes.toClient - before.toClient,
    }

    const [ofA, ofB] = [await exportAll(at("a")), await exportAll(at("b"))]
    const { documents, differences } = compare(ofA, ofB)

    const canaries = canariesOf([names, [...ofA.values()].map(exported => itemsOf(exported))])
    const needles = needlesOf(canaries)
    const inMemory = await searchRelayMemory(canaries, relay.pid, at("control"))
    const canaryHits: readonly Finding[] = [
      ...searchBytes(needles, Buffer.concat(tap.captured()), "traffic"),
      ...searchFolder(needles, at("relay")),
      ...searchBytes(needles, Buffer.from(relay.log()), "the relay's log"),
      ...(inMemory?.findings ?? []),
    ]
    return {
      box,
      files: imported,
      syncMs: Math.round(syncMs),
      importMs: Math.round(importMs),
      joinMs: Math.round(joinMs),
      relayBytes,
      documents,
      isEqual: differences.length === 0 && documents > 0,
      differences,
      canaries: canaries.size,
      programWords: inMemory?.programWords ?? 0,
      canaryHits,
      memory: inMemory === undefined ? "skipped" : "searched",
      relayResidentBytes: residentBytes(relay.pid),
      boxResidentBytes: box === "on" ? residentBytes(boxProcess.pid) : undefined,
    }
  } finally {
    for (const server of servers) await server.stop()
    await tap?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
