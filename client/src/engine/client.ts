import { type Clock, type Random, type Result, bytesToHex, err } from "@home/shared/base"
import { type Journal, type JournalStorage, createJournal } from "./journal.js"
import type { Edit, Lent, Reply, Request, Watched } from "./messages.js"
import type { CallName, Calls, EditError, Engine, Stop } from "./port.js"
import type { Line } from "./line.js"
import { createSetAside } from "./set-aside.js"

/** The engine as one tab has it. */
export interface EngineClient extends Engine {
  /** Somebody uses the app: keeps it from locking itself. */
  touch(): void
  /** Of the engine that is open now; hands on to the next one. */
  lent(): Lent | undefined
  close(): void
}

export interface ClientDeps {
  readonly line: Line
  readonly storage: JournalStorage
  readonly random: Random
  readonly clock: Clock
  readonly profile: string
}

interface Pending {
  readonly request: Request
  resolve(result: unknown): void
  reject(error: Error): void
}
interface Watch {
  readonly watched: Watched
  readonly listener: (news: never) => void
}

/** The disk was full: somebody may have made room by now, milliseconds. */
const fullRetryMs = 15_000

/** A call ended in a bug or a failing disk, not in an expected way. */
class EngineBroken extends Error {
  readonly type = "EngineBroken"
}

/** Sortable by time, unique by chance. */
const editId = (nowMs: number, count: number, random: Random): string =>
  `${String(nowMs).padStart(15, "0")}-${String(count).padStart(6, "0")}-${bytesToHex(random.bytes(6))}`

const errorOf = (result: unknown): { readonly type: string } | undefined => {
  const answer = result as Result<unknown, { readonly type: string }>
  return answer.ok ? undefined : answer.error
}

/** What the journal does not hold is not tried again. */
const withoutJournal = (result: Result<void, EditError>): Result<void, EditError> =>
  errorOf(result)?.type === "StorageFull" ? err({ type: "JournalFull" }) : result

export const createEngineClient = (deps: ClientDeps): EngineClient => {
  const { line, random, clock } = deps
  const journal: Journal = createJournal(deps)
  const pending = new Map<number, Pending>()
  const watches = new Map<number, Watch>()
  /** Edits under way by this tab, by their id. */
  const editing = new Set<string>()
  const setAside = createSetAside()
  let engine: string | undefined
  let lent: Lent | undefined
  let ids = 0
  let edits = 0

  const send = (request: Request): void => {
    if (engine !== undefined) line.send(request)
  }
  const ask = (make: (id: number) => Request): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++ids
      const request = make(id)
      pending.set(id, { request, resolve, reject })
      send(request)
    })
  const tellJournalled = (): void => send({ type: "Journalled", count: journal.count() })

  /** Hands an edit to the engine; what it has on disk, or refuses for good, leaves the journal. */
  const deliver = async (edit: Edit): Promise<Result<void, EditError>> => {
    editing.add(edit.id)
    try {
      const result = (await ask(id => ({ type: "Edit", id, edit }))) as Result<void, EditError>
      const reason = errorOf(result)?.type
      if (reason === "StorageFull") deliverLater()
      else if (reason !== "NotOpen") journal.remove(edit.id)
      if (reason === "StorageFull" && journal.has(edit.id)) setAside.note(edit)
      else setAside.forget(edit.id)
      return result
    } finally {
      editing.delete(edit.id)
      tellJournalled()
    }
  }

  const deliverJournal = (): void => {
    const edits = journal.read()
    setAside.keepOnly(edits)
    for (const edit of edits) if (!editing.has(edit.id)) void deliver(edit).catch(() => {})
  }
  let cancelLater: (() => void) | undefined
  const deliverLater = (): void => {
    cancelLater ??= clock.after(fullRetryMs, () => {
      cancelLater = undefined
      deliverJournal()
    })
  }

  const watch = (watched: Watched, listener: (news: never) => void): Stop => {
    const id = ++ids
    watches.set(id, { watched, listener })
    send({ type: "Watch", id, watched })
    return () => {
      if (watches.delete(id)) send({ type: "Unwatch", id })
    }
  }

  const meet = (found: string): void => {
    if (found === engine) return
    engine = found
    line.send({ type: "Hello" })
    for (const [id, { watched }] of watches) line.send({ type: "Watch", id, watched })
    for (const { request } of pending.values()) line.send(request)
  }

  const take = (reply: Reply): void => {
    switch (reply.type) {
      case "Up":
        return meet(reply.engine)
      case "Lent":
        lent = reply.lent
        journal.unlock(lent?.journalKey)
        tellJournalled()
        if (lent !== undefined) deliverJournal()
        else setAside.keepOnly([])
        return
      case "Answer":
        pending.get(reply.id)?.resolve(reply.result)
        return void pending.delete(reply.id)
      case "Broken":
        pending.get(reply.id)?.reject(new EngineBroken(reply.reason))
        return void pending.delete(reply.id)
      case "News":
        return watches.get(reply.id)?.listener(reply.news as never)
      case "Erased":
        setAside.keepOnly([])
        return journal.erase()
    }
  }
  line.onReply(take)

  const calls = new Proxy({} as Calls, {
    get: (_, name) => (input: unknown) => ask(id => ({ type: "Call", id, name: name as CallName, input })),
  })

  return {
    calls,
    watch: (name, listener) => watch({ type: "Value", name }, listener),
    watchDocument: (document, listener) => watch({ type: "Document", document }, listener),
    watchSetAside: setAside.watch,
    watchFile: (file, listener) => watch({ type: "File", file }, listener),
    edit: (name, document, input, circle) => {
      const nowMs = clock.now()
      const edit: Edit = { id: editId(nowMs, ++edits, random), name, document, circle, input, nowMs }
      const failed = journal.write(edit)
      // Too large for the journal: the promise alone tells when it is safe.
      if (failed === "TooLarge") return deliver(edit).then(withoutJournal)
      if (failed !== undefined) return Promise.resolve(err(failed))
      tellJournalled()
      return deliver(edit)
    },
    ask: (name, document, input, circle) =>
      ask(id => ({ type: "Ask", id, name, document, circle, input })) as ReturnType<Engine["ask"]> as never,
    touch: () => send({ type: "Touch" }),
    lent: () => lent,
    close: () => {
      cancelLater?.()
      send({ type: "Bye" })
      line.close()
    },
  }
}
