import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import type { ParsedImport } from "../drafts.js"
import { parseBank, parseImport, type FolderFile } from "./index.js"

// Other people's files: read where they are, never copied. Expected numbers come from SOURCES.md beside them.
const root =
  process.env["HOME_SAMPLES"] ?? fileURLToPath(new URL("../../../../../shared/data", import.meta.url))
const there = existsSync(join(root, "SOURCES.md"))

const filesIn = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(root, join(entry.parentPath, entry.name)))
    .sort()
const parsed = (
  name: string,
  source: Uint8Array | readonly FolderFile[] = readFileSync(join(root, name)),
): ParsedImport => {
  const result = parseImport(name, source)
  if (!result.ok) throw new Error(`${name}: ${result.error.reason}`)
  return result.value
}

describe.skipIf(!there)("sample files", () => {
  it("[I18] the Alipay bill: ten rows, their sums, and four disagreements with its preamble", () => {
    const { format, draft, sums, skipped, warnings } = parsed("finance/cn-alipay/example-alipay-records.csv")
    expect(format).toBe("alipay")
    expect(draft.area === "ledger" && draft.entries).toHaveLength(10)
    expect(sums).toEqual({
      支出: { count: 5, amountMinor: 21164 },
      收入: { count: 1, amountMinor: 22222850 },
      不计收支: { count: 4, amountMinor: 24737 },
    })
    expect(skipped).toEqual([])
    expect(warnings).toHaveLength(4)
    expect(warnings[0]?.reason).toBe("the file's summary says 66 rows, it has 10")
  })

  it("[I18] the WeChat bill: 27 rows and their sums", () => {
    const { format, draft, sums, skipped, warnings } = parsed("finance/cn-wechat/example-wechat-records.csv")
    expect(format).toBe("wechat")
    const entries = draft.area === "ledger" ? draft.entries : []
    expect(new Set(entries.map(({ sourceId }) => sourceId)).size).toBe(27)
    expect(sums).toEqual({
      支出: { count: 11, amountMinor: 290453 },
      收入: { count: 5, amountMinor: 2849 },
      "/": { count: 11, amountMinor: 2610089 },
    })
    expect(skipped).toEqual([])
    expect(warnings[0]?.reason).toBe("the file's summary says 43 rows, it has 27")
  })

  it("[I20] every calendar: as many events and tasks as an independent reader counted", () => {
    const sources = readFileSync(join(root, "SOURCES.md"), "utf8")
    const files = filesIn("calendar").filter(file => file.endsWith(".ics"))
    let events = 0
    for (const file of files) {
      const expected = new RegExp(
        `\\| ${file.replaceAll(".", "\\.")} \\|[^|]*\\| VEVENT (\\d+), VTODO (\\d+)`,
      ).exec(sources)
      const { draft, sums, skipped } = parsed(file)
      expect([file, sums["VEVENT"]?.count, sums["VTODO"]?.count]).toEqual([
        file,
        Number(expected?.[1]),
        Number(expected?.[2]),
      ])
      const plans = draft.area === "plans" ? draft.plans : []
      const doubles = skipped.filter(({ reason }) => reason === "the same event stands above").length
      expect(plans.reduce((sum, plan) => sum + 1 + plan.overrides.length, doubles)).toBe(
        Number(expected?.[1]) + Number(expected?.[2]),
      )
      events += Number(expected?.[1])
    }
    expect(files.length).toBeGreaterThan(40)
    expect(events).toBeGreaterThan(60)
  })

  it("[I34] the vault: sixteen notes, their bodies untouched, every wikilink outside code a link", () => {
    const paths = filesIn("notes/vault").filter(file => file.endsWith(".md"))
    const { draft, warnings, skipped } = parsed(
      "vault",
      paths.map(path => ({ path, bytes: readFileSync(join(root, path)) })),
    )
    const notes = draft.area === "notes" ? draft.notes : []
    expect(notes).toHaveLength(16)
    expect({ warnings, skipped }).toEqual({ warnings: [], skipped: [] })
    const targets = (text: string): readonly string[] =>
      [...text.matchAll(/\[\[([^\]|\n]+)/g)].map(([, target]) => target ?? "")
    for (const note of notes) {
      const file = readFileSync(join(root, note.sourceId), "utf8")
      expect(file.endsWith(note.body)).toBe(true)
      expect(file.slice(0, file.length - note.body.length)).toMatch(/^---\n[^]*\n---\n$/)
      expect(targets(note.body)).toEqual(targets(file))
      const outside = note.body.replace(/^([ >]*)```[^]*?^\1```/gm, "").replace(/`[^`\n]*`/g, "")
      expect(
        note.links.filter(link =>
          targets(outside)
            .map(target => target.replace(/\\$/, "").trim())
            .includes(link),
        ).length,
      ).toBeGreaterThanOrEqual(targets(outside).length)
    }
    expect(notes.flatMap(({ links }) => links).length).toBeGreaterThan(180)
  })

  it("[I40] both WhatsApp chats: what an independent reader made of them", () => {
    const target = JSON.parse(readFileSync(join(root, "chat/test_whatsapp_target.json"), "utf8")) as {
      timestamp: string
      author: string
      message: string
    }[]
    for (const file of ["chat/test_ddmmyy_24hrs.txt", "chat/test_mmddyyyy_12hrs.txt"]) {
      const { format, draft, warnings, skipped } = parsed(file)
      expect([format, warnings, skipped]).toEqual(["whatsapp", [], []])
      const messages = draft.area === "chat" ? draft.messages : []
      expect(
        messages
          .filter(({ system }) => !system)
          .map(({ sentAt, author, text }) => ({
            timestamp: `${sentAt.date}T${sentAt.time ?? ""}`,
            author,
            message: text.replaceAll("\n", " "),
          }))
          .reverse(),
      ).toEqual(target)
      expect(messages.filter(({ system }) => system)).toHaveLength(3)
    }
  })
})

describe.skipIf(!there)("statements of banks", () => {
  it.each([
    ["bank-abc_debit/example-abc_debit-records.csv", 5, [], ["date", "time", "amount", "payee", "note"]],
    ["bank-bmo-debit/example-bmo-records.csv", 4, [], ["date", "amount", "direction", "payee"]],
    [
      "bank-bocom_debit/example-bocom_debit-records.csv",
      6,
      [],
      ["date", "time", "amount", "direction", "payee", "note"],
    ],
    ["bank-cmb-debit/example-cmb-records.csv", 5, [], ["date", "amount", "payee", "note", "currency"]],
    // The line of totals is no row.
    [
      "bank-icbc-credit/example-icbc-credit-records.csv",
      9,
      [18],
      ["date", "debit", "credit", "payee", "note", "currency"],
    ],
    ["bank-jd/example-jd-records.csv", 26, [], ["date", "amount", "direction", "payee", "note", "category"]],
    ["bank-td/example-td-records.csv", 9, [], ["date", "debit", "credit", "payee"]],
  ])("[I60] %s is read without a word from a person", (name, rows, skippedLines, columns) => {
    const file = parseBank(readFileSync(join(root, "finance", name)), { currency: "CNY" })
    if (!file.ok) throw new Error(file.error.reason)
    const { draft, skipped } = file.value.parsed
    expect(draft.area === "ledger" && draft.entries).toHaveLength(rows)
    expect(skipped.map(({ line }) => line)).toEqual(skippedLines)
    expect(new Set(Object.keys(file.value.mapping.columns))).toEqual(new Set(columns))
  })
})
