import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { BrowserContext } from "playwright-core"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { type BrowserProfile, createBrowserProfile } from "../harness/browser.js"
import { buildEnginePage, openEnginePage } from "../harness/engine-page.js"
import {
  addEntries,
  entryCount,
  foundFamily,
  pair,
  reachIs,
  stateOf,
  unlock,
} from "../harness/engine-steps.js"
import { type HomeProcess, portOf, startHomeProcess } from "../harness/home-process.js"
import { type PageServer, servePages } from "../harness/page-server.js"

let folder: string
let server: PageServer
const ends: (() => Promise<unknown> | void)[] = []
beforeAll(async () => {
  folder = await buildEnginePage()
  server = await servePages(folder)
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const newProfile = (): BrowserProfile => {
  const profile = createBrowserProfile()
  ends.push(() => profile.remove())
  return profile
}
const openBrowser = async (profile = newProfile()): Promise<BrowserContext> => {
  const context = await profile.open()
  ends.push(() => context.close())
  return context
}
const startRelay = async (data: string, port: number): Promise<{ relay: HomeProcess; port: number }> => {
  const relay = startHomeProcess(["relay", "--host", "127.0.0.1", "--port", String(port), "--data", data])
  ends.push(() => relay.stop())
  return { relay, port: portOf(await relay.nextLine()) }
}
const scratch = (): string => {
  const made = mkdtempSync(join(tmpdir(), "home-engine-"))
  ends.push(() => rmSync(made, { recursive: true, force: true }))
  return made
}

describe("the engine in a browser", () => {
  it("founds offline, keeps entries over a reload, opens with the passphrase only", async () => {
    const context = await openBrowser()
    const problems: string[] = []
    const page = await openEnginePage(context, server.url, problems)
    expect(await stateOf(page)).toBe("Empty")
    await foundFamily(page)
    expect(await stateOf(page)).toBe("Open")
    expect(await addEntries(page, 0, 20)).toBe(20)
    expect(await entryCount(page, 20)).toBe(20)
    await page.close()
    const again = await openEnginePage(context, server.url, problems)
    expect(await stateOf(again)).toBe("Locked")
    expect(await unlock(again, "wrong")).toEqual({ ok: false, error: { type: "WrongPassphrase" } })
    expect(await unlock(again)).toEqual({ ok: true, value: undefined })
    expect(await entryCount(again, 20)).toBe(20)
    expect(problems).toEqual([])
  })

  it("brings two browsers together through a relay, also after it was killed", async () => {
    const data = scratch()
    const { relay, port } = await startRelay(data, 0)
    const [first, second] = [await openBrowser(), await openBrowser()]
    const anna = await openEnginePage(first, server.url)
    const ben = await openEnginePage(second, server.url)
    await foundFamily(anna, `ws://127.0.0.1:${port}`)
    expect(await addEntries(anna, 0, 10)).toBe(10)
    expect(await pair(anna, ben)).toMatch(/^\d{6}$/)
    expect(await entryCount(ben, 10)).toBe(10)
    expect(await addEntries(ben, 10, 5)).toBe(5)
    expect(await entryCount(anna, 15)).toBe(15)
    await reachIs(anna, "Everywhere")
    await relay.stop("SIGKILL")
    expect(await addEntries(anna, 15, 5)).toBe(5)
    await reachIs(anna, "Here")
    expect(await addEntries(ben, 20, 5)).toBe(5)
    await startRelay(data, port)
    expect(await entryCount(anna, 25)).toBe(25)
    expect(await entryCount(ben, 25)).toBe(25)
    await reachIs(anna, "Everywhere")
  })
})
