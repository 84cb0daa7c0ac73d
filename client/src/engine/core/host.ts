import { type GroupId, err } from "@home/shared/base"
import type { Doc } from "@home/shared/replica"
import type { Edit, Reply, Request, Watched } from "../messages.js"
import type { CallName, Calls, Stop } from "../port.js"
import { type Question, questions } from "../questions.js"
import { notOpen } from "./context.js"
import type { Core } from "./core.js"
import { placeOf } from "./place.js"

/** Answers the tabs: what each asks, and what each watches. */
export interface Host {
  handle(tab: string, request: Request): void
  /** The tab is gone. */
  forget(tab: string): void
  /** To every tab that is here. */
  tellAll(reply: Reply): void
  /** The family is open (again): documents and files that are watched begin. */
  opened(): void
  /** A share is: the same, and what the journals hold for it can be run. */
  shareOpened(share: GroupId): void
}

interface Watch {
  readonly watched: Watched
  stop: Stop | undefined
}

const circleOf = (watched: Watched): string | undefined => {
  if (watched.type === "Value") return undefined
  return (watched.type === "Document" ? watched.document : watched.file.document).circle
}

export const createHost = (deps: {
  readonly engine: string
  readonly core: Core
  readonly calls: Calls
  /** Resolves once the engine has started, locked or open: until then nothing is answered. */
  readonly started: Promise<void>
  readonly send: (tab: string, reply: Reply) => void
}): Host => {
  const { core, send } = deps
  const watchesByTab = new Map<string, Map<number, Watch>>()
  const journalledByTab = new Map<string, number>()

  const begin = (tab: string, id: number, watch: Watch): void => {
    const news = (value: unknown): void => send(tab, { type: "News", id, news: value })
    const { watched } = watch
    if (watched.type === "Value") {
      watch.stop = core.cells[watched.name].watch(news)
      return
    }
    const ref = watched.type === "Document" ? watched.document : watched.file.document
    const at = placeOf(core, ref.circle)
    if (at === undefined) return
    const document = { ...ref, circle: at.circle }
    watch.stop =
      watched.type === "Document"
        ? at.family.views.watch(document, news)
        : at.family.files.watch({ ...watched.file, document }, news)
  }

  const answer = (tab: string, id: number, result: Promise<unknown>): void => {
    result.then(
      value => send(tab, { type: "Answer", id, result: value }),
      (error: unknown) => {
        const reason = error instanceof Error ? error.name : "unknown"
        core.deps.log.event("call failed", { reason })
        send(tab, { type: "Broken", id, reason })
      },
    )
  }

  const call = async (name: CallName, input: unknown): Promise<unknown> => {
    await core.deps.automerge
    const named = deps.calls[name] as (given: unknown) => Promise<unknown>
    return named(input)
  }

  const ask = async (asked: Extract<Request, { readonly type: "Ask" }>): Promise<unknown> => {
    const { name, document, input } = asked
    const at = placeOf(core, asked.circle)
    if (at === undefined) return err(notOpen)
    const question = questions[name as keyof typeof questions] as Question<unknown, unknown>
    const { replica } = at.family
    const key = replica.keyFor(question.area, document, at.circle)
    return replica.read(key, (doc: Doc) => ({ ok: true, value: question.answer(doc, input) }))
  }

  const edit = async (given: Edit): Promise<unknown> => {
    const at = placeOf(core, given.circle)
    if (at !== undefined) return at.family.edits.run({ ...given, circle: at.circle })
    // A share that is not here any more: the journal need not keep what was meant for it.
    return err(core.shares()?.isReady() === true ? { type: "NotAllowed" } : notOpen)
  }

  const journalled = (tab: string, count: number): void => {
    journalledByTab.set(tab, count)
    const storage = core.cells.storage.get()
    const most = Math.max(...journalledByTab.values())
    if (storage !== undefined) core.cells.storage.set({ ...storage, journalled: most })
  }

  const forget = (tab: string): void => {
    for (const { stop } of watchesByTab.get(tab)?.values() ?? []) stop?.()
    watchesByTab.delete(tab)
    journalledByTab.delete(tab)
  }

  const watch = (tab: string, id: number, watched: Watched): void => {
    const watches = watchesByTab.get(tab) ?? new Map<number, Watch>()
    watchesByTab.set(tab, watches)
    const fresh: Watch = { watched, stop: undefined }
    watches.get(id)?.stop?.()
    watches.set(id, fresh)
    begin(tab, id, fresh)
  }

  const handleNow = (tab: string, request: Request): void => {
    switch (request.type) {
      case "Hello":
        if (!watchesByTab.has(tab)) watchesByTab.set(tab, new Map())
        send(tab, { type: "Up", engine: deps.engine })
        return send(tab, { type: "Lent", lent: core.cells.lent.get() })
      case "Bye":
        return forget(tab)
      case "Touch":
        return core.touched()
      case "Call":
        return answer(tab, request.id, call(request.name, request.input))
      case "Edit":
        return answer(tab, request.id, edit(request.edit))
      case "Ask":
        return answer(tab, request.id, ask(request))
      case "Watch":
        return watch(tab, request.id, request.watched)
      case "Unwatch":
        watchesByTab.get(tab)?.get(request.id)?.stop?.()
        watchesByTab.get(tab)?.delete(request.id)
        return
      case "Journalled":
        return journalled(tab, request.count)
    }
  }

  return {
    handle: (tab, request) => {
      void deps.started.then(() => handleNow(tab, request))
    },
    forget,
    tellAll: reply => {
      for (const tab of watchesByTab.keys()) send(tab, reply)
    },
    opened: () => {
      for (const [tab, watches] of watchesByTab) {
        for (const [id, each] of watches) if (each.watched.type !== "Value") begin(tab, id, each)
      }
    },
    shareOpened: share => {
      for (const [tab, watches] of watchesByTab) {
        for (const [id, each] of watches) if (circleOf(each.watched) === share) begin(tab, id, each)
      }
      // Who hears it again runs what its journal holds.
      for (const tab of watchesByTab.keys()) send(tab, { type: "Lent", lent: core.cells.lent.get() })
    },
  }
}
