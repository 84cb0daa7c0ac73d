import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, BrowserContext } from "playwright-core"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { createBrowserProfile, killBrowser } from "../harness/browser.js"
import { openEnginePage } from "../harness/engine-page.js"
import {
  addEntries,
  entryCount,
  foundFamily,
  pair,
  passphrase,
  reachIs,
  stateOf,
  unlock,
} from "../harness/engine-steps.js"
import { type HomeProcess, portOf, startHomeProcess } from "../harness/home-process.js"
import { connectBrowser, newProfile, stage } from "../harness/stage.js"

const { engineUrl } = stage()
let browser: Browser
const ends: (() => Promise<unknown> | void)[] = []
beforeAll(async () => {
  browser = await connectBrowser()
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
afterAll(() => browser.close())

/** A profile in memory: it lives as long as the test. */
const openProfile = async (): Promise<BrowserContext> => {
  const context = await newProfile(browser)
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
    const context = await openProfile()
    const problems: string[] = []
    const page = await openEnginePage(context, engineUrl, problems)
    expect(await stateOf(page)).toBe("Empty")
    await foundFamily(page)
    expect(await stateOf(page)).toBe("Open")
    expect(await addEntries(page, 0, 20)).toBe(20)
    expect(await entryCount(page, 20)).toBe(20)
    await page.close()
    const again = await openEnginePage(context, engineUrl, problems)
    expect(await stateOf(again)).toBe("Locked")
    expect(await unlock(again, "wrong")).toEqual({ ok: false, error: { type: "WrongPassphrase" } })
    expect(await unlock(again)).toEqual({ ok: true, value: undefined })
    expect(await entryCount(again, 20)).toBe(20)
    expect(problems).toEqual([])
  })

  it("loses nothing that it has confirmed when the browser is killed, and no edit when the tab crashes", async () => {
    const profile = createBrowserProfile()
    ends.push(() => profile.remove())
    const first = await profile.open()
    const page = await openEnginePage(first, engineUrl)
    await foundFamily(page)
    await page.evaluate(() => globalThis.driver.call("setDeviceLock", { isOn: true }))
    expect(await addEntries(page, 0, 10)).toBe(10)
    await killBrowser(first)
    const second = await profile.open()
    ends.push(() => second.close())
    const tab = await openEnginePage(second, engineUrl)
    expect(await entryCount(tab, 10)).toBe(10)
    await tab.evaluate(() => void globalThis.driver.addEntry(10))
    const crashed = tab.waitForEvent("crash")
    const session = await second.newCDPSession(tab)
    // Never answered: there is nobody left to answer.
    void session.send("Page.crash").catch(() => undefined)
    await crashed
    expect(await entryCount(await openEnginePage(second, engineUrl), 11)).toBe(11)
  })

  it("brings two browsers together through a relay, also after it was killed", async () => {
    const data = scratch()
    const { relay, port } = await startRelay(data, 0)
    const [first, second] = [await openProfile(), await openProfile()]
    const anna = await openEnginePage(first, engineUrl)
    const ben = await openEnginePage(second, engineUrl)
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

  it("loses nothing when the tab is closed at once after an edit, ten times", async () => {
    const context = await openProfile()
    const first = await openEnginePage(context, engineUrl)
    await foundFamily(first)
    await first.close()
    const rounds = 10
    for (let round = 0; round < rounds; round++) {
      const page = await openEnginePage(context, engineUrl)
      await unlock(page)
      // By turns: the page goes away in the very task of the edit, and the tab is closed from outside.
      if (round % 2 === 0) {
        const gone = page.waitForURL("about:blank")
        await page
          .evaluate(number => {
            void globalThis.driver.addEntry(number)
            location.href = "about:blank"
          }, round)
          .catch(() => undefined)
        await gone
      } else {
        await page.evaluate(number => void globalThis.driver.addEntry(number), round)
      }
      await page.close()
    }
    const last = await openEnginePage(context, engineUrl)
    await unlock(last)
    expect(await entryCount(last, rounds)).toBe(rounds)
    await last.waitForFunction(
      () => (globalThis.driver.value("storage") as { readonly journalled: number }).journalled === 0,
    )
  })

  it("serves two tabs by one engine, and the other goes on when the first is closed", async () => {
    const context = await openProfile()
    const first = await openEnginePage(context, engineUrl)
    await foundFamily(first)
    const second = await openEnginePage(context, engineUrl)
    expect(await stateOf(second)).toBe("Open")
    expect(await addEntries(first, 0, 3)).toBe(3)
    expect(await addEntries(second, 3, 3)).toBe(3)
    expect([await entryCount(first, 6), await entryCount(second, 6)]).toEqual([6, 6])
    const [, closed] = await Promise.all([
      second.evaluate(() => void globalThis.driver.addEntry(6)),
      first.close(),
    ])
    expect(closed).toBeUndefined()
    // The passphrase is not asked for again: the first engine had lent the second tab a ticket.
    expect(await addEntries(second, 7, 3)).toBe(3)
    expect(await stateOf(second)).toBe("Open")
    expect(await entryCount(second, 10)).toBe(10)
    const third = await openEnginePage(context, engineUrl)
    expect(await entryCount(third, 10)).toBe(10)
    await third.evaluate(() => globalThis.driver.call("lock", {}))
    await second.waitForFunction(
      () => (globalThis.driver.value("state") as { readonly type: string }).type === "Locked",
    )
  })

  it("locks, changes its passphrase, opens by the browser's own key, and erases everything", async () => {
    const context = await openProfile()
    const page = await openEnginePage(context, engineUrl)
    await foundFamily(page)
    expect(await addEntries(page, 0, 2)).toBe(2)
    expect(
      await page.evaluate(
        current => globalThis.driver.call("changePassphrase", { current, next: "another one" }),
        passphrase,
      ),
    ).toMatchObject({ ok: true })
    await page.evaluate(() => globalThis.driver.call("lock", {}))
    expect(await stateOf(page)).toBe("Locked")
    expect(await unlock(page)).toMatchObject({ error: { type: "WrongPassphrase" } })
    expect(await unlock(page, "another one")).toMatchObject({ ok: true })
    await page.evaluate(() => globalThis.driver.call("setDeviceLock", { isOn: true }))
    await page.close()
    const again = await openEnginePage(context, engineUrl)
    expect(await stateOf(again)).toBe("Open")
    expect(await entryCount(again, 2)).toBe(2)
    const names = await again.evaluate(async () => {
      const exported = await globalThis.driver.call("exportAll", {})
      return exported.ok ? exported.value.map(({ name }) => name) : []
    })
    expect(names).toEqual(expect.arrayContaining(["ledger.json", "ledger.csv", "notes.json"]))
    await again.evaluate(() => globalThis.driver.call("eraseEverything", {}))
    expect(await stateOf(again)).toBe("Empty")
    expect(await again.evaluate(() => localStorage.length)).toBe(0)
    await foundFamily(again)
    expect(await entryCount(again, 0)).toBe(0)
  })

  it("takes a box into the family by its code, and says when it has everything", async () => {
    const box = startHomeProcess(["box", "--host", "127.0.0.1", "--port", "0", "--data", scratch()])
    ends.push(() => box.stop())
    const code = String((await box.nextLine())?.["claim"])
    const page = await openEnginePage(await openProfile(), engineUrl)
    await foundFamily(page)
    expect(await addEntries(page, 0, 5)).toBe(5)
    expect(
      await page.evaluate(given => globalThis.driver.call("claimBox", { code: given }), code),
    ).toMatchObject({
      ok: true,
    })
    await reachIs(page, "Everywhere")
    await box.stop("SIGKILL")
    expect(await addEntries(page, 5, 1)).toBe(1)
    await reachIs(page, "Here")
  })

  it("recovers the family from the phrase and a relay, and nothing else", async () => {
    const { port } = await startRelay(scratch(), 0)
    const relay = `ws://127.0.0.1:${port}`
    const lost = await openEnginePage(await openProfile(), engineUrl)
    const phrase = await foundFamily(lost, relay)
    expect(await addEntries(lost, 0, 10)).toBe(10)
    await lost.evaluate(() => globalThis.driver.call("syncNow", {}))
    await lost.waitForFunction(() => {
      const sync = globalThis.driver.value("sync") as { readonly peers: readonly { missingThere: number }[] }
      return sync.peers.every(({ missingThere }) => missingThere === 0)
    })
    await lost.context().close()
    const page = await openEnginePage(await openProfile(), engineUrl)
    const recover = (text: string) =>
      page.evaluate(input => globalThis.driver.call("recover", { deviceName: "A new phone", ...input }), {
        phrase: text,
        relay,
        passphrase,
      })
    expect(await recover(phrase.split(" ").toReversed().join(" "))).toMatchObject({ ok: false })
    expect(await recover(phrase)).toEqual({ ok: true, value: undefined })
    expect(await entryCount(page, 10)).toBe(10)
  })
})
