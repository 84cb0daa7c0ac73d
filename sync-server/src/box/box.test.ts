import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type OpenDevice } from "../profile/device.js"
import { silentLog, systemClock, systemRandom } from "../profile/platform.js"
import { type Box, type StartBoxOptions, startBox } from "./main.js"
import {
  claimBox,
  foundDevice,
  joinDevice,
  linkToBox,
  parseCode,
  readItems,
  writeItem,
} from "./testing/test-devices.js"

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
const box = async (options: Partial<StartBoxOptions> = {}): Promise<Box> => {
  const started = await startBox({
    dataDir: join(root, "box"),
    host: "127.0.0.1",
    port: 0,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    ...options,
  })
  if (!started.ok) throw new Error(JSON.stringify(started.error))
  return kept(started.value)
}
const founder = async (): Promise<OpenDevice> => kept(await foundDevice(root, "anna"))

/** Links, waits until both sides have everything, and hangs up. */
const syncWith = async (device: OpenDevice, address: string): Promise<void> => {
  const link = await linkToBox(device, address)
  expect(await link.session.settle()).toBe(true)
  link.session.close()
}

describe("a box", () => {
  it("[B1] is taken in by who has its code, and keeps what devices bring", async () => {
    const anna = await founder()
    const own = await box()
    const claimed = await claimBox(anna, parseCode(own.claim))
    expect(claimed.ok).toBe(true)
    expect(own.claim).toBeUndefined()
    await writeItem(anna, "a", "apples")
    await syncWith(anna, own.address)
    const ben = kept(await joinDevice(anna, root, "ben", "editor"))
    await syncWith(anna, own.address)
    await anna.close()
    await syncWith(ben, own.address)
    expect(await readItems(ben)).toEqual({ a: "apples" })
  })
})
