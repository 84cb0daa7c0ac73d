import type { Page } from "playwright-core"
import { type Language, goTo, textOf } from "./app-steps.js"

type Category = Parameters<typeof textOf>[1]
type Words = readonly (readonly [payee: string, category: Category, amount: number, everyDays: number])[]

const words: Readonly<Record<Language["locale"], Words>> = {
  en: [
    ["Corner bakery", "money.category.groceries", -4.8, 3],
    ["Green market", "money.category.groceries", -31.25, 6],
    ["City transport", "money.category.transport", -58, 30],
    ["Pharmacy", "money.category.health", -12.4, 17],
    ["Rent", "money.category.home", -980, 30],
    ["Waterworks", "money.category.utilities", -64.1, 30],
    ["Cinema", "money.category.leisure", -22, 19],
    ["Noodle house", "money.category.eatingOut", -27.5, 9],
    ["School canteen", "money.category.children", -38, 15],
    ["Employer", "money.category.salary", 3150, 30],
  ],
  "zh-CN": [
    ["街角面包店", "money.category.groceries", -18, 3],
    ["青青菜市场", "money.category.groceries", -86.5, 6],
    ["地铁", "money.category.transport", -120, 30],
    ["药店", "money.category.health", -45.8, 17],
    ["房租", "money.category.home", -4200, 30],
    ["自来水公司", "money.category.utilities", -168.3, 30],
    ["电影院", "money.category.leisure", -98, 19],
    ["兰州拉面", "money.category.eatingOut", -56, 9],
    ["学校食堂", "money.category.children", -260, 15],
    ["单位", "money.category.salary", 15800, 30],
  ],
}

/** About three months of a family, as a bank would write them: what screens look like when they are used. */
const statement = (language: Language, now: Date): string => {
  const dayMs = 24 * 60 * 60 * 1000
  const rows = words[language.locale].flatMap(([payee, category, amount, everyDays], at) =>
    Array.from({ length: Math.floor(95 / everyDays) }, (_, round) => {
      const day = new Date(now.getTime() - (round * everyDays + (at % everyDays)) * dayMs)
      const paid = amount * (1 + ((round * 7 + at) % 5) / 20)
      return `${day.toISOString().slice(0, 10)},${payee},${textOf(language, category)},${paid.toFixed(2)}`
    }),
  )
  return ["Date,Payee,Category,Amount", ...rows, "soon,?,,much", ""].join("\n")
}

/** Brings the statement in through the app's own screen. `onPreview` sees what it shows before. */
export const liveIn = async (
  page: Page,
  language: Language,
  onPreview: () => Promise<void> = () => Promise.resolve(),
): Promise<void> => {
  await goTo(page, "/money/import")
  const buffer = Buffer.from(statement(language, new Date()))
  await page
    .getByLabel(textOf(language, "money.import.file"))
    .setInputFiles({ name: "statement.csv", mimeType: "text/csv", buffer })
  await page.locator(".import-row").first().waitFor()
  await onPreview()
  await page.locator("section button[data-kind=primary]").click()
  await page.locator("a.entry-row").first().waitFor()
}
