import { defaultCost } from "@home/crypto"
import { frameLimits } from "@home/shared/wire"
import { silentLog, systemClock, systemRandom } from "../adapters/platform.js"
import { createWebAesGcm } from "../adapters/web-aes-gcm.js"
import { createWebPrimitives } from "../adapters/web-primitives.js"
import { createWsDialer } from "../adapters/ws-dialer.js"
import { createCalls } from "./core/calls.js"
import { createCore } from "./core/core.js"
import { createHost } from "./core/host.js"
import {
  type FromTab,
  type Reply,
  type Start,
  type ToTab,
  type UpForAll,
  databaseName,
  engineChannel,
  tabChannel,
  tabLockName,
} from "./messages.js"

/** What a dedicated worker's global scope gives us: the types of pages and of workers do not go together. */
export interface WorkerScope {
  onmessage: ((event: MessageEvent<Start | FromTab>) => void) | null
  postMessage(message: ToTab): void
}

const handshakeMs = 10_000

/** The composition root of the engine. */
export const startWorker = (scope: WorkerScope, automerge: Promise<unknown>): void => {
  scope.onmessage = ({ data }) => {
    if (!("type" in data)) return
    scope.onmessage = null
    startEngine(scope, data, automerge)
  }
}

const startEngine = (scope: WorkerScope, start: Start, automerge: Promise<unknown>): void => {
  const { profile, engine, tab: ownTab } = start
  const everyone = new BroadcastChannel(engineChannel(profile))
  const channels = new Map<string, BroadcastChannel>()

  const send = (tab: string, reply: Reply): void => {
    if (tab === ownTab) scope.postMessage({ tab, reply })
    else channels.get(tab)?.postMessage(reply)
  }
  const meet = (tab: string): void => {
    if (tab === ownTab || channels.has(tab)) return
    channels.set(tab, new BroadcastChannel(tabChannel(profile, tab)))
    // The tab holds this lock as long as it lives.
    void navigator.locks.request(tabLockName(profile, tab), () => {
      host.forget(tab)
      channels.get(tab)?.close()
      channels.delete(tab)
    })
  }

  const core = createCore(
    {
      indexedDb: indexedDB,
      storage: navigator.storage,
      clock: systemClock,
      random: systemRandom,
      primitives: createWebPrimitives(globalThis.crypto.subtle),
      cipher: createWebAesGcm(globalThis.crypto.subtle),
      passphraseCost: defaultCost,
      dialer: createWsDialer(systemClock, { maxMessageBytes: frameLimits.blobBytes * 2, handshakeMs }),
      log: silentLog,
      automerge,
    },
    databaseName(profile),
    {
      onLent: lent => host.tellAll({ type: "Lent", lent }),
      onOpened: () => host.opened(),
      onShareOpened: share => host.shareOpened(share),
      onErased: () => host.tellAll({ type: "Erased" }),
    },
  )
  const started = core.start(start.ticket)
  const host = createHost({ engine, core, calls: createCalls(core, databaseName(profile)), started, send })

  scope.onmessage = ({ data }) => {
    if ("request" in data) host.handle(data.tab, data.request)
  }
  everyone.onmessage = ({ data }: MessageEvent<FromTab | UpForAll>) => {
    if (!("request" in data)) return
    meet(data.tab)
    host.handle(data.tab, data.request)
  }
  // Nothing of the engine before answers any more: everybody says again what is open.
  everyone.postMessage({ up: engine } satisfies UpForAll)
  send(ownTab, { type: "Up", engine })
}
