import { type PassphraseCost, floorCost, noble } from "@home/crypto"
import { type Clock, type Dialer, type Random, bytesToHex } from "@home/shared/base"
import { silentLog, systemClock, systemRandom } from "../../adapters/platform.js"
import { createWebAesGcm } from "../../adapters/web-aes-gcm.js"
import { type EngineClient, createEngineClient } from "../client.js"
import { createCalls } from "../core/calls.js"
import { type Core, createCore } from "../core/core.js"
import { type Host, createHost } from "../core/host.js"
import type { JournalStorage } from "../journal.js"
import type { Reply } from "../messages.js"
import type { CallName, Calls, ValueName, Values } from "../port.js"
import type { HiddenWrap } from "../../adapters/clear-records.js"

/** What localStorage does, in memory. */
export const createMemoryStorage = (): JournalStorage & { readonly entries: Map<string, string> } => {
  const entries = new Map<string, string>()
  return {
    entries,
    get length() {
      return entries.size
    },
    key: index => [...entries.keys()][index] ?? null,
    getItem: key => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: key => void entries.delete(key),
  }
}

/** One engine without a worker, and tabs that talk to it without channels: everything is copied on its way. */
export interface TestEngine {
  readonly core: Core
  readonly host: Host
  readonly started: Promise<void>
  openTab(storage?: JournalStorage): EngineClient
  /** As if its tab were closed: nothing of it answers any more. */
  kill(): void
}

let names = 0
export const newDatabaseName = (): string => `engine ${names++}`

interface TestEngineOptions {
  readonly clock?: Clock
  readonly random?: Random
  readonly dialer?: Dialer
  readonly ticket?: HiddenWrap | undefined
  /** Passphrases of tests protect nothing: the smallest that is allowed, where none is named. */
  readonly passphraseCost?: PassphraseCost
  readonly automerge?: Promise<unknown>
}

export const startTestEngine = (database: string, options: TestEngineOptions = {}): TestEngine => {
  const { clock = systemClock, random = systemRandom, passphraseCost = floorCost } = options
  const engine = bytesToHex(systemRandom.bytes(8))
  const takes = new Map<string, (reply: Reply) => void>()
  let isDead = false
  const core = createCore(
    {
      indexedDb: indexedDB,
      storage: undefined,
      clock,
      random,
      primitives: noble,
      cipher: createWebAesGcm(globalThis.crypto.subtle),
      passphraseCost,
      dialer: options.dialer ?? { connect: () => Promise.reject(new Error("nobody is there")) },
      log: silentLog,
      automerge: options.automerge ?? Promise.resolve(),
    },
    database,
    {
      onLent: lent => host.tellAll({ type: "Lent", lent }),
      onOpened: () => host.opened(),
      onShareOpened: share => host.shareOpened(share),
      onErased: () => host.tellAll({ type: "Erased" }),
    },
  )
  const started = core.start(options.ticket)
  const send = (tab: string, reply: Reply): void => {
    // Answers come later, never inside of the call.
    const copy = structuredClone(reply)
    queueMicrotask(() => {
      if (!isDead) takes.get(tab)?.(copy)
    })
  }
  const host = createHost({ engine, core, calls: createCalls(core, database), started, send })
  let tabs = 0
  return {
    core,
    host,
    started,
    openTab: (storage = createMemoryStorage()) => {
      const tab = `tab ${tabs++}`
      const client = createEngineClient({
        line: {
          send: request => {
            if (!isDead) host.handle(tab, structuredClone(request))
          },
          onReply: take => void takes.set(tab, take),
          close: () => host.forget(tab),
        },
        storage,
        random: systemRandom,
        clock,
        profile: "test",
      })
      takes.get(tab)?.({ type: "Up", engine })
      return client
    },
    kill: () => {
      isDead = true
      core.disk().close()
    },
  }
}

/** The first value that passes. */
export const valueOf = <K extends ValueName>(
  client: EngineClient,
  name: K,
  passes: (value: Values[K]) => boolean = () => true,
): Promise<Values[K]> =>
  new Promise(resolve => {
    const stop = client.watch(name, value => {
      if (!passes(value)) return
      queueMicrotask(() => stop())
      resolve(value)
    })
  })

/** The value of a call that must succeed. */
export const must = async <N extends CallName>(
  client: EngineClient,
  name: N,
  input: Parameters<Calls[N]>[0],
): Promise<unknown> => {
  const result = await client.calls[name](input as never)
  if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.error)}`)
  return result.value
}

export const testPassphrase = "a passphrase"

export const foundTestFamily = async (client: EngineClient, relay?: string): Promise<void> => {
  const phrase = (await must(client, "newPhrase", {})) as {
    readonly words: readonly string[]
    readonly asked: readonly number[]
  }
  await must(client, "checkPhrase", {
    answers: phrase.asked.map(position => phrase.words[position - 1] ?? ""),
  })
  await must(client, "found", {
    family: "Home",
    member: "Anna",
    deviceName: "phone",
    passphrase: testPassphrase,
    relay,
  })
}

/** An engine on a disk of its own, with one tab that has founded a family. */
export const openTestFamily = async (options: TestEngineOptions = {}, relay?: string) => {
  const name = newDatabaseName()
  const storage = createMemoryStorage()
  const engine = startTestEngine(name, options)
  const tab = engine.openTab(storage)
  await foundTestFamily(tab, relay)
  return { name, storage, engine, tab }
}

/** Fields of an entry of November 2026. */
export const entryFields = (number: number) =>
  ({
    date: `2026-11-${String(1 + (number % 28)).padStart(2, "0")}`,
    direction: "expense",
    status: "settled",
    amountMinor: 100 + number,
    currency: "EUR",
    account: "cash",
    payee: `payee ${number}`,
    note: "",
    category: "",
    tags: [],
    splits: [],
    shares: {},
  }) as const
