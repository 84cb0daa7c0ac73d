import type { Page } from "playwright-core"
import { type Language, goTo, textOf } from "./app-steps.js"

/** Screens before there is a family; what founding itself shows comes from `foundByHand`. */
export const arrivalScreens = [
  { name: "join", path: "/start/join" },
  { name: "recover", path: "/start/recover" },
] as const

/** Screens of an open family, each by its address; `open` brings it into the state that is worth seeing. */
export interface AppScreen {
  readonly name: string
  readonly path: string
  readonly open?: (page: Page, language: Language) => Promise<void>
  readonly close?: (page: Page) => Promise<void>
}

export const appScreens: readonly AppScreen[] = [
  { name: "money", path: "/money" },
  { name: "accounts", path: "/money/accounts" },
  { name: "budgets", path: "/money/budgets" },
  { name: "reports", path: "/money/reports" },
  { name: "more", path: "/money/more" },
  { name: "recurring", path: "/money/recurring" },
  { name: "owes", path: "/money/owes" },
  { name: "categories", path: "/money/categories" },
  { name: "rules", path: "/money/rules" },
  { name: "import", path: "/money/import" },
  { name: "family", path: "/family" },
  { name: "devices", path: "/family/devices" },
  { name: "invite", path: "/family/invite" },
  { name: "box", path: "/family/box" },
  {
    name: "member",
    path: "/family",
    open: async page => {
      await page.locator('a[href^="/family/members/"]').first().click()
      await page.locator("form input").first().waitFor()
    },
  },
  { name: "settings", path: "/settings" },
  {
    name: "erase",
    path: "/settings",
    open: async (page, language) => {
      await page.getByRole("button", { name: textOf(language, "settings.erase"), exact: true }).click()
      await page.locator("dialog[open]").waitFor()
    },
    close: page => page.keyboard.press("Escape"),
  },
  { name: "missing", path: "/nowhere/at-all" },
]

export const showScreen = async (page: Page, screen: AppScreen, language: Language): Promise<void> => {
  await goTo(page, screen.path)
  await screen.open?.(page, language)
}
