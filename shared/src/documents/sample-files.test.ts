import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as A from "@automerge/automerge"
import { describe, expect, it } from "vitest"
import { textToBytes } from "../base/index.js"
import type { ParsedImport } from "./drafts.js"
import { icsOfPlans } from "./export/ics.js"
import { parseCalendar, parseImport } from "./import/index.js"
import { planImport } from "./import-plan.js"
import { type ImportContext, rowsPerStep } from "./import-step.js"
import { parseLedger } from "./ledger.js"
import { type Plans, parsePlans } from "./plans.js"
import { expandPlans } from "./recurrence.js"
import { parseRule } from "./rule.js"
import { type TestDoc, anna, device, must } from "./samples.js"
import { parseChat } from "./chat.js"

// Other people's files: read where they are, never copied.
const root = process.env["HOME_SAMPLES"] ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url))
const there = existsSync(join(root, "SOURCES.md"))

const hash: ImportContext["hash"] = (domain, ...parts) => {
  const sha = createHash("sha256").update(domain)
  for (const part of parts) sha.update(`${part.length}:`).update(part)
  return new Uint8Array(sha.digest())
}
const context: ImportContext = { hash, ...anna, zone: "Europe/Berlin" }

const files = (folder: string, ending: string): readonly string[] =>
  !there
    ? []
    : readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile() && entry.name.endsWith(ending))
        .map(entry => join(entry.parentPath, entry.name))
        .sort()

const parsedFile = (path: string): ParsedImport | undefined => {
  const result = parseImport(path, readFileSync(path))
  return result.ok ? result.value : undefined
}

const importInto = (family: Map<string, TestDoc>, parsed: ParsedImport) => {
  const { steps, skipped } = planImport(parsed, context)
  let added = 0
  for (const step of steps) {
    expect(step.rows).toBeLessThanOrEqual(rowsPerStep)
    const key = `${step.document.area}/${step.document.name}`
    const next = A.change(
      family.get(key) ?? device(step.document.area, "11"),
      draft => void (added += must(step.apply(draft))),
    )
    family.set(key, next)
  }
  return { added, skipped }
}

const rowsOf = ({ draft }: ParsedImport): number =>
  draft.area === "ledger"
    ? draft.entries.length
    : draft.area === "plans"
      ? draft.plans.length
      : draft.area === "chat"
        ? draft.messages.length
        : draft.notes.length

const issuesOf = (family: ReadonlyMap<string, TestDoc>) =>
  [...family].flatMap(([key, doc]) => {
    if (key.startsWith("ledger/")) return must(parseLedger(doc)).issues
    if (key.startsWith("plans/")) return must(parsePlans(doc)).issues
    return key.startsWith("chat/") ? must(parseChat(doc)).issues : []
  })

describe.skipIf(!there)("sample files", () => {
  it("[D72] every draft of every bill, calendar and chat becomes an item that reads without an issue, once", () => {
    const paths = [
      ...files("finance/cn-alipay", ".csv"),
      ...files("finance/cn-wechat", ".csv"),
      ...files("calendar", ".ics"),
      ...files("chat", ".txt"),
    ]
    let [read, rows] = [0, 0]
    for (const path of paths) {
      const parsed = parsedFile(path)
      if (parsed === undefined) continue
      const family = new Map<string, TestDoc>()
      const { added, skipped } = importInto(family, parsed)
      expect([path, added + skipped.length]).toEqual([path, rowsOf(parsed)])
      expect([path, skipped, issuesOf(family)]).toEqual([path, [], []])
      if (rowsOf(parsed) < 100) expect(importInto(family, parsed).added).toBe(0)
      read += 1
      rows += added
    }
    expect([read > 5, rows > 100]).toEqual([true, true])
  })

  it("[D83] every calendar that is written out is read back with the same plans, at the same times", () => {
    for (const path of files("calendar", ".ics")) {
      const parsed = parsedFile(path)
      if (parsed?.draft.area !== "plans" || parsed.draft.plans.length === 0) continue
      const family = new Map<string, TestDoc>()
      importInto(family, parsed)
      const plans = must(parsePlans(family.get("plans/family")))
      const again = new Map<string, TestDoc>()
      importInto(again, must(parseCalendar(textToBytes(icsOfPlans(plans, 0)))))
      const back = must(parsePlans(again.get("plans/family")))
      expect([path, outline(back)]).toEqual([path, outline(plans)])
      expect([path, instances(back)]).toEqual([path, instances(plans)])
    }
  })
})

const outline = ({ items }: Plans) =>
  [...items.values()]
    .map(({ kind, title, body, location, rrule, reminders, tags }) =>
      JSON.stringify([
        kind,
        title,
        body,
        location,
        rrule === undefined ? "" : parseRule(rrule),
        reminders,
        tags,
      ]),
    )
    .sort()

const instances = ({ items }: Plans) =>
  expandPlans(items.values(), {
    fromMs: Date.UTC(1990, 0),
    toMs: Date.UTC(2030, 0),
    zone: "Europe/Berlin",
    limit: 2000,
  })
    .occurrences.map(
      ({ startMs, endMs, override, cancelled }) => `${startMs} ${endMs} ${override.title ?? ""} ${cancelled}`,
    )
    .sort()
