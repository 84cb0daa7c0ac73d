import type { Page } from "playwright-core"
import { english } from "../../client/src/i18n/en/index.js"
import { chinese } from "../../client/src/i18n/zh-cn/index.js"

type Texts = Readonly<Record<keyof typeof english, unknown>>

/** A language as a person chooses it, and the texts that the screens then have. */
export const languages = [
  { locale: "en", texts: english as Texts },
  { locale: "zh-CN", texts: chinese as Texts },
] as const
export type Language = (typeof languages)[number]

export const textOf = (language: Language, key: keyof typeof english): string => {
  const text = language.texts[key]
  if (typeof text !== "string") throw new Error(`${key} has plural forms`)
  return text
}

/** Opens an address inside the app without loading the page anew, as a link does. */
export const goTo = async (page: Page, path: string): Promise<void> => {
  await page.evaluate(to => {
    // The screen that is left may stand until the next one has been fetched: its heading is told from the new one's.
    const isOther = new URL(to, location.href).pathname !== location.pathname
    if (isOther) document.querySelector("h1")?.setAttribute("data-left", "")
    history.pushState(null, "", to)
    dispatchEvent(new PopStateEvent("popstate"))
  }, path)
  await isShown(page)
}

/** A screen stands: it has a heading, and nothing on it is still being loaded. */
const isShown = async (page: Page): Promise<void> => {
  await page.locator("h1:not([data-left])").first().waitFor()
  await page.waitForFunction(() => document.querySelector(".skeleton") === null)
}

/** Opens the app in a language; the choice is kept as if it had been made in the settings. */
export const openApp = async (page: Page, url: string, language: Language): Promise<void> => {
  await page.goto(url)
  await page.evaluate(locale => {
    const chosen = JSON.parse(localStorage.getItem("home:appearance") ?? "{}") as object
    localStorage.setItem("home:appearance", JSON.stringify({ ...chosen, locale }))
  }, language.locale)
  await page.goto(url)
  await isShown(page)
}

const names = {
  en: { family: "The Millers", member: "Anna", device: "Anna's phone" },
  "zh-CN": { family: "李家", member: "小安", device: "小安的手机" },
} as const

export const passphrase = "garden lamp seven boats"

export const press = (page: Page, language: Language, key: keyof typeof english): Promise<void> =>
  page.getByRole("button", { name: textOf(language, key), exact: true }).click()

/** On the screen for joining, where the invitation stands already: fills in who joins, and joins. */
export const joinAs = async (page: Page, language: Language, name: string): Promise<void> => {
  const field = (key: keyof typeof english) => page.getByLabel(textOf(language, key), { exact: true })
  await field("setup.you").fill(name)
  await field("setup.device").fill(`${name} 1`)
  await field("setup.passphrase").fill(passphrase)
  await press(page, language, "setup.joinNow")
}

type OnStep = (name: string) => Promise<void>

/** The words of the phrase on the screen. They come from the worker: without waiting there would be none. */
export const shownWords = async (page: Page): Promise<readonly string[]> => {
  await page.locator(".words li").last().waitFor()
  const shown = await page.locator(".words li").allInnerTexts()
  return shown.map(text => text.replace(/^\d+\s*/, ""))
}

/** Writes the words that are shown down, and types those that are asked for. Gives the phrase. */
export const keepWords = async (page: Page, language: Language, onStep: OnStep): Promise<string> => {
  const words = await shownWords(page)
  await onStep("found-words")
  await page.getByRole("button", { name: textOf(language, "setup.wordsWritten"), exact: true }).click()
  for (const input of await page.locator("form input").all()) {
    const label = await page.locator(`label[for="${await input.getAttribute("id")}"]`).innerText()
    await input.fill(words[Number(/\d+/.exec(label)?.[0]) - 1] ?? "")
  }
  await onStep("found-check")
  await page.getByRole("button", { name: textOf(language, "setup.finish"), exact: true }).click()
  return words.join(" ")
}

/** From the welcome to a family, as a person does it. `onStep` is called on each of the screens. Gives the phrase. */
export const foundByHand = async (
  page: Page,
  language: Language,
  onStep: OnStep = () => Promise.resolve(),
): Promise<string> => {
  const say = (key: keyof typeof english): string => textOf(language, key)
  const { family, member, device } = names[language.locale]
  const button = (key: keyof typeof english) => page.getByRole("button", { name: say(key), exact: true })
  await onStep("welcome")
  await page.getByRole("link", { name: say("setup.found") }).click()
  await page.getByLabel(say("setup.family")).fill(family)
  await page.getByLabel(say("setup.you")).fill(member)
  await page.getByLabel(say("setup.device")).fill(device)
  await onStep("found-names")
  await button("action.continue").click()
  await page.getByLabel(say("setup.passphrase"), { exact: true }).fill(passphrase)
  await page.getByLabel(say("setup.stayOpen")).check()
  await onStep("found-protect")
  await button("action.continue").click()
  const phrase = await keepWords(page, language, onStep)
  await page.locator(".frame").waitFor()
  await isShown(page)
  return phrase
}

/** Enters an expense on the screen of entries, as a person does. */
export const enterByHand = async (
  page: Page,
  language: Language,
  entry: { readonly amount: string; readonly payee: string },
): Promise<void> => {
  const dialog = page.locator("dialog[open]")
  await page
    .getByRole("button", { name: textOf(language, "money.add") })
    .last()
    .click()
  for (const key of entry.amount) await dialog.locator(`.key[data-key="${key}"]`).click()
  await dialog.getByLabel(textOf(language, "money.entry.payee"), { exact: true }).fill(entry.payee)
  await dialog.getByRole("button", { name: textOf(language, "money.entry.save"), exact: true }).click()
  await dialog.waitFor({ state: "detached" })
}

/** The same; it is in the list when this is over. */
export const addByHand = async (
  page: Page,
  language: Language,
  entry: Parameters<typeof enterByHand>[2],
): Promise<void> => {
  await enterByHand(page, language, entry)
  await page.locator("a.entry-row .row-title", { hasText: entry.payee }).first().waitFor()
}
