import { describe, expect, it } from "vitest"
import { openLine } from "./line.js"
import {
  type FromTab,
  type Reply,
  type UpForAll,
  engineChannel,
  tabChannel,
  tabLockName,
} from "./messages.js"

/** A browser's locks, of which each is granted when the test says so. */
const slowLocks = () => {
  const waiting = new Map<string, () => void>()
  const held = new Set<string>()
  const locks = {
    request: (name: string, work: () => unknown) =>
      new Promise(resolve => {
        waiting.set(name, () => {
          held.add(name)
          resolve(work())
        })
      }),
  } as unknown as LockManager
  return { locks, held, grant: (name: string) => waiting.get(name)?.() }
}

const next = <T>(channel: BroadcastChannel): Promise<T> =>
  new Promise(resolve => {
    channel.onmessage = event => resolve((event as MessageEvent<T>).data)
  })

const openTab = (profile: string) => {
  const { locks, held, grant } = slowLocks()
  const line = openLine({
    profile,
    locks,
    createWorker: () => {
      throw new Error("another tab has the engine")
    },
    newId: () => "tab",
    ticket: () => undefined,
    onWorkerFailed: () => {},
  })
  return { line, held, grant: () => grant(tabLockName(profile, "tab")) }
}

describe("the line to the engine", () => {
  it("[E29] a tab says nothing before it holds its own lock: whoever got that lock first would think it gone", async () => {
    const profile = "line test 1"
    const engine = new BroadcastChannel(engineChannel(profile))
    const answer = new BroadcastChannel(tabChannel(profile, "tab"))
    const { line, held, grant } = openTab(profile)
    const replies: Reply[] = []
    const reply = (): Promise<Reply> =>
      new Promise(resolve =>
        line.onReply(told => {
          replies.push(told)
          resolve(told)
        }),
      )
    const heard = next<FromTab>(engine)
    // What the test says itself comes behind whatever the tab had said by now.
    const other = new BroadcastChannel(engineChannel(profile))
    const touch: FromTab = { tab: "other", request: { type: "Touch" } }
    other.postMessage(touch)
    expect(await heard).toEqual(touch)
    engine.postMessage({ up: "an engine that just started" } satisfies UpForAll)
    for (let round = 0; round < 3; round++) {
      const told = reply()
      answer.postMessage({ type: "Lent", lent: undefined } satisfies Reply)
      await told
    }
    expect(replies.map(({ type }) => type)).toEqual(["Lent", "Lent", "Lent"])

    const hello = next<FromTab>(engine)
    grant()
    expect(await hello).toEqual({ tab: "tab", request: { type: "Hello" } })
    expect(held.has(tabLockName(profile, "tab"))).toBe(true)
    const up = reply()
    engine.postMessage({ up: "engine" } satisfies UpForAll)
    expect(await up).toEqual({ type: "Up", engine: "engine" })
    line.close()
    for (const channel of [engine, other, answer]) channel.close()
  })
})
