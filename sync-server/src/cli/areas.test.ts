import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { brokenBill, calendarFile, chatFile } from "./testing/fixtures.js"
import { foundIn, home, joinFamily, scratch } from "./testing/test-home.js"

const folder = scratch()
afterAll(folder.remove)
const anna = folder.path("anna")
const ben = folder.path("ben")
const calendar = folder.path("calendar.ics")
const chat = folder.path("WhatsApp Chat with Ben.txt")
const notes = folder.path("notes")

beforeAll(async () => {
  await foundIn(anna)
  await joinFamily(anna, ben)
  writeFileSync(calendar, calendarFile)
  writeFileSync(chat, chatFile)
  mkdirSync(notes)
  writeFileSync(`${notes}/Bread.md`, "---\ntags: [kitchen]\n---\n# Bread\n\nFlour, see [[Water]].\n")
  writeFileSync(`${notes}/Water.md`, "Wet.\n")
})

const bundlesOf = async (dir: string): Promise<unknown> =>
  (await home(["status", "--data", dir, "--json"])).json[0]?.["bundles"]
const exported = async (
  dir: string,
  area: string,
): Promise<Record<string, readonly Record<string, unknown>[]>> => {
  const { out } = await home(["export", area, "--data", dir])
  expect(out).toHaveLength(1)
  return JSON.parse(out[0] ?? "") as Record<string, readonly Record<string, unknown>[]>
}

describe("importing", () => {
  it("[C20] adds nothing of any file when one cannot be read", async () => {
    const bill = folder.path("bill.csv")
    writeFileSync(bill, brokenBill)
    const before = await bundlesOf(anna)
    for (const bad of [bill, folder.path("missing.ics")]) {
      const ran = await home(["import", calendar, bad, "--data", anna, "--json"])
      expect(ran.code).toBe(4)
      expect(ran.json).toEqual([
        {
          error: {
            kind: "unreadable",
            message: expect.stringContaining(bad),
            file: bad,
            line: expect.any(Number),
            reason: expect.any(String),
          },
          exitCode: 4,
        },
      ])
    }
    expect(await bundlesOf(anna)).toBe(before)
  })

  it("[C23] refuses a file that belongs elsewhere", async () => {
    const before = await bundlesOf(anna)
    expect((await home(["import", calendar, "--into", "ledger", "--data", anna])).code).toBe(4)
    expect(await bundlesOf(anna)).toBe(before)
  })

  it("[C22] says beforehand what would be new, and changes nothing", async () => {
    const before = await bundlesOf(anna)
    const dry = await home(["import", calendar, chat, notes, "--dry-run", "--data", anna, "--json"])
    expect(dry.json.map(line => [line["entries"], line["added"], line["dryRun"]])).toEqual([
      [2, 2, true],
      [3, 3, true],
      [2, 2, true],
    ])
    expect(await bundlesOf(anna)).toBe(before)
  })

  it("[C21] reads calendars, chats and folders, and adds nothing the second time", async () => {
    const args = ["import", calendar, chat, notes, "--zone", "Europe/Berlin", "--data", anna, "--json"]
    const first = await home(args)
    expect(first.json).toEqual([
      {
        file: calendar,
        format: "icalendar",
        area: "plans",
        entries: 2,
        added: 2,
        skipped: [],
        sums: expect.any(Object),
        warnings: [],
      },
      expect.objectContaining({ file: chat, format: "whatsapp", entries: 3, added: 3, skipped: [] }),
      expect.objectContaining({ file: notes, format: "markdown", entries: 2, added: 2, skipped: [] }),
    ])
    const second = await home(args)
    expect(second.json.map(line => line["added"])).toEqual([0, 0, 0])
    const { messages = [] } = await exported(anna, "chat")
    const members = (await home(["members", "--data", anna, "--json"])).json
    const [id] = members.filter(({ name }) => name === "Ben").map(({ member }) => member)
    expect(messages.map(({ author }) => author)).toContain(id)
  })
})

describe("writing and reading", () => {
  it("[C25] lists and exports what was added", async () => {
    const at = (...args: string[]) => home([...args, "--data", anna, "--json"])
    const { member } = (await at("status")).json[0] ?? {}
    expect(
      (await at("ledger", "add", "12,50", "Bakery", "--currency", "EUR", "--date", "2026-03-02")).code,
    ).toBe(0)
    expect((await at("ledger", "add", "twelve", "Bakery", "--currency", "EUR")).code).toBe(2)
    expect((await at("ledger", "list", "--period", "2026-03")).json).toEqual([
      expect.objectContaining({
        amountMinor: 1250,
        currency: "EUR",
        payee: "Bakery",
        direction: "expense",
        author: member,
      }),
    ])
    expect((await at("ledger", "list", "--period", "2025")).json).toEqual([])

    const added = await at("note", "add", "Soup", "--body", "Salt", "--tag", "kitchen")
    expect((await at("note", "show", "soup")).json).toEqual([
      expect.objectContaining({ id: added.json[0]?.["added"], body: "Salt", tags: ["kitchen"] }),
    ])
    expect((await at("note", "list", "--tag", "kitchen")).json.map(({ title }) => title)).toContain("Soup")
    expect((await at("note", "show", "nothing")).code).toBe(2)

    await at("plan", "add", "Gym", "--start", "2026-03-04T18:30", "--rrule", "FREQ=WEEKLY", "--assign", "Ben")
    expect((await at("plan", "add", "Gym", "--start", "tomorrow")).code).toBe(2)
    expect((await at("plan", "list")).json).toContainEqual(
      expect.objectContaining({
        title: "Gym",
        kind: "event",
        start: "2026-03-04T18:30:00",
        rrule: "FREQ=WEEKLY",
      }),
    )

    await at("chat", "send", "Dinner!")
    expect((await at("chat", "list", "--limit", "1")).json).toEqual([
      expect.objectContaining({ text: "Dinner!", author: member }),
    ])
  })

  it("[C24] writes an export whole, and other forms where an area has them", async () => {
    const out = folder.path("ledger.json")
    expect((await home(["export", "ledger", "--out", out, "--data", anna, "--json"])).json).toEqual([
      { area: "ledger", format: "json", out },
    ])
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual(await exported(anna, "ledger"))
    expect((await home(["export", "ledger", "--format", "csv", "--data", anna])).out.join()).toContain(
      "Bakery",
    )
    expect((await home(["export", "plans", "--format", "ics", "--data", anna])).out.join()).toContain(
      "SUMMARY:Gym",
    )
    expect((await home(["export", "chat", "--format", "csv", "--data", anna])).code).toBe(2)
    expect(
      (await home(["export", "ledger", "--out", folder.path("no", "such", "folder"), "--data", anna])).code,
    ).toBe(4)
    const vault = folder.path("vault")
    expect(
      (await home(["export", "notes", "--format", "markdown", "--out", vault, "--data", anna])).code,
    ).toBe(0)
    const again = await home(["import", vault, "--dry-run", "--data", ben, "--json"])
    expect(again.json[0]).toMatchObject({ entries: 3, added: 3 })
  })
})
