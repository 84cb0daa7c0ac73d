import { setTimeout as pause } from "node:timers/promises"
import type { ChildProgram, Message } from "../child.js"
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
    // Asleep until then: turns of an empty loop would be counted as CPU of the side that is measured.
    while (nowNs() < dueNs) await pause((dueNs - nowNs()) / 1e6)
    const kind = kinds[i % kinds.length] ?? "row"
    sentNs.push(nowNs())
    done.push(replica.edit(kind, from + Math.floor(i / kinds.length)))
  }
  await Promise.all(done)
  return sentNs
}

/** What an editor does in one turn before the machine may look at the network. */
const patchesPerTurn = 10

const writePatches = async (replica: BenchReplica, patches: readonly Patch[]): Promise<void> => {
  const done: Promise<void>[] = []
  for (let i = 0; i < patches.length; i++) {
    const patch = patches[i]
    if (patch !== undefined) done.push(replica.patch(patch))
    if (i % patchesPerTurn === 0) await turn()
  }
  await Promise.all(done)
}

const expectText = async (replica: BenchReplica, text: string): Promise<void> => {
  while ((await replica.text()) !== text) await pause(20)
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
    case "Patches":
      await writePatches(replicaOf(), ask.patches)
      return { type: "Done" }
    case "ExpectText":
      await expectText(replicaOf(), ask.text)
      return { type: "Done" }
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

/** One replica of a comparison, asked one thing at a time. */
export const replicaProgram: ChildProgram = parent => {
  parent.onMessage(message => {
    handle(message as unknown as Ask).then(
      answer => parent.tell(answer as unknown as Message),
      (error: unknown) => {
        const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
        parent.tell({ type: "Failed", reason } satisfies Answer)
      },
    )
  })
  return Promise.resolve()
}
