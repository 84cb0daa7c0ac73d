import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Result, textToBytes } from "../../base/index.js"
import type { EntryDraft, ParsedImport } from "../drafts.js"
import { type ImportError, importLimits, parseCamt, parseOfx, parseQif } from "./index.js"
import { readMarkup } from "./markup.js"

const draftsOf = (read: Result<ParsedImport, ImportError>): readonly EntryDraft[] => {
  if (!read.ok) throw new Error(read.error.reason)
  return read.value.draft.area === "ledger" ? read.value.draft.entries : []
}
/** Day, signed amount, currency, payee, note. */
const lineOf = ({ date, direction, amountMinor, currency, payee, note }: EntryDraft): string =>
  [date, direction === "expense" ? -amountMinor : amountMinor, currency, payee, note].join(" | ")
const ofx = (text: string) => parseOfx(textToBytes(text))
const camt = (text: string) => parseCamt(textToBytes(text))
const qif = (text: string) => parseQif(textToBytes(text), { currency: "EUR" })

const sgml = `OFXHEADER:100
DATA:OFXSGML

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR
<BANKACCTFROM><BANKID>1<ACCTID>111<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260101
<STMTTRN>
<TRNTYPE>DEBIT
<DTPOSTED>20260301120000[-3:BRT]
<TRNAMT>-1234.56
<FITID>a1
<NAME>Baker & Sons
<MEMO>two < three
</STMTTRN>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260302081500<TRNAMT>+10,5<FITID>a2<PAYEE><NAME>Employer<CITY>Bonn</PAYEE>
<CURRENCY><CURRATE>1.1<CURSYM>USD</CURRENCY>
<STMTTRN><DTPOSTED>20260303<TRNAMT>-3<FITID>a1<ORIGCURRENCY><CURRATE>1.1<CURSYM>USD</ORIGCURRENCY><MEMO>only a memo</STMTTRN>
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>`

const xml = sgml
  .replace(/^OFXHEADER.*\n.*\n/, '<?xml version="1.0"?><?OFX OFXHEADER="200"?>')
  .replace("Baker & Sons", "Baker &amp; Sons")
  .replace("two < three", "two &lt; three")
  .replace(/<([A-Z]+)>([^<\n]+)(?=[<\n])/g, "<$1>$2</$1>")

const entry = (body: string): string => `<Ntry>${body}</Ntry>`
const statement = (entries: string, account = "DE1"): string =>
  `<Stmt><Acct><Id><IBAN>${account}</IBAN></Id><Ccy>EUR</Ccy></Acct><Bal><Amt Ccy="EUR">9</Amt></Bal>${entries}</Stmt>`
const document = (statements: string): string =>
  `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>${statements}</BkToCstmrStmt></Document>`
const parties =
  "<RltdPties><Dbtr><Pty><Nm>Anna</Nm></Pty></Dbtr><Cdtr><Pty><Nm>Baker</Nm></Pty></Cdtr></RltdPties>"
const booked = (side: string, amount: string, rest = ""): string =>
  entry(
    `<Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-01</Dt></BookgDt>${rest}`,
  )

describe("statements of banks in their own formats", () => {
  it.each([
    ["SGML", sgml],
    ["XML", xml],
  ])("[I70] [I71] [I72] OFX as %s", (_, text) => {
    const drafts = draftsOf(ofx(text))
    expect(drafts.map(lineOf)).toEqual([
      "2026-03-01 | -123456 | EUR | Baker & Sons | two < three",
      "2026-03-02 | 1050 | USD | Employer | ",
      "2026-03-03 | -300 | EUR | only a memo | ",
    ])
    expect(drafts.map(({ time }) => time)).toEqual([undefined, "08:15:00", undefined])
  })

  it("[I73] [I74] the bank's number tells rows apart; in a file of two accounts the account does too", () => {
    expect(draftsOf(ofx(sgml)).map(({ sourceId, account }) => [sourceId, account])).toEqual([
      ["111|a1", ""],
      ["111|a2", ""],
      ["111|a1#1", ""],
    ])
    const both = sgml.replace(
      "</BANKTRANLIST>",
      "</BANKTRANLIST></STMTRS><CCSTMTRS><CURDEF>CHF<CCACCTFROM><ACCTID>222</CCACCTFROM><STMTTRN><DTPOSTED>20260304<TRNAMT>-1<FITID>a1<NAME>Shop</STMTTRN></CCSTMTRS><STMTRS>",
    )
    const last = draftsOf(ofx(both)).at(-1)
    expect(last).toMatchObject({ sourceId: "222|a1", account: "222", currency: "CHF" })
    expect(draftsOf(ofx(both))[0]?.account).toBe("111")
    const without = draftsOf(ofx(sgml.replaceAll("<FITID>a1", "")))
    expect(without[0]?.sourceId).toBe("111|2026-03-01|-123456|EUR|Baker & Sons|two < three")
  })

  it("[I70] [I71] [I72] CAMT: the other side is the payee, a refund's is the one of the first booking", () => {
    const refund = booked(
      "CRDT",
      "5.00",
      `<RvslInd>true</RvslInd><NtryDtls><TxDtls>${parties}</TxDtls></NtryDtls>`,
    )
    const ustrd = "<RmtInf><Ustrd>bread</Ustrd><Ustrd>and rolls</Ustrd></RmtInf>"
    const text = document(
      statement(
        [
          booked("DBIT", "1234.5", `<NtryDtls><TxDtls>${parties}${ustrd}</TxDtls></NtryDtls>`),
          booked("CRDT", "7", `<NtryDtls><TxDtls>${parties}</TxDtls></NtryDtls>`),
          refund.replaceAll("<Pty>", "").replaceAll("</Pty>", "").replace("<Dbtr><Nm>Anna</Nm></Dbtr>", ""),
          booked("DBIT", "0.30", "<AddtlNtryInf>Fee &#38; tax</AddtlNtryInf>").replace("BOOK", "PDNG"),
        ].join(""),
      ),
    )
    const expected = [
      "2026-03-01 | -123450 | EUR | Baker | bread and rolls",
      "2026-03-01 | 700 | EUR | Anna | ",
      "2026-03-01 | 500 | EUR | Baker | ",
      "2026-03-01 | -30 | EUR | Fee & tax | ",
    ]
    const drafts = draftsOf(camt(text))
    expect(drafts.map(lineOf)).toEqual(expected)
    expect(drafts.map(({ status }) => status)).toEqual(["settled", "settled", "settled", "pending"])
    const prefixed = text.replace(/<(\/?)(?=[A-Z])/g, "<$1c:")
    expect(draftsOf(camt(prefixed)).map(lineOf)).toEqual(expected)
  })

  it("[I71] CAMT: a booking that gathers payments is one entry, with all that were paid", () => {
    const one = (name: string, amount: string): string =>
      `<TxDtls><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><RltdPties><Cdtr><Nm>${name}</Nm></Cdtr></RltdPties></TxDtls>`
    const text = document(
      statement(booked("DBIT", "30", `<NtryDtls>${one("Baker", "10")}${one("Miller", "20")}</NtryDtls>`)),
    )
    expect(draftsOf(camt(text)).map(lineOf)).toEqual(["2026-03-01 | -3000 | EUR | Baker, Miller | "])
  })

  it("[I73] [I74] CAMT: the bank's reference is the id, where it is one", () => {
    const two = booked("DBIT", "1", "<AcctSvcrRef>r7</AcctSvcrRef>")
    const none = booked("DBIT", "2", "<AcctSvcrRef>NOTPROVIDED</AcctSvcrRef>")
    const ids = (text: string) => draftsOf(camt(text)).map(({ sourceId, account }) => [sourceId, account])
    expect(ids(document(statement(two + none)))).toEqual([
      ["DE1|r7", ""],
      ["DE1|2026-03-01|-200|EUR||", ""],
    ])
    expect(ids(document(statement(two) + statement(two, "DE2")))).toEqual([
      ["DE1|r7", "DE1"],
      ["DE2|r7", "DE2"],
    ])
  })

  const bank = (records: readonly string[]): string => ["!Type:Bank", ...records, ""].join("\n")

  it("[I70] [I71] [I75] QIF: bookings, not lists; days and amounts as the whole file has them", () => {
    const text = [
      "!Option:AutoSwitch",
      "!Account",
      "NGiro",
      "TBank",
      "^",
      "!Type:Cat",
      "NFood",
      "^",
      bank([
        "D1/15'26",
        "T-1,234.50",
        "PBaker",
        "MBread",
        "LFood:Bread",
        "^",
        "D2/ 1' 4",
        "U5.00",
        "PBen",
        "^",
      ]),
      "!Type:Memorized",
      "D1/1/20",
      "T9.00",
      "^",
    ].join("\r\n")
    const drafts = draftsOf(qif(text))
    expect(drafts.map(lineOf)).toEqual([
      "2026-01-15 | -123450 | EUR | Baker | Bread",
      "2004-02-01 | 500 | EUR | Ben | ",
    ])
    expect(drafts.map(({ category, account }) => [category, account])).toEqual([
      ["Food:Bread", ""],
      ["", ""],
    ])
    const german = bank(["D15.01.2026", "T-1.234,50", "PBäcker", "^"])
    expect(draftsOf(qif(german)).map(lineOf)).toEqual(["2026-01-15 | -123450 | EUR | Bäcker | "])
  })

  it("[I75] QIF: splits and the other account of a transfer stay as words", () => {
    const split = [
      "D2026-03-01",
      "T-9.00",
      "PShop",
      "LFood",
      "SFood",
      "Ebread",
      "$-4.00",
      "SBooks",
      "$-5.00",
      "^",
    ]
    const transfer = ["D2026-03-02", "T-7.00", "PMove", "L[Savings]", "^"]
    expect(draftsOf(qif(bank([...split, ...transfer]))).map(draft => [draft.note, draft.category])).toEqual([
      ["Food bread -4.00; Books -5.00", ""],
      ["[Savings]", ""],
    ])
  })

  it("[I74] QIF: in a file of two accounts each row names its own", () => {
    const account = (name: string): string => `!Account\nN${name}\n^\n`
    const text =
      account("Giro") +
      bank(["D2026-03-01", "T-1", "^"]) +
      account("Cash") +
      bank(["D2026-03-02", "T-2", "^"])
    expect(draftsOf(qif(text)).map(draft => draft.account)).toEqual(["Giro", "Cash"])
  })

  it("[I3] what has no day or amount is named by its line", () => {
    const read = qif(bank(["D2026-02-30", "T-1", "^", "D2026-03-01", "Tmuch", "^"]))
    expect(read.ok && read.value.skipped).toEqual([
      { line: 2, reason: 'no date: "2026-02-30"', remark: { code: "NoDate", found: "2026-02-30" } },
      { line: 5, reason: 'no amount: "much"', remark: { code: "NoAmount", found: "much" } },
    ])
  })

  it("[I1] whatever the bytes are, QIF ends without an exception", () => {
    const piece = fc.constantFrom(
      "!Type:Bank",
      "!Account",
      "\n",
      "D1/2/26",
      "T-1",
      "^",
      "NGiro",
      "L[x]",
      "é",
      "'",
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), parts => {
        expect(qif(parts.join("")).ok).toBeTypeOf("boolean")
      }),
    )
    const large = parseQif(new Uint8Array(importLimits.billBytes + 1), { currency: "EUR" })
    expect(large.ok ? undefined : large.error.type).toBe("TooLarge")
  })

  it("[I70] a file's own entities stay as they stand, and what does not end goes to the end", () => {
    const textsOf = (text: string) =>
      [...readMarkup(text)].flatMap(token => (token.type === "Text" ? [token.text] : []))
    expect(textsOf('<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a; &#x41; &#0; &amp;lt;</x>')).toContain(
      "&a; A &#0; &lt;",
    )
    expect(textsOf("<x>1<![CDATA[2 < 3]]><!-- 4")).toEqual(["1", "2 < 3"])
  })
})
