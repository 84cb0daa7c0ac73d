import { WebSocket } from "ws"
import type { Map as YMap } from "yjs"
import type { BenchReplica, OpenOptions, OpenedReplica } from "./port.js"
import { type EditKind, letterOf, messageId, monthOf, rowId, rowOf, textOf } from "./workload.js"

const room = "bench"

/** Yjs over y-websocket, all three shapes in one Y.Doc. Nothing on disk: neither here nor at its server. */
export const openYjsReplica = async (options: OpenOptions): Promise<OpenedReplica> => {
  const Y = await import("yjs")
  const { WebsocketProvider } = await import("y-websocket")
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(options.url, room, doc, {
    WebSocketPolyfill: WebSocket as never,
    disableBc: true,
  })
  await new Promise<void>(resolve => {
    provider.on("sync", (isSynced: boolean) => {
      if (isSynced) resolve()
    })
  })
  const months = doc.getMap<YMap<unknown>>("months")
  const messages = doc.getMap<YMap<unknown>>("messages")
  const body = doc.getText("body")
  const listeners: ((kind: EditKind, count: number) => void)[] = []
  const tell = (kind: EditKind, count: number): void => {
    for (const listener of listeners) listener(kind, count)
  }
  months.observe(event => tell("row", event.keysChanged.size))
  messages.observe(event => tell("message", event.keysChanged.size))
  body.observe(event => {
    for (const part of event.delta) if (typeof part.insert === "string") tell("letter", part.insert.length)
  })
  const mapOf = (fields: object): YMap<unknown> =>
    new Y.Map(Object.entries(fields).filter(([, value]) => typeof value !== "object" && value !== ""))
  const bench: BenchReplica = {
    edit: (kind, n) => {
      if (kind === "row") months.set(`${monthOf(n)}/${rowId(n)}`, mapOf(rowOf(n)))
      else if (kind === "message")
        messages.set(messageId(n), mapOf({ author: "0".repeat(32), sentAtMs: n, text: textOf(n) }))
      else body.insert(body.length, letterOf(n))
      return Promise.resolve()
    },
    patch: ([at, deleted, inserted]) => {
      doc.transact(() => {
        if (deleted > 0) body.delete(at, deleted)
        if (inserted !== "") body.insert(at, inserted)
      })
      return Promise.resolve()
    },
    onSeen: listener => void listeners.push(listener),
    text: () => Promise.resolve(body.toJSON()),
    settle: () => Promise.resolve(),
    close: () => {
      provider.destroy()
      return Promise.resolve()
    },
  }
  return { replica: bench, documents: { row: room, message: room, letter: room } }
}
