import { setTimeout as pause } from "node:timers/promises"
import * as A from "@automerge/automerge"
import { type AutomergeUrl, type DocHandle, Repo } from "@automerge/automerge-repo"
import { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket"
import { NodeFSStorageAdapter } from "@automerge/automerge-repo-storage-nodefs"
import { createDocument } from "../../../shared/src/documents/areas.js"
import type { ChildProgram } from "../child.js"
import { type FamilySize, documentsOfFamily, lastLedger, stepsOfYear } from "./content.js"
import { rowsIn } from "./newcomer.js"

// The same family in automerge-repo: the same documents by the same changes, plaintext, over its WebSocket server.

const nameOf = ({ area, name }: { readonly area: string; readonly name: string }): string => `${area} ${name}`

/** Its adapter calls itself ready after a second, also when nobody has answered yet. */
const connected = async (repo: Repo): Promise<void> => {
  while (repo.peers.length === 0) await pause(2)
}

/** Until the server has told that it has what the handles have: its heads come with each of its messages. */
const untilAtServer = async (repo: Repo, handles: Iterable<DocHandle<unknown>>): Promise<void> => {
  const [server] = repo.peers
  const storageId = server && repo.getStorageIdOfPeer(server)
  if (storageId === undefined) throw new Error("automerge-repo's server does not say who it is")
  for (const handle of handles) {
    const isThere = (): boolean =>
      [...(handle.getSyncInfo(storageId)?.lastHeads ?? [])].sort().join() ===
      [...handle.heads()].sort().join()
    while (!isThere()) await pause(50)
  }
}

/** Between them the network has its turn. */
const stepsPerTurn = 20

/** Writes the family and tells its URLs, those of the first screen first, once the server has everything. */
export const automergeAuthor: ChildProgram = async parent => {
  const { url, size } = parent.options as unknown as { url: string; size: FamilySize }
  const repo = new Repo({ network: [new WebSocketClientAdapter(url)] })
  await connected(repo)
  const handles = new Map<string, DocHandle<unknown>>()
  const handleOf = (step: ReturnType<typeof documentsOfFamily>[number]): DocHandle<unknown> => {
    const known = handles.get(nameOf(step))
    if (known !== undefined) return known
    const made = repo.import<unknown>(A.save(createDocument(step.area)))
    handles.set(nameOf(step), made)
    return made
  }
  for (let year = 0; year < size.years; year++) {
    const changed = new Set<DocHandle<unknown>>()
    let steps = 0
    for (const step of stepsOfYear(size, year)) {
      const handle = handleOf(step)
      handle.change(draft => step.apply(draft))
      changed.add(handle)
      if (steps++ % stepsPerTurn === 0) await pause(0)
    }
    // Where much waits for the server at once, it gives documents up after a minute.
    await untilAtServer(repo, changed)
  }
  const urls = documentsOfFamily(size).map(document => handles.get(nameOf(document))?.url)
  await repo.shutdown()
  parent.tell({ urls })
}

/** A new client that is handed all URLs: it asks for everything at once, what a first screen needs first. */
export const automergeNewcomer: ChildProgram = parent => {
  const { dir, size } = parent.options as unknown as { dir: string; size: FamilySize }
  const arrive = async (url: string, urls: readonly AutomergeUrl[]): Promise<Record<string, number>> => {
    const startedMs = performance.now()
    const network = new WebSocketClientAdapter(url)
    const repo = new Repo({ network: [network], storage: new NodeFSStorageAdapter(dir) })
    await connected(repo)
    const finding = urls.map(each => repo.find<unknown>(each))
    const first = documentsOfFamily(size).findIndex(each => nameOf(each) === nameOf(lastLedger(size)))
    const firsts = await Promise.all(finding.slice(0, first + 1))
    const ledger = firsts.at(-1)
    while (rowsIn(ledger?.doc()) < size.entriesPerYear) await pause(1)
    const firstMs = performance.now() - startedMs
    await Promise.all(finding)
    await repo.flush()
    const allMs = performance.now() - startedMs
    await repo.shutdown()
    return { firstMs, allMs }
  }
  parent.onMessage(({ url, urls }) => {
    arrive(String(url), urls as readonly AutomergeUrl[]).then(
      arrival => parent.tell({ arrivals: [arrival] }),
      (error: unknown) => parent.tell({ failed: String(error) }),
    )
  })
  parent.tell({ ready: true })
  return Promise.resolve()
}
