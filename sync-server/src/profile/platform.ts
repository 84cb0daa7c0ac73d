import { randomBytes } from "node:crypto"
import type { Clock, Log, Random } from "@home/shared/base"
import type { DeviceKind } from "@home/shared/documents"

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

export const systemRandom: Random = { bytes: length => new Uint8Array(randomBytes(length)) }

export const silentLog: Log = { event: () => {} }

const kindByPlatform: Readonly<Record<string, DeviceKind>> = {
  linux: "linux",
  darwin: "Mac",
  win32: "windows",
}

/** What this machine is, for the family to tell its devices from each other. */
export const machineKind = (): DeviceKind => kindByPlatform[process.platform] ?? "computer"
