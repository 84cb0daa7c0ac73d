import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { SecureChannel } from "@home/shared/replica"
import { afterEach, beforeEach, expect } from "vitest"
import type { OpenDevice } from "../../profile/device.js"
import { silentLog, systemClock, systemRandom } from "../../profile/platform.js"
import type { Relay } from "../../relay/main.js"
import { type Box, type StartBoxOptions, startBox } from "../main.js"
import { claimBox, foundDevice, joinDevice, linkToBox, parseCode, startTestRelay } from "./test-devices.js"

/** A folder with a box and devices for each test; what was opened is closed after it. */
export interface BoxWorld {
  readonly root: () => string
  readonly defaults: () => StartBoxOptions
  box(options?: Partial<StartBoxOptions>): Promise<Box>
  founder(relays?: readonly string[]): Promise<OpenDevice>
  /** Over a claim that succeeded: a family of one with its box. */
  claimed(options?: Partial<StartBoxOptions>): Promise<{ readonly anna: OpenDevice; readonly own: Box }>
  /** Another device, taken in by `host`. */
  joined(host: OpenDevice, name: string, as?: Parameters<typeof joinDevice>[3]): Promise<OpenDevice>
  relay(): Promise<Relay>
}

export const createBoxWorld = (): BoxWorld => {
  let root = ""
  const open: { close(): Promise<unknown> }[] = []
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "home-box-"))
  })
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close()
    rmSync(root, { recursive: true })
  })
  const kept = <T extends { close(): Promise<unknown> }>(thing: T): T => {
    open.push(thing)
    return thing
  }
  const defaults = (): StartBoxOptions => ({
    dataDir: join(root, "box"),
    host: "127.0.0.1",
    port: 0,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
  })
  const box = async (options: Partial<StartBoxOptions> = {}): Promise<Box> => {
    const started = await startBox({ ...defaults(), ...options })
    if (!started.ok) throw new Error(JSON.stringify(started.error))
    return kept(started.value)
  }
  const founder = async (relays: readonly string[] = []): Promise<OpenDevice> =>
    kept(await foundDevice(root, "anna", relays))
  return {
    root: () => root,
    defaults,
    box,
    founder,
    claimed: async options => {
      const anna = await founder()
      const own = await box(options)
      expect((await claimBox(anna, parseCode(own.claim))).ok).toBe(true)
      return { anna, own }
    },
    joined: async (host, name, as = "editor") => kept(await joinDevice(host, root, name, as)),
    relay: async () => kept(await startTestRelay(root)),
  }
}

/** Links, waits until both sides have everything, and hangs up. */
export const syncWith = async (device: OpenDevice, address: string): Promise<void> => {
  const link = await linkToBox(device, address)
  expect(await link.session.settle()).toBe(true)
  link.session.close()
}

export const healthOf = async ({ address }: Box): Promise<unknown> =>
  (await fetch(`${address.replace(/^ws/, "http")}/health`)).json()

/** Hangs when the channel stays open. */
export const closing = (channel: SecureChannel): Promise<void> =>
  new Promise(resolve => channel.onClose(resolve))
