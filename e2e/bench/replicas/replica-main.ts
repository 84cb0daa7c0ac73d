// One replica of a comparison as a process of its own, driven over Node's IPC: see `replica-process.ts`.
import { readFileSync } from "node:fs"
import type { BenchReplica, OpenedReplica, OpenOptions } from "./port.js"
import { type Answer, type Ask, type ReplicaKind } from "./protocol.js"
import { type EditKind, type Patch, editKinds } from "./workload.js"

const openerByKind: Readonly<Record<ReplicaKind, () => Promise<(o: OpenOptions) => Promise<OpenedReplica>>>> =
  {
    home: async () => (await import("./home-replica.js")).openHomeReplica,
    "automerge-repo": async () => (await import("./automerge-replica.js")).openAutomergeReplica,
    yjs: async () => (await import("./yjs-replica.js")).openYjsReplica,
    loro: async () => (await import("./loro-replica.js")).openLoroReplica,
  }

const nowNs = (): number => Number(process.hrtime.bigint())
const answer = (message: Answer): void => void process.send?.(message)

/** When the n-th edit of a kind became visible here. */
const seenNs = new Map<EditKind, number[]>(editKinds.map(kind => [kind, []]))
let waiting: (() => void) | undefined

const listen = (replica: BenchReplica): void =>
  replica.onSeen((kind, count) => {
    const now = nowNs()
    const times = seenNs.get(kind) ?? []
    for (let i = 0; i < count; i++) times.push(now)
    waiting?.()
  })

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** Edits at their times: `perSecond` of them, several in one turn where the clock has run ahead. */
const write = async (replica: BenchReplica, ask: Extract<Ask, { type: "Write" }>): Promise<number[]> => {
  const { kinds, from, count, perSecond } = ask
  const startNs = nowNs()
  const sentNs: number[] = []
  const done: Promise<void>[] = []
  for (let i = 0; i < count; i++) {
    const dueNs = startNs + (i * 1e9) / perSecond
    while (nowNs() < dueNs) {
      const leftMs = (dueNs - nowNs()) / 1e6
      await (leftMs > 2 ? new Promise<void>(resolve => setTimeout(resolve, leftMs - 1)) : turn())
    }
    const kind = kinds[i % kinds.length] ?? "row"
    sentNs.push(nowNs())
    done.push(replica.edit(kind, from + Math.floor(i / kinds.length)))
  }
  await Promise.all(done)
  return sentNs
}

const expect = (ask: Extract<Ask, { type: "Expect" }>): Promise<void> =>
  new Promise(resolve => {
    const look = (): void => {
      if (!Object.entries(ask.counts).every(([kind, n]) => (seenNs.get(kind as EditKind)?.length ?? 0) >= n))
        return
      waiting = undefined
      resolve()
    }
    waiting = look
    look()
  })

let opened: OpenedReplica | undefined
const replicaOf = (): BenchReplica => {
  if (opened === undefined) throw new Error("open comes first")
  return opened.replica
}

const handle = async (ask: Ask): Promise<Answer> => {
  switch (ask.type) {
    case "Open": {
      opened = await (await openerByKind[ask.kind]())(ask.options)
      listen(opened.replica)
      return { type: "Opened", documents: opened.documents }
    }
    case "Write":
      return { type: "Times", ns: { row: await write(replicaOf(), ask) } }
    case "Trace": {
      const startNs = nowNs()
      await replicaOf().patch(JSON.parse(readFileSync(ask.path, "utf8")) as Patch[])
      return { type: "Times", ns: { row: [startNs, nowNs()] } }
    }
    case "Expect":
      await expect(ask)
      return { type: "Times", ns: Object.fromEntries(seenNs) }
    case "Text":
      return { type: "Text", text: await replicaOf().text() }
    case "Settle":
      await replicaOf().settle()
      return { type: "Done" }
    case "Close":
      await replicaOf().close()
      return { type: "Done" }
  }
}

process.on("message", (ask: Ask) => {
  handle(ask).then(answer, (error: unknown) => {
    answer({
      type: "Failed",
      reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
  })
})
// Who started us is gone: nobody will ask again.
process.on("disconnect", () => process.exit(0))
