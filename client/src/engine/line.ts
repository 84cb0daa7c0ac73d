import type { HiddenWrap } from "../adapters/clear-records.js"
import {
  type FromTab,
  type Reply,
  type Request,
  type Start,
  type ToTab,
  type UpForAll,
  engineChannel,
  lockName,
  tabChannel,
  tabLockName,
} from "./messages.js"

/** The way to whichever engine there is: in this tab's worker, or in another tab's. */
export interface Line {
  send(request: Request): void
  onReply(take: (reply: Reply) => void): void
  close(): void
}

export interface LineDeps {
  readonly profile: string
  readonly locks: LockManager
  readonly createWorker: () => Worker
  readonly newId: () => string
  /** Of the engine before, when this tab's turn has come. */
  readonly ticket: () => HiddenWrap | undefined
  /** The worker could not be loaded or ended in an error. */
  readonly onWorkerFailed: (reason: string) => void
}

/**
 * Waits for the profile's lock, and runs the engine once it has it. Until then it speaks to the engine of whoever
 * has the lock. The lock ends with the tab, whatever ends the tab.
 */
export const openLine = (deps: LineDeps): Line => {
  const { profile, locks } = deps
  const tab = deps.newId()
  const everyone = new BroadcastChannel(engineChannel(profile))
  const own = new BroadcastChannel(tabChannel(profile, tab))
  let take: (reply: Reply) => void = () => {}
  let worker: Worker | undefined
  let isClosed = false
  /** Whether this tab holds its own lock: before, an engine that asked for it would get it, and think the tab gone. */
  let isHere = false
  let release = (): void => {}
  const closed = new Promise<void>(resolve => {
    release = resolve
  })

  own.onmessage = ({ data }: MessageEvent<Reply>) => {
    // An engine that has just lost its tab may still be heard: this tab has its own by now.
    if (worker === undefined) take(data)
  }
  everyone.onmessage = ({ data }: MessageEvent<FromTab | UpForAll>) => {
    if (worker === undefined && isHere && "up" in data) take({ type: "Up", engine: data.up })
  }

  const startEngine = (): void => {
    const started = deps.createWorker()
    worker = started
    started.onmessage = ({ data }: MessageEvent<ToTab>) => take(data.reply)
    started.onerror = event => deps.onWorkerFailed(event.message || "the worker does not load")
    const start: Start = { type: "Start", profile, tab, engine: deps.newId(), ticket: deps.ticket() }
    started.postMessage(start)
  }

  // Who waits for this one learns that the tab is gone.
  void locks.request(tabLockName(profile, tab), () => {
    isHere = true
    // If an engine is there already it answers; one that starts later says so.
    if (!isClosed && worker === undefined) send({ type: "Hello" })
    return closed
  })
  void locks.request(lockName(profile), () => {
    if (isClosed) return undefined
    startEngine()
    return closed
  })

  const send = (request: Request): void => {
    const message: FromTab = { tab, request }
    if (worker === undefined) everyone.postMessage(message)
    else worker.postMessage(message)
  }
  return {
    send,
    onReply: listener => {
      take = listener
    },
    close: () => {
      isClosed = true
      worker?.terminate()
      release()
      own.close()
      everyone.close()
    },
  }
}
