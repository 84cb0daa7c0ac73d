import type { BrowserContext, Page } from "playwright-core"
import type { AppServer } from "../harness/app.js"
import { type Language, goTo, joinAs, openApp, press, textOf } from "../harness/app-steps.js"

const newcomers = { en: "Ben", "zh-CN": "奶奶" } as const

/**
 * Pictures of a second person who joins by a code that is read out, of the box that is taken in, and of the family
 * that has both. `page` shows an open family, `context` is of somebody who has never been here.
 */
export const takeTogether = async (deps: {
  readonly app: AppServer
  readonly page: Page
  readonly context: BrowserContext
  readonly language: Language
  readonly take: (page: Page, name: string) => Promise<void>
}): Promise<void> => {
  const { app, page, language, take } = deps
  const name = newcomers[language.locale]
  const other = await deps.context.newPage()
  await openApp(other, app.url, language)
  await goTo(other, "/start/join")

  await goTo(page, "/family/invite")
  await press(page, language, "invite.make")
  await page.locator(".qr").waitFor()
  await take(page, "invite-code")
  await press(page, language, "invite.orSay")
  const code = await page.locator(".code-words").innerText()
  await take(page, "invite-spoken")

  await other.getByLabel(textOf(language, "setup.invitation")).fill(code)
  await take(other, "join-spoken")
  await joinAs(other, language, name)
  await other.locator(".digits").waitFor()
  await page.locator(".digits").waitFor()
  await take(other, "join-digits")
  await take(page, "invite-asks")
  await press(page, language, "invite.yes")
  await page.getByText(textOf(language, "invite.done")).waitFor()
  await take(page, "invite-done")
  await other.locator(".frame").waitFor()

  await goTo(page, "/family/box")
  await page.getByLabel(textOf(language, "box.code"), { exact: true }).fill(app.claim)
  await press(page, language, "box.connect")
  await page.getByText(textOf(language, "box.done")).waitFor()
  await take(page, "box-done")
  await page.locator('.sync-badge:not([data-reach="Here"])').waitFor()

  await goTo(page, "/family")
  await page.getByText(name).first().waitFor()
  await take(page, "family-together")
  await goTo(page, "/family/devices")
  await take(page, "devices-together")
  await goTo(page, "/family")
  await page.locator('a[href^="/family/members/"]', { hasText: name }).click()
  await page.getByRole("heading", { name: textOf(language, "member.devices") }).waitFor()
  await take(page, "member-other")
  await page.locator(".sync-badge").click()
  await take(page, "sync-badge")
  await page.keyboard.press("Escape")
  // As somebody sees it who does not look after the family.
  await goTo(other, "/family")
  await take(other, "family-newcomer")
}
