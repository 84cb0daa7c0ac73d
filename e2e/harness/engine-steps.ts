import type { Page } from "playwright-core"

export const passphrase = "a passphrase of the test"

/** What the driver page is told to do, in words of a test. */

export const foundFamily = (page: Page, relay?: string) =>
  page.evaluate(
    async input => {
      const { call } = globalThis.driver
      const phrase = await call("newPhrase", {})
      if (!phrase.ok) throw new Error(phrase.error.type)
      const { words, asked } = phrase.value
      const checked = await call("checkPhrase", { answers: asked.map(position => words[position - 1] ?? "") })
      if (!checked.ok) throw new Error(checked.error.type)
      const founded = await call("found", {
        family: "Home",
        member: "Anna",
        deviceName: "Anna's phone",
        ...input,
      })
      if (!founded.ok) throw new Error(founded.error.type)
      return words.join(" ")
    },
    { passphrase, relay },
  )

/** Adds entries without waiting in between; resolves when all are on disk. Gives how many were. */
export const addEntries = (page: Page, from: number, count: number): Promise<number> =>
  page.evaluate(
    async ([first, many]) => {
      const results = Array.from({ length: many }, (_, i) => globalThis.driver.addEntry(first + i))
      return (await Promise.all(results)).filter(result => result.ok).length
    },
    [from, count] as const,
  )

/** Waits until the year is whole and has at least so many entries; gives how many it has. */
export const entryCount = async (page: Page, atLeast: number): Promise<number> => {
  await page.evaluate(() => globalThis.driver.watchLedger("2026"))
  await page.waitForFunction(
    wanted => globalThis.driver.isWhole("2026") && globalThis.driver.entryCount("2026") >= wanted,
    atLeast,
    { timeout: 60_000 },
  )
  return page.evaluate(() => globalThis.driver.entryCount("2026"))
}

export const unlock = (page: Page, given = passphrase) =>
  page.evaluate(text => globalThis.driver.call("unlock", { type: "Passphrase", passphrase: text }), given)

export const stateOf = (page: Page): Promise<string> =>
  page.evaluate(() => (globalThis.driver.value("state") as { readonly type: string }).type)

/** Waits until the pairing has come to this step, and gives it. */
const pairingIs = async (page: Page, type: string): Promise<Readonly<Record<string, string>>> => {
  await page.waitForFunction(
    wanted => (globalThis.driver.value("pairing") as { readonly type: string }).type === wanted,
    type,
    { timeout: 60_000 },
  )
  return page.evaluate(() => globalThis.driver.value("pairing") as Readonly<Record<string, string>>)
}

export const reachIs = async (page: Page, reach: string): Promise<void> => {
  await page.waitForFunction(
    wanted => (globalThis.driver.value("sync") as { readonly reach: string } | undefined)?.reach === wanted,
    reach,
    { timeout: 60_000 },
  )
}

/** The first page invites, the second joins; both show the same digits, and the first says yes. */
export const pair = async (host: Page, newcomer: Page): Promise<string> => {
  const invited = await host.evaluate(() =>
    globalThis.driver.call("createInvitation", { admitAs: { type: "Member", role: "editor" } }),
  )
  if (!invited.ok) throw new Error(invited.error.type)
  const joining = newcomer.evaluate(
    input => globalThis.driver.call("join", { member: "Ben", deviceName: "Ben's phone", ...input }),
    { invitation: invited.value.invitation, passphrase },
  )
  const { digits } = await pairingIs(host, "Asking")
  const shown = await pairingIs(newcomer, "Comparing")
  if (digits === undefined || digits !== shown["digits"]) throw new Error("the digits differ")
  await host.evaluate(() => globalThis.driver.call("answerNewcomer", { accept: true }))
  const joined = await joining
  if (!joined.ok) throw new Error(joined.error.type)
  await pairingIs(host, "Done")
  return digits
}
