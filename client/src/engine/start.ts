import { bytesToHex } from "@home/shared/base"
import { systemClock, systemRandom } from "../adapters/platform.js"
import { type EngineClient, createEngineClient } from "./client.js"
import { openLine } from "./line.js"
import workerUrl from "./worker.ts?worker&url"

/** How often use is told to the engine at most, milliseconds. */
const touchMs = 10_000

export interface StartOptions {
  /** One browser can hold several profiles; the app has one. */
  readonly profile?: string
  /** The page's Trusted Types policy for addresses of its own scripts. */
  readonly trustedScriptUrl: (url: string) => string
  readonly onWorkerFailed: (reason: string) => void
}

/** The engine of this page. Call it once: the shell hands it on. */
export const startEngineClient = (options: StartOptions): EngineClient => {
  const { profile = "family" } = options
  const line = openLine({
    profile,
    locks: navigator.locks,
    createWorker: () => new Worker(options.trustedScriptUrl(workerUrl), { type: "module", name: "engine" }),
    newId: () => bytesToHex(systemRandom.bytes(8)),
    ticket: () => engine.lent()?.ticket,
    onWorkerFailed: options.onWorkerFailed,
  })
  const engine = createEngineClient({
    line,
    storage: localStorage,
    random: systemRandom,
    clock: systemClock,
    profile,
  })
  let touchedMs = 0
  const touch = (): void => {
    const nowMs = systemClock.now()
    if (nowMs - touchedMs < touchMs) return
    touchedMs = nowMs
    engine.touch()
  }
  for (const name of ["pointerdown", "keydown", "visibilitychange"])
    addEventListener(name, touch, { passive: true, capture: true })
  return engine
}
