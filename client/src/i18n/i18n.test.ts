import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { english } from "./en/index.js"
import { createFormats } from "./format.js"
import { chooseLocale } from "./locale.js"
import { type Message, fillMessage, namesIn } from "./message.js"
import { chinese } from "./zh-cn/index.js"

const source = join(import.meta.dirname, "..")

/** The texts of all files that may show messages: everything but dictionaries and tests. */
const texts = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
  .map(entry => join(entry.parentPath, entry.name))
  .filter(path => !/i18n\/(en|zh-cn)\//.test(path))
  .map(path => readFileSync(path, "utf8"))

/** Keys written out, `"a.b"`, and the parts of keys that are put together: `role.${role}Why`. */
const written = new Set(
  texts.flatMap(text => [...text.matchAll(/["'`]([a-z]\w*\.[\w.]+)["'`]/gi)].map(([, key = ""]) => key)),
)
const patterns = texts.flatMap(text =>
  [...text.matchAll(/`([a-z]\w*\.(?:[\w.]|\$\{[^}]*\})*)`/gi)]
    .filter(([, pattern = ""]) => pattern.includes("${"))
    .map(
      ([, pattern = ""]) => new RegExp(`^${pattern.replaceAll(".", "\\.").replace(/\$\{[^}]*\}/g, "\\w+")}$`),
    ),
)

const dictionaries: readonly (readonly [string, Readonly<Record<string, Message>>])[] = [
  ["en", english],
  ["zh-CN", chinese],
]

describe("dictionaries", () => {
  it("have the same keys, and every key is shown somewhere", () => {
    const keys = Object.keys(english)
    expect(Object.keys(chinese).sort()).toEqual([...keys].sort())
    expect(keys.length).toBeGreaterThan(100)
    const isUsed = (key: string): boolean => written.has(key) || patterns.some(pattern => pattern.test(key))
    const unused = keys.filter(key => !isUsed(key) && !common.test(key))
    expect(unused).toEqual([])
  })

  it("take the same values in both languages, and say everything", () => {
    for (const [key, message] of Object.entries(english)) {
      const other = dictionaries[1]?.[1][key]
      expect([...namesIn(other ?? "")].sort(), key).toEqual([...namesIn(message)].sort())
    }
    for (const [locale, dictionary] of dictionaries) {
      for (const [key, message] of Object.entries(dictionary)) {
        const forms = typeof message === "string" ? [message] : [message.other, message.one ?? "-"]
        for (const form of forms) expect(form.trim(), `${locale} ${key}`).not.toBe("")
      }
    }
  })

  it("keep the words of cryptography off the screens", () => {
    const banned =
      /\b(crypt\w*|encrypt\w*|cipher\w*|private key|public key|signature|hash|epoch|bundle|wrap|automerge|CRDT|seed)\b|加密|密钥|私钥|公钥|哈希|签名/i
    for (const [locale, dictionary] of dictionaries) {
      const found = Object.entries(dictionary).filter(([, message]) => banned.test(JSON.stringify(message)))
      expect(found, locale).toEqual([])
    }
  })

  it("have no Chinese in English and no untranslated English in Chinese", () => {
    for (const [key, message] of Object.entries(english)) {
      expect(JSON.stringify(message), key).not.toMatch(/\p{Script=Han}/u)
    }
    const untranslated = Object.entries(chinese).filter(
      ([key, message]) => !/\p{Script=Han}/u.test(JSON.stringify(message)) && !sameInBoth.has(key),
    )
    expect(untranslated.map(([key]) => key)).toEqual([])
  })
})

/** Words that go with `ui/`: whoever draws a keypad or asks for confirmation finds them. */
const common = /^(action|keypad)\./

/** Names, which are not translated. */
const sameInBoth = new Set([
  "app.name",
  "money.import.about",
  "setup.device.iPhone",
  "setup.device.iPad",
  "setup.device.Mac",
  "setup.device.chromebook",
])

describe("messages", () => {
  const rules = new Intl.PluralRules("en")
  const numbers = new Intl.NumberFormat("en")

  it("choose the plural form by count and write numbers as the language does", () => {
    const message = { one: "{count} change", other: "{count} changes" }
    expect(fillMessage(message, { count: 1 }, rules, numbers)).toBe("1 change")
    expect(fillMessage(message, { count: 1200 }, rules, numbers)).toBe("1,200 changes")
    expect(fillMessage({ other: "{count} 台" }, { count: 1 }, new Intl.PluralRules("zh-CN"), numbers)).toBe(
      "1 台",
    )
  })

  it("take a value for what it is: braces in a name stay text", () => {
    expect(fillMessage("Waiting for {name}", { name: "{count}" }, rules, numbers)).toBe("Waiting for {count}")
  })

  it("let no name turn the rest of the sentence around", () => {
    expect(fillMessage("Let {name} in?", { name: "\u202eanna\u2066" }, rules, numbers)).toBe("Let anna in?")
  })
})

describe("formats", () => {
  it("write money in minor units of its currency, exactly", () => {
    const formats = createFormats("en")
    expect(formats.money(123456, "EUR")).toBe("€1,234.56")
    expect(formats.money(500, "JPY")).toBe("¥500")
    expect(formats.money(1250, "EUR", { sign: "always" })).toBe("+€12.50")
    expect(createFormats("zh-CN").money(-990, "CNY")).toBe("-¥9.90")
    expect(formats.currencyDigits("KWD")).toBe(3)
  })

  it("write days without a zone as that day, wherever it is read", () => {
    expect(createFormats("en").day("2026-11-21")).toBe("Nov 21")
    expect(createFormats("zh-CN").day("2026-11-21", "long")).toContain("11月21日")
    expect(createFormats("zh-CN").month("2026-01")).toBe("2026年1月")
  })

  it("write distances in time and sizes in words", () => {
    const formats = createFormats("en")
    expect(formats.ago(0, 3 * 60_000)).toBe("3 minutes ago")
    expect(formats.ago(5_000, 0)).toBe("now")
    expect(formats.bytes(0)).toBe("0 bytes")
    expect(formats.bytes(1_250_000)).toBe("1.3 MB")
  })
})

describe("the first language", () => {
  it("is the first that the browser wants and HOME has", () => {
    expect(chooseLocale(["zh-Hant-TW", "en"])).toBe("zh-CN")
    expect(chooseLocale(["de-DE", "zh"])).toBe("zh-CN")
    expect(chooseLocale(["fr"])).toBe("en")
    expect(chooseLocale([])).toBe("en")
  })
})
