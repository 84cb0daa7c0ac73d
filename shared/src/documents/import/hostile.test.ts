import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { textToBytes } from "../../base/index.js"
import type { ImportDraft, PlanDraft } from "../drafts.js"
import { importFormats, importLimits, parseImport, parseMarkdown, type ImportFormat } from "./index.js"
import { readRecords } from "./records.js"

const seeds: Readonly<Record<ImportFormat, string>> = {
  alipay:
    '共2笔记录\n支出：1笔 2.00元\n交易时间,交易分类,交易对方,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,备注\n2024-03-09 08:15:00,餐饮,店,"面\n汤",支出,12.50,余额,交易成功,77\t,\n2024-03-09 08:15:00,餐饮,店,面,,1.50,余额,交易关闭,,\n',
  wechat:
    '共1笔记录,,\n交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n2024-01-05 12:45:27,商户消费,"店","面",支出,¥28.10,零钱,已退款(￥1.00),"1"\t,2,/\n',
  ofx: "OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>1</BANKACCTFROM>\n<STMTTRN><DTPOSTED>20240105120000[-3:BRT]<TRNAMT>-1.50<FITID>7<NAME>A &amp; B<MEMO>x\n<STMTTRN><DTPOSTED>20240106<TRNAMT>2<FITID>7<CURRENCY><CURSYM>USD</CURRENCY></STMTTRN></STMTRS></OFX>",
  camt: '<?xml version="1.0"?><Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>DE1</IBAN></Id></Acct><Ntry><Amt Ccy="EUR">1.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><BookgDt><Dt>2024-01-05</Dt></BookgDt><NtryDtls><TxDtls><RmtInf><Ustrd>x</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry><Ntry><Amt Ccy="EUR">2</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2024-01-06</Dt></BookgDt><AcctSvcrRef>9</AcctSvcrRef></Ntry></Stmt></BkToCstmrStmt></Document>',
  icalendar:
    "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Here\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Here:20240101T100000\r\nDTEND:20240101T110000Z\r\nRRULE:FREQ=MONTHLY;BYDAY=-1SU;COUNT=3\r\nEXDATE:20240201T100000,20240301T100000\r\nRDATE;VALUE=PERIOD:20240101T100000Z/PT1H\r\nSUMMARY;LANGUAGE=de:Caf\\, é\r\n  more\r\nBEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID:20240201T100000\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
  markdown:
    '---\ntitle: x\ntags: [a, b]\nm: {a: 1}\nd: &a 2024-01-01\n---\n# Head #tag\n[[a|b]] `c` [x](y%20z.md "t")\n```\n[[no]]\n```\n> ~~~\n> q\n',
  whatsapp:
    "20/01/19, 11:23 - Ann: hello\nmore\n\u200e[21.01.19, 11:23:45\u202fPM] Bo: \u200eimage omitted\n2023/5/6 下午3:04 - 甲: 好\n20/01/19, 11:23 - Ann: hello\n",
}

const idsOf = (draft: ImportDraft): readonly string[] => {
  const planIds = (plan: PlanDraft): readonly string[] => [
    plan.sourceId,
    ...plan.overrides.flatMap(({ draft: changed }) => planIds(changed)),
  ]
  switch (draft.area) {
    case "ledger":
      return draft.entries.map(({ sourceId }) => sourceId)
    case "notes":
      return draft.notes.map(({ sourceId }) => sourceId)
    case "plans":
      return draft.plans.flatMap(planIds)
    case "chat":
      return draft.messages.map(({ sourceId }) => sourceId)
  }
}

// Not fc.double: it prefers numbers next to zero, and nearly every file would be cut at its first byte.
const share = fc.integer({ min: 0, max: 999 }).map(thousandths => thousandths / 1000)

/** Where to cut, and what to put over or into the rest. */
const wound = fc.record({
  cut: share,
  edits: fc.array(
    fc.record({
      at: share,
      remove: fc.nat(6),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc.constantFrom(
          ...[
            "\n",
            '"',
            ",",
            ":",
            ";",
            "[",
            "{",
            "`",
            "---\n",
            "BEGIN:VEVENT\n",
            "<",
            "</Ntry>",
            "<STMTTRN>",
            "END:VEVENT\n",
            "&a *a",
            "0",
            "99",
            " ",
            "\t",
            "\u200e",
          ].map(textToBytes),
        ),
      ),
    }),
    { maxLength: 6 },
  ),
})

const wounded = (
  bytes: Uint8Array,
  { cut, edits }: { cut: number; edits: readonly { at: number; remove: number; insert: Uint8Array }[] },
): Uint8Array => {
  let left = [...(cut < 0.3 ? bytes.subarray(0, Math.floor((cut / 0.3) * bytes.length)) : bytes)]
  for (const { at, remove, insert } of edits) {
    const index = Math.floor(at * left.length)
    left = [...left.slice(0, index), ...insert, ...left.slice(index + remove)]
  }
  return Uint8Array.from(left)
}

describe("hostile input", () => {
  for (const format of importFormats) {
    it(`[I1] [I2] damaged ${format} never throws, is read alike twice, and no two drafts share an id`, () => {
      const whole = textToBytes(seeds[format])
      let read = 0
      fc.assert(
        fc.property(wound, damage => {
          const bytes = wounded(whole, damage)
          const result = parseImport(`x.${format}`, bytes, { format })
          expect(parseImport(`x.${format}`, bytes, { format })).toEqual(result)
          if (!result.ok) return
          read++
          const ids = idsOf(result.value.draft)
          expect(new Set(ids).size).toBe(ids.length)
        }),
        { numRuns: 300 },
      )
      // Most runs read something: about 100 of 300 for a bill, whose header a wound often hits.
      expect(read).toBeGreaterThan(50)
    })
  }

  it("[I1] bytes of any kind never throw, whatever format is claimed", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom(undefined, ...importFormats),
        (bytes, format) => {
          const result = parseImport("x", bytes, format === undefined ? {} : { format })
          if (!result.ok) expect(result.error.reason).not.toBe("")
        },
      ),
      { numRuns: 500 },
    )
  })

  it("[I1] what is too large is refused before any work", () => {
    const sizes: readonly (readonly [ImportFormat, number])[] = [
      ["alipay", importLimits.billBytes],
      ["wechat", importLimits.billBytes],
      ["ofx", importLimits.billBytes],
      ["camt", importLimits.billBytes],
      ["icalendar", importLimits.calendarBytes],
      ["whatsapp", importLimits.chatBytes],
    ]
    for (const [format, limit] of sizes) {
      expect(parseImport("x", new Uint8Array(limit + 1), { format })).toMatchObject({
        ok: false,
        error: { type: "TooLarge", line: 0 },
      })
    }
    const shared = new Uint8Array(importLimits.noteBytes)
    expect(
      parseMarkdown(Array.from({ length: 65 }, (_, at) => ({ path: `${at}.md`, bytes: shared }))),
    ).toMatchObject({ ok: false, error: { type: "TooLarge" } })
    expect(
      parseMarkdown(
        Array.from({ length: importLimits.folderFiles + 1 }, () => ({
          path: "a.md",
          bytes: new Uint8Array(0),
        })),
      ),
    ).toMatchObject({ ok: false, error: { type: "TooLarge" } })
    expect(
      parseImport("x", textToBytes("\n".repeat(importLimits.billRows)), { format: "alipay" }),
    ).toMatchObject({ ok: false, error: { type: "TooLarge" } })
  })

  it("[I1] shapes that make naive readers slow or deep come to an end", () => {
    const head = seeds.wechat.split("\n")[1] ?? ""
    const shapes: readonly (readonly [ImportFormat, string])[] = [
      ["wechat", `${head}\n${'a,"b,c\n'.repeat(20_000)}`],
      ["wechat", `${head}\n${",".repeat(500_000)}x`],
      ["icalendar", "BEGIN:VEVENT\n".repeat(50_000)],
      ["icalendar", `BEGIN:VEVENT\nSUMMARY${';a="'.repeat(40_000)}:x`],
      ["icalendar", `BEGIN:VEVENT\nUID:1\n${"EXDATE:20240101T100000\n".repeat(20_000)}END:VEVENT`],
      ["markdown", `---\na: ${"[".repeat(10_000)}\n---\n`],
      ["markdown", `---\n${"- ".repeat(5_000)}a\n---\n`],
      ["markdown", "`` ` ``` ".repeat(50_000)],
      ["markdown", "[[".repeat(200_000)],
      ["markdown", "[x](".repeat(100_000)],
      ["markdown", "\n> ".repeat(100_000)],
      ["whatsapp", `20/01/19, 11:23 - A: x${"\ny".repeat(300_000)}`],
      ["whatsapp", "20/01/19, 11:23 - ".repeat(50_000)],
    ]
    for (const [format, text] of shapes)
      expect(typeof parseImport("x", textToBytes(text), { format }).ok).toBe("boolean")
  })

  it("[I17] cells with commas, quotes and lines that a CSV writer wrote are read back with their lines", () => {
    const cell = fc.stringMatching(/^[a-z甲,"\n]{0,12}$/u).map(text => `c${text}c`)
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
        rows => {
          let line = 1
          const expected = rows.map(cells => {
            const record = { line, cells }
            line += 1 + cells.join("").split("\n").length - 1
            return record
          })
          const text = rows
            .map(cells => cells.map(value => `"${value.replaceAll('"', '""')}"`).join(","))
            .join("\n")
          expect(readRecords(text.split("\n"))).toEqual(expected)
        },
      ),
    )
  })
})
