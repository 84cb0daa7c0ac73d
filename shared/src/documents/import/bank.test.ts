import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { textToBytes } from "../../base/index.js"
import { inWords } from "../remark.js"
import type { EntryDraft } from "../drafts.js"
import { type BankFile, type BankOptions, parseBank } from "./bank.js"
import { importLimits } from "./limits.js"
import { guessDateOrder, parseTableDate } from "./table-dates.js"

const euro: BankOptions = { currency: "EUR" }
const read = (text: string | Uint8Array, options: BankOptions = euro): BankFile => {
  const file = parseBank(typeof text === "string" ? textToBytes(text) : text, options)
  if (!file.ok) throw new Error(file.error.reason)
  return file.value
}
const entriesOf = ({ parsed }: BankFile): readonly EntryDraft[] =>
  parsed.draft.area === "ledger" ? parsed.draft.entries : []
const signed = (file: BankFile): readonly number[] =>
  entriesOf(file).map(({ direction, amountMinor }) => (direction === "expense" ? -amountMinor : amountMinor))
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, letter => letter.charCodeAt(0))

const german = [
  "Kontoauszug;DE00 1234;;",
  "",
  "Buchungstag;Begünstigter/Zahlungspflichtiger;Verwendungszweck;Betrag;Währung",
  "01.03.2026;Bäckerei Größl;Brötchen;-1.234,56;EUR",
  "02.03.2026;Arbeitgeber;Gehalt März;2.500,00;EUR",
].join("\n")

describe("statements of banks", () => {
  it("[I60] a German statement: semicolon, Latin-1, decimal comma, day first, preamble above the header", () => {
    const file = read(latin1(german))
    expect(file.mapping).toEqual({
      encoding: "windows-1252",
      delimiter: ";",
      headerLine: 3,
      columns: { date: 0, payee: 1, note: 2, amount: 3, currency: 4 },
      dateOrder: "dmy",
      decimal: ",",
      positive: "income",
    })
    expect(entriesOf(file)[0]).toMatchObject({
      date: "2026-03-01",
      direction: "expense",
      amountMinor: 123456,
      payee: "Bäckerei Größl",
      note: "Brötchen",
      line: 4,
    })
    expect(signed(file)).toEqual([-123456, 250000])
  })

  it("[I60] a Chinese statement in GB18030 with both sides in columns", () => {
    // "交易日期,对方户名,支出金额,收入金额,币种" and a row, in GB18030.
    const header = "bdbbd2d7c8d5c6da2cb6d4b7bdbba7c3fb2cd6a7b3f6bdf0b6ee2ccad5c8ebbdf0b6ee2cb1d2d6d6"
    const bytes = Uint8Array.from(header.match(/../g) ?? [], pair => parseInt(pair, 16))
    const rows =
      "\n20260301,\xb3\xac\xca\xd0,28.16,,\xc8\xcb\xc3\xf1\xb1\xd2\n20260302,\xb3\xac\xca\xd0,,3.00,CNY\n"
    const file = read(new Uint8Array([...bytes, ...latin1(rows)]))
    expect(file.mapping).toMatchObject({
      encoding: "gb18030",
      columns: { date: 0, payee: 1, debit: 2, credit: 3 },
    })
    expect(entriesOf(file)[0]).toMatchObject({ payee: "超市", currency: "CNY", amountMinor: 2816 })
    expect(signed(file)).toEqual([-2816, 300])
  })

  it("[I60] a file without names: columns by what stands in them, month first by the days that exist", () => {
    const file = read(
      "05/01/2026,SHOP,1.96,,13.04\n05/23/2026,WAGES,,10.00,23.04\n05/24/2026,SHOP,2.00,,21.04",
    )
    expect(file.mapping).toMatchObject({
      headerLine: 0,
      dateOrder: "mdy",
      columns: { date: 0, payee: 1, debit: 2, credit: 3 },
    })
    expect(signed(file)).toEqual([-196, 1000, -200])
  })

  it.each<[string, string, readonly number[]]>([
    ["Dr and Cr", "Date,Type,Amount\n2026-01-01,Dr,5.00\n2026-01-02,Cr,6.00", [-500, 600]],
    ["借 and 贷", "交易日期,借贷,交易金额\n2026-01-01,借 Dr,5.00\n2026-01-02,贷 Cr,6.00", [-500, 600]],
    ["brackets", "Date,Name,Amount\n2026-01-01,a,(5.00)\n2026-01-02,b,6.00", [-500, 600]],
    ["a minus behind", "Date,Name,Amount\n2026-01-01,a,5.00-\n2026-01-02,b,6.00", [-500, 600]],
    ["a letter behind", "Date,Name,Amount\n2026-01-01,a,5.00 DR\n2026-01-02,b,-6.00 CR", [-500, 600]],
    ["only what was spent", "Date,Name,Amount\n2026-01-01,a,5.00\n2026-01-02,b,6.00", [-500, -600]],
  ])("[I61] money out and in: %s", (_, text, expected) => {
    expect(signed(read(text))).toEqual(expected)
  })

  it("[I61] what is neither is neutral, and a remark behind the amount is no part of it", () => {
    const file = read(
      "交易时间,商户名称,金额,收/支\n2026-01-01 10:00:00,店,131.77(已退款89.84),支出\n2026-01-02 10:00:00,店,9.00,不计收支",
    )
    expect(entriesOf(file).map(({ direction, amountMinor }) => [direction, amountMinor])).toEqual([
      ["expense", 13177],
      ["neutral", 900],
    ])
  })

  it("[I62] every guess may be corrected, and the corrected one is what is read", () => {
    const text = "When,Who,What\n01/02/2026,Shop,1.234\n03/02/2026,Shop,5.678"
    expect(parseBank(textToBytes(text), euro).ok).toBe(false)
    const mapping = {
      headerLine: 1,
      columns: { date: 0, payee: 1, amount: 2 },
      dateOrder: "mdy",
      decimal: ",",
      positive: "income",
    } as const
    const file = read(text, { currency: "EUR", mapping })
    expect(entriesOf(file).map(({ date }) => date)).toEqual(["2026-01-02", "2026-03-02"])
    expect(signed(file)).toEqual([123400, 567800])
    expect(file.mapping).toMatchObject(mapping)
  })

  it("[I62] an order of day and month that nothing settles is said to be a guess", () => {
    const file = read("Date,Name,Amount\n01/02/2026,a,-1.00\n02/03/2026,b,-1.00")
    expect(file.parsed.warnings.map(inWords)).toEqual(["the order of day and month is a guess: dmy"])
  })

  it("[I63] the same rows in another export have the same ids; equal rows are told apart", () => {
    const rows = ["2026-01-01,Coffee,-2.00", "2026-01-01,Coffee,-2.00", "2026-01-02,Tea,-3.00"]
    const ids = (some: readonly string[]) =>
      entriesOf(read(["Date,Name,Amount", ...some].join("\n"))).map(({ sourceId }) => sourceId)
    const all = ids(rows)
    expect(new Set(all).size).toBe(3)
    expect(ids(rows.slice(0, 2))).toEqual(all.slice(0, 2))
    expect(ids(["2025-12-31,Rent,-9.00", ...rows]).slice(1)).toEqual(all)
  })

  it("[I64] rows that cannot be read are named by line and reason", () => {
    const file = read(
      "Date,Name,Amount\n2026-02-30,a,-1.00\n2026-03-01,b,much\n2026-03-01,c,-1.005\n2026-03-02,d,-1.00\n",
    )
    expect(file.parsed.skipped).toEqual([
      { line: 2, reason: 'no date: "2026-02-30"', remark: { code: "NoDate", found: "2026-02-30" } },
      { line: 3, reason: 'no amount: "much"', remark: { code: "NoAmount", found: "much" } },
      { line: 4, reason: 'no amount: "-1.005"', remark: { code: "NoAmount", found: "-1.005" } },
    ])
    expect(file.parsed.sums).toEqual({ "expense EUR": { count: 1, amountMinor: 100 } })
  })

  it("[I1] whatever the bytes are, it ends without an exception", () => {
    const piece = fc.constantFrom(
      "Date",
      "Amount",
      ",",
      ";",
      "\n",
      '"',
      "2026-01-01",
      "-1.00",
      "1.2.26",
      "(",
      "金额",
      "\t",
      "é",
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.array(piece, { maxLength: 60 }).map(parts => textToBytes(parts.join(""))),
        ),
        bytes => {
          const file = parseBank(bytes, euro)
          if (file.ok) expect(entriesOf(file.value).every(({ amountMinor }) => amountMinor >= 0)).toBe(true)
        },
      ),
    )
    const large = parseBank(new Uint8Array(importLimits.billBytes + 1), euro)
    expect(large.ok ? undefined : large.error.type).toBe("TooLarge")
  })
})

describe("days in tables", () => {
  it.each([
    ["2026-03-01", "2026-03-01"],
    ["2026/3/1 10:05", "2026-03-01"],
    ["20260301", "2026-03-01"],
    ["2026年3月1日", "2026-03-01"],
    ["1.3.26", "2026-03-01"],
    ["1 Mar 2026", "2026-03-01"],
    ["01-Mär-26", "2026-03-01"],
    ["Mar 1, 2026", "2026-03-01"],
    ["31.02.2026", undefined],
    ["12345678901", undefined],
    ["Total", undefined],
  ])("[I60] %s", (text, date) => {
    expect(parseTableDate(text, "dmy")?.date).toBe(date)
  })

  it("[I60] of two orders the one whose days run one way", () => {
    expect(guessDateOrder(["01/02/2026", "02/02/2026", "03/02/2026"])).toEqual({ order: "dmy", sure: false })
    expect(guessDateOrder(["02/01/2026", "02/03/2026", "03/01/2026"])).toEqual({ order: "mdy", sure: false })
    expect(guessDateOrder(["13/01/2026", "02/03/2026"])).toEqual({ order: "dmy", sure: true })
    expect(guessDateOrder(["01.02.2026", "", "02.03.26"])).toEqual({ order: "dmy", sure: true })
  })
})
