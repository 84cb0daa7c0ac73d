import type { LoroMap as Map } from "loro-crdt"
import { WebSocket } from "ws"
import type { BenchReplica, OpenOptions, OpenedReplica } from "./port.js"
import { type EditKind, letterOf, messageId, monthOf, rowId, rowOf, textOf } from "./workload.js"

/**
 * Loro with each commit's update sent over a bare `ws` that fans out: it comes with no server of its own, so this
 * is the least that any would cost. Nothing is stored, nothing lost is ever asked for again.
 */
export const openLoroReplica = async (options: OpenOptions): Promise<OpenedReplica> => {
  const { LoroDoc, LoroMap } = await import("loro-crdt")
  const doc = new LoroDoc()
  const socket = new WebSocket(options.url, { perMessageDeflate: false })
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve())
    socket.once("error", reject)
  })
  const months = doc.getMap("months")
  const messages = doc.getMap("messages")
  const body = doc.getText("body")
  const listeners: ((kind: EditKind, count: number) => void)[] = []
  doc.subscribe(batch => {
    for (const event of batch.events) {
      const [root] = event.path
      const { diff } = event
      let count = 0
      if (diff.type === "map") count = event.path.length === 1 ? Object.keys(diff.updated).length : 0
      if (diff.type === "text")
        for (const part of diff.diff) if (part.insert !== undefined) count += part.insert.length
      const kind = root === "months" ? "row" : root === "messages" ? "message" : "letter"
      if (count > 0) for (const listener of listeners) listener(kind, count)
    }
  })
  doc.subscribeLocalUpdates(update => socket.send(update))
  socket.on("message", (update: Buffer) => void doc.import(new Uint8Array(update)))
  const fill = (map: Map, fields: object): void => {
    for (const [key, value] of Object.entries(fields))
      if (typeof value !== "object" && value !== "" && value !== undefined) map.set(key, value as string)
  }
  const bench: BenchReplica = {
    edit: (kind, n) => {
      if (kind === "row") fill(months.setContainer(`${monthOf(n)}/${rowId(n)}`, new LoroMap()), rowOf(n))
      else if (kind === "message")
        fill(messages.setContainer(messageId(n), new LoroMap()), { sentAtMs: n, text: textOf(n) })
      else body.insert(body.length, letterOf(n))
      doc.commit()
      return Promise.resolve()
    },
    patch: ([at, deleted, inserted]) => {
      if (deleted > 0) body.delete(at, deleted)
      if (inserted !== "") body.insert(at, inserted)
      doc.commit()
      return Promise.resolve()
    },
    onSeen: listener => void listeners.push(listener),
    text: () => Promise.resolve(body.toString()),
    settle: () => Promise.resolve(),
    close: () => {
      socket.close()
      return Promise.resolve()
    },
  }
  return { replica: bench, documents: { row: "", message: "", letter: "" } }
}
