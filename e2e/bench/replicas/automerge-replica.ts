import { setTimeout as pause } from "node:timers/promises"
import * as A from "@automerge/automerge"
import { type AutomergeUrl, type DocHandle, Repo } from "@automerge/automerge-repo"
import { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket"
import { NodeFSStorageAdapter } from "@automerge/automerge-repo-storage-nodefs"
import type { Area } from "@home/shared/base"
import { createDocument } from "../../../shared/src/documents/areas.js"
import type { BenchReplica, OpenOptions, OpenedReplica } from "./port.js"
import { type EditKind, applyEdit, applyPatch, editKinds, seenIn } from "./workload.js"

const areaByKind: Readonly<Record<EditKind, Area>> = { row: "ledger", message: "chat", letter: "notes" }

/** automerge-repo as its documentation sets a Node client up: a WebSocket to the sync server, files beside. */
export const openAutomergeReplica = async (options: OpenOptions): Promise<OpenedReplica> => {
  const network = new WebSocketClientAdapter(options.url)
  const repo = new Repo({ network: [network], storage: new NodeFSStorageAdapter(options.dir) })
  await repo.networkSubsystem.whenReady()
  const handles = new Map<EditKind, DocHandle<unknown>>()
  for (const kind of editKinds) {
    const url = options.documents?.[kind]
    const handle =
      url === undefined
        ? repo.import<unknown>(A.save(createDocument(areaByKind[kind])))
        : await repo.find<unknown>(url as AutomergeUrl)
    handles.set(kind, handle)
  }
  const handleOf = (kind: EditKind): DocHandle<unknown> => {
    const handle = handles.get(kind)
    if (handle === undefined) throw new Error(`no document for ${kind}`)
    return handle
  }
  const bench: BenchReplica = {
    edit: (kind, n) => {
      handleOf(kind).change(draft => applyEdit(draft, kind, n))
      return Promise.resolve()
    },
    patch: patch => {
      handleOf("letter").change(draft => applyPatch(draft, patch))
      return Promise.resolve()
    },
    onSeen: listener => {
      for (const [kind, handle] of handles)
        handle.on("change", ({ patches }) => listener(kind, seenIn(kind, patches as A.Patch[])))
    },
    text: () => Promise.resolve(String((handleOf("letter").doc() as { body: string }).body)),
    settle: async () => {
      // The server tells its heads with each sync message; ours are there when it names them.
      const [server] = repo.peers
      if (server === undefined) throw new Error("automerge-repo has no peer")
      const storageId = repo.getStorageIdOfPeer(server)
      for (const handle of handles.values()) {
        const isThere = (): boolean => {
          const info = storageId && handle.getSyncInfo(storageId)
          return info !== undefined && [...info.lastHeads].sort().join() === [...handle.heads()].sort().join()
        }
        while (!isThere()) await pause(5)
      }
      await repo.flush()
    },
    close: () => repo.shutdown(),
  }
  const urls = Object.fromEntries([...handles].map(([kind, handle]) => [kind, handle.url]))
  return { replica: bench, documents: urls as unknown as Record<EditKind, string> }
}
