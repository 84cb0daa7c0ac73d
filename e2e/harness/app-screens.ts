import type { Page } from "playwright-core"
import { type Language, goTo, press, textOf } from "./app-steps.js"
import { otherCard } from "./other-card.js"

/** Screens before there is a family; what founding itself shows comes from `foundByHand`. */
export const arrivalScreens = [
  { name: "join", path: "/start/join" },
  { name: "recover", path: "/start/recover" },
] as const

/** A till receipt, as a camera would have it: PNG, base64. */
const drawReceipt = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 720 })
    const paper = canvas.getContext("2d")
    if (paper === null) throw new Error("no canvas")
    paper.fillStyle = "#6b5a48"
    paper.fillRect(0, 0, 480, 720)
    paper.fillStyle = "#fdfcf8"
    paper.fillRect(60, 40, 360, 640)
    paper.fillStyle = "#2a2622"
    paper.font = "bold 28px monospace"
    paper.fillText("BAKERY", 190, 100)
    paper.font = "22px monospace"
    const lines = ["2 x rolls      1.60", "1 x loaf       3.20", "", "TOTAL          4.80"]
    lines.forEach((line, at) => paper.fillText(line, 90, 180 + at * 48))
    return canvas.toDataURL("image/png").split(",")[1] ?? ""
  })

const circleNames = { en: "Parents", "zh-CN": "爸妈" } as const

const otherFamilies = { en: "The Bakers", "zh-CN": "王家" } as const

/** Pastes a card of another family, and ends on its screen. */
const addOther = async (
  page: Page,
  language: Language,
  { phrase, tone }: { readonly phrase: number; readonly tone: string },
): Promise<void> => {
  const card = await otherCard(otherFamilies[language.locale], phrase)
  await page.getByLabel(textOf(language, "others.addText"), { exact: true }).fill(card)
  await press(page, language, "others.add")
  await page.locator(`.note[data-tone="${tone}"]`).waitFor()
}

const openShare = async (page: Page): Promise<void> => {
  await page.locator('a.row[href^="/family/shares/"]').first().click()
  await page.getByRole("heading", { name: "Lake & sea 湖边" }).waitFor()
}

/** Screens of an open family, each by its address; `open` brings it into the state that is worth seeing. */
export interface AppScreen {
  readonly name: string
  readonly path: string
  readonly open?: (page: Page, language: Language) => Promise<void>
  readonly close?: (page: Page) => Promise<void>
}

const moneyParts = (...parts: readonly string[]): readonly AppScreen[] =>
  parts.map(part => ({ name: `money-${part}`, path: `/money/${part}` }))

export const appScreens: readonly AppScreen[] = [
  { name: "money-empty", path: "/money" },
  {
    name: "money-add",
    path: "/money?add",
    open: async (page, language) => {
      for (const key of ["1", "2", "+", "8", ".", "5"]) await page.locator(`.key[data-key="${key}"]`).click()
      const grid = page.locator(".category-grid")
      await grid.getByRole("button", { name: textOf(language, "money.category.groceries") }).click()
    },
    close: page => page.locator(".entry-form").evaluate((form: HTMLFormElement) => form.requestSubmit()),
  },
  { name: "money", path: "/money", open: page => page.locator("a.entry-row").first().waitFor() },
  {
    name: "money-filter",
    path: "/money",
    open: async (page, language) => {
      await page.getByRole("button", { name: textOf(language, "money.filter"), exact: true }).click()
      await page.locator("dialog[open]").waitFor()
    },
    close: page => page.keyboard.press("Escape"),
  },
  {
    name: "money-entry",
    path: "/money",
    open: async (page, language) => {
      // By keyboard: a notice that can be taken back may lie over the first row.
      await page.locator("a.entry-row").first().focus()
      await page.keyboard.press("Enter")
      await page.getByRole("button", { name: textOf(language, "money.history.show") }).click()
      await page.locator(".history-item").first().waitFor()
      await page
        .locator('.receipts input[type="file"]')
        .first()
        .setInputFiles({
          name: "till.png",
          mimeType: "image/png",
          buffer: Buffer.from(await drawReceipt(page), "base64"),
        })
      await page.locator(".receipt-picture img").waitFor()
    },
  },
  {
    name: "receipt-view",
    path: "/money",
    open: async page => {
      await page.locator("a.entry-row").first().focus()
      await page.keyboard.press("Enter")
      await page.locator(".receipt-picture").click()
      await page.locator("dialog[open] img").waitFor()
    },
    close: page => page.keyboard.press("Escape"),
  },
  ...moneyParts("accounts", "budgets"),
  {
    name: "money-budget",
    path: "/money/budgets",
    open: async page => {
      await page.locator('.empty button[data-kind="primary"]').click()
      await page.locator('dialog[open] input[inputmode="decimal"]').fill("300")
      await page.locator('dialog[open] button[data-kind="primary"]').click()
      await page.locator("progress, .progress").first().waitFor()
    },
  },
  ...moneyParts("reports", "more"),
  {
    name: "money-recurring",
    path: "/money",
    open: async (page, language) => {
      await page.locator("a.entry-row").first().focus()
      await page.keyboard.press("Enter")
      await press(page, language, "money.detail.repeat")
      await page.locator(".entry-form").evaluate((form: HTMLFormElement) => form.requestSubmit())
      await page.locator("dialog[open]").waitFor({ state: "detached" })
      await goTo(page, "/money/recurring")
      await page.locator(".row-item").waitFor()
    },
  },
  ...moneyParts("owes", "categories", "rules", "import"),
  { name: "family", path: "/family" },
  { name: "devices", path: "/family/devices" },
  { name: "came-and-went", path: "/family/log" },
  { name: "circles-empty", path: "/family/circles" },
  {
    name: "circle",
    path: "/family/circles/new",
    open: async (page, language) => {
      await page
        .getByLabel(textOf(language, "circles.name"), { exact: true })
        .fill(circleNames[language.locale])
      await page.getByRole("button", { name: textOf(language, "circles.make"), exact: true }).click()
      await page.getByRole("button", { name: textOf(language, "circles.openMoney"), exact: true }).waitFor()
    },
  },
  {
    name: "money-books",
    path: "/money",
    open: page => page.locator(".money-book select").waitFor(),
  },
  { name: "others-empty", path: "/family/others", open: page => page.locator(".empty").waitFor() },
  { name: "our-card", path: "/family/others/card", open: page => page.locator(".qr").waitFor() },
  { name: "other-add", path: "/family/others/add" },
  {
    name: "other-unverified",
    path: "/family/others/add",
    open: (page, language) => addOther(page, language, { phrase: 1, tone: "notice" }),
    close: async page => {
      await page.locator('.button[data-kind="primary"]').click()
      await page.locator('.badge[data-tone="good"]').waitFor()
    },
  },
  {
    name: "other-verified",
    path: "/family/others",
    open: async page => {
      await page.locator('a.row[href^="/family/others/0f"]').click()
      await page.locator('.note[data-tone="good"]').waitFor()
    },
  },
  {
    name: "share-new",
    path: "/family/others",
    open: async (page, language) => {
      await page.locator('a.row[href^="/family/others/0f"]').click()
      await page.locator('a[href$="/share"]').click()
      await page.getByLabel(textOf(language, "shares.name"), { exact: true }).fill("Lake & sea 湖边")
    },
    close: async page => {
      await page.locator("form").evaluate((form: HTMLFormElement) => form.requestSubmit())
      await page.waitForURL("**/family/shares/*")
    },
  },
  { name: "share", path: "/family/others", open: openShare },
  {
    name: "money-shared",
    path: "/family/others",
    open: async (page, language) => {
      await openShare(page)
      await press(page, language, "shares.openMoney")
      await page.locator(".money-book select").waitFor()
    },
  },
  {
    name: "share-end",
    path: "/family/others",
    open: async (page, language) => {
      await openShare(page)
      await press(page, language, "shares.end")
      await page.locator("dialog[open]").waitFor()
    },
    close: async page => {
      await page.locator('dialog[open] [data-kind="danger"]').click()
      await page.locator('.note[data-tone="notice"]').waitFor()
    },
  },
  { name: "share-ended", path: "/family/others", open: openShare },
  {
    name: "other-changed",
    path: "/family/others/add",
    open: (page, language) => addOther(page, language, { phrase: 11, tone: "danger" }),
  },
  { name: "others", path: "/family/others", open: page => page.locator(".badge").first().waitFor() },
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
  { name: "phrase", path: "/settings/phrase" },
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
