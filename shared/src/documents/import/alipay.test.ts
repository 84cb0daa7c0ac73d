import { describe, expect, it } from "vitest"
import { textToBytes } from "../../base/index.js"
import { inWords } from "../remark.js"
import type { EntryDraft, ParsedImport } from "../drafts.js"
import { parseAlipay } from "./alipay.js"

// The app's export in its own encoding, GB18030, with invented rows (made by iconv).
const appExport = Buffer.from(
  [
    "LS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0tCrW8s/bQxc+io7oK0NXD+6O6vNcKxvDKvMqxvOSjulsyMDI0LTAzLTAxIDAwOjAwOjAwXSAgICDW1d",
    "a5yrG85KO6WzIwMjQtMDMtMzEgMjM6NTk6NTldCrmyNrHKvMfCvArK1cjro7oxscogOC44MNSqCtans/ajujOxyiA0MS41MNSqCrK7vMbK1dan",
    "o7oyscogMzAuMDDUqgoKzNix8Mzhyr6jugotLS0tLS0tLS0tLS0tLS0tLS0tLS0tLS2159fTv827p7vYtaUtLS0tLS0tLS0tLS0tLS0tLS0tLS",
    "0tLS0KvbvS18qxvOQgICAgICAgICAgICAsvbvS17fWwOAgICy9u9LXttS3vSAgLLbUt73Vy7rFICAsyczGt8u1w/cgICzK1S/WpyAgLL3wtu4g",
    "ICzK1S+4tr/ut73KvSAgLL270tfXtMysICAsvbvS17aptaW6xSAgLMnMvNK2qbWlusUgICyxuNeiICAsCjIwMjQtMDMtMDkgMDg6MTU6MDAgLL",
    "LN0vvDwMqzICzQocPmud0gLC8gLNTnss0gLNans/YgLDEyLjUwICzT4LbusaYgLL270tezybmmICw5MDAwMDEJLE0xCSwgICwKMjAyNC0wMy0x",
    "MCAxOTowMDowMSzI1dPDsNm79SyzrMrQLC8sIsPXLCDTzSIs1qez9iwxOS4wMCzT4LbuLLXItP3It8jPytW79Sw5MDAwMDIJLE0yCSwsCjIwMj",
    "QtMDMtMTAgMjA6MDA6MDAsyNXTw7DZu/Uss6zK0CwvLLu1tfS1xLGt19Ms1qez9iwxMC4wMCzT4LbuLL270te52LHVLDkwMDAwMwksTTMJLCwK",
    "MjAyNC0wMy0xMSAwOTowMDowMCzNy7/uLLOsytAsLyzNy7/uLbGt19Mssru8xsrV1qcsMTAuMDAs0+C27izNy7/us8m5piw5MDAwMDNfMQksTT",
    "MJLCwKMjAyNC0wMy0xMiAxMDowMDowMCzNttfKwO2yxiy7+b3wLC8s16rI6yyyu7zGytXWpywyMC4wMCzT4LbusaYsvbvS17PJuaYsOTAwMDA0",
    "CSwJLCwKMjAyNC0wMy0xMyAxMTowMDowMCzXqtXLuuyw/CzS0iwvLC8sytXI6yw4LjgwLCy9u9LXs8m5piw5MDAwMDUJLAks0LvQuywK",
  ].join(""),
  "base64",
)

const parsed = (bytes: Uint8Array): ParsedImport => {
  const result = parseAlipay(bytes)
  if (!result.ok) throw new Error(result.error.reason)
  return result.value
}
const entriesOf = (bytes: Uint8Array): readonly EntryDraft[] => {
  const { draft } = parsed(bytes)
  return draft.area === "ledger" ? draft.entries : []
}
const header =
  "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注"
const bill = (...rows: readonly string[]): Uint8Array => textToBytes([header, ...rows].join("\n"))
const row = (
  over: Partial<Record<"time" | "flow" | "amount" | "state" | "number" | "goods" | "remark", string>> = {},
): string =>
  [
    over.time ?? "2024-03-09 08:15:00",
    "餐饮",
    "小面馆",
    "/",
    over.goods ?? "面",
    over.flow ?? "支出",
    over.amount ?? "12.50",
    "余额",
    over.state ?? "交易成功",
    over.number ?? "77",
    "",
    over.remark ?? "",
  ].join(",")

describe("Alipay bills", () => {
  it("[I4] are read from GB18030, from UTF-8 and from UTF-8 with a byte order mark alike", () => {
    const text = new TextDecoder("gb18030").decode(appExport)
    const plain = parsed(appExport)
    expect(plain.draft).toEqual(parsed(textToBytes(text)).draft)
    expect(plain.draft).toEqual(parsed(textToBytes(`\ufeff${text}`)).draft)
    expect(entriesOf(appExport)[0]).toEqual({
      sourceId: "900001@2024-03-09T08:15:00",
      date: "2024-03-09",
      time: "08:15:00",
      direction: "expense",
      status: "settled",
      amountMinor: 1250,
      currency: "CNY",
      payee: "小面馆",
      note: "早餐",
      account: "余额宝",
      category: "餐饮美食",
      tags: [],
      line: 13,
    })
  })

  it("[I4] a damaged character costs itself, not the file", () => {
    const damaged = Uint8Array.from(appExport)
    const at = damaged.lastIndexOf(0x0a, damaged.length - 2) + 30
    damaged[at] = 0xff
    const { draft, warnings } = parsed(damaged)
    expect(draft.area === "ledger" && draft.entries).toHaveLength(6)
    expect(warnings.map(inWords).join()).toMatch(/characters of the file are damaged/)
  })

  it("[I11] every dated row becomes an entry: neutral and closed ones stay, their direction as given", () => {
    expect(entriesOf(appExport).map(({ direction, status }) => `${direction} ${status}`)).toEqual([
      "expense settled",
      "expense pending",
      "expense closed",
      "neutral refunded",
      "neutral settled",
      "income settled",
    ])
    const flows = ["支出", "收入", "不计收支", "其他", "", "/", "constructor"]
    const entries = entriesOf(bill(...flows.map((flow, at) => row({ flow, number: String(at) }))))
    expect(entries.map(({ direction }) => direction)).toEqual([
      "expense",
      "income",
      "neutral",
      "neutral",
      "neutral",
      "neutral",
      "neutral",
    ])
  })

  it("[I18] sums count and add up the rows by what stands in 收/支", () => {
    expect(parsed(appExport).sums).toEqual({
      支出: { count: 3, amountMinor: 4150 },
      不计收支: { count: 2, amountMinor: 3000 },
      收入: { count: 1, amountMinor: 880 },
    })
  })

  it("[I15] the preamble's totals are compared: silence when they agree, both numbers when they do not", () => {
    expect(parsed(appExport).warnings).toEqual([])
    const told = textToBytes(
      `共66笔记录\n支出：63笔 16.54元\n其他：1笔 3.00元\n${header}\n${row()}\n${row({ flow: "不计收支", amount: "3.00", number: "78" })}`,
    )
    expect(parsed(told).warnings.map(inWords)).toEqual([
      "the file's summary says 66 rows, it has 2",
      "the file's summary says 支出 63 = 16.54, its rows give 1 = 12.50",
    ])
  })

  it("[I10] columns are found by name, in the order of 2021 as well", () => {
    const older = textToBytes(
      "收/支,交易对方,对方账号,商品说明,收/付款方式,金额,交易状态,交易分类,交易订单号,商家订单号,交易时间\n支出,铺子,/,茶,余额,3.20,交易成功,饮料,55\t,,2021-05-06 07:08:09",
    )
    expect(entriesOf(older)).toMatchObject([
      {
        sourceId: "55@2021-05-06T07:08:09",
        payee: "铺子",
        note: "茶",
        amountMinor: 320,
        category: "饮料",
        direction: "expense",
      },
    ])
  })

  it("[I10] the web's older export is read, its footer is no row", () => {
    const web = textToBytes(
      [
        "支付宝交易记录明细查询",
        "账号:[x]",
        "---------------------------------交易记录明细列表------------------------------------",
        "交易号                  ,商家订单号               ,交易创建时间              ,付款时间                ,最近修改时间              ,交易来源地     ,类型              ,交易对方            ,商品名称                ,金额（元）   ,收/支     ,交易状态    ,服务费（元）   ,成功退款（元）  ,备注                  ,资金状态     ,",
        "2018001\t,T1\t,2018-09-10 11:12:13 ,2018-09-10 11:12:20 ,2018-09-11 00:00:00 ,其他（包括阿里巴巴和外部商家） ,即时到账交易 ,书店 ,一本书 ,45.00 ,支出 ,交易成功 ,0.00 ,0.00 , ,已支出 ,",
        "2018002\t,\t,2018-09-12 11:12:13 ,2018-09-12 11:12:20 ,2018-09-12 11:12:20 ,支付宝网站 ,即时到账交易 ,余额宝 ,转入 ,10.00 , ,交易成功 ,0.00 ,0.00 , ,资金转移 ,",
        "------------------------------------------------------------------------------------",
        "共2笔记录",
        "已收入:0笔,0.00元",
        "导出时间:[2018-10-01 10:00:00]    用户:某",
      ].join("\r\n"),
    )
    const { warnings, sums } = parsed(web)
    expect(entriesOf(web)).toMatchObject([
      {
        sourceId: "2018001@2018-09-10T11:12:13",
        payee: "书店",
        note: "一本书",
        amountMinor: 4500,
        direction: "expense",
        category: "即时到账交易",
        line: 5,
      },
      { sourceId: "2018002@2018-09-12T11:12:13", direction: "neutral" },
    ])
    expect(warnings).toEqual([])
    expect(Object.keys(sums)).toEqual(["支出", "(empty)"])
  })

  it("[I13] states: success, closed, refunded, waiting; an unknown one is settled with a warning", () => {
    const states = [
      "交易成功",
      "交易关闭",
      "退款成功",
      "等待付款",
      "等待确认收货",
      "还款成功",
      "还款失败",
      "已关闭",
      "支付处理中",
      "解冻成功",
      "",
    ]
    expect(
      entriesOf(bill(...states.map((state, at) => row({ state, number: String(at) })))).map(
        ({ status }) => status,
      ),
    ).toEqual([
      "settled",
      "closed",
      "refunded",
      "pending",
      "pending",
      "settled",
      "closed",
      "closed",
      "pending",
      "settled",
      "settled",
    ])
    const { draft, warnings } = parsed(bill(row({ state: "神秘" })))
    expect(draft).toMatchObject({ entries: [{ status: "settled" }] })
    expect(warnings.map(inWords)).toEqual(['line 2: unknown state "神秘", taken as settled'])
  })

  it("[I12] amounts are exact; a row without one is skipped with its line", () => {
    const amounts = ["0.07", "1,234.56", "90071992547409.91", "¥28.16", "-5.00"]
    expect(
      entriesOf(bill(...amounts.map((amount, at) => row({ amount: `"${amount}"`, number: String(at) })))).map(
        ({ amountMinor }) => amountMinor,
      ),
    ).toEqual([7, 123456, 9007199254740991, 2816, 500])
    const { draft, skipped } = parsed(
      bill(row(), row({ amount: "abc" }), row({ amount: "1.234" }), row({ amount: "-1", flow: "收入" })),
    )
    expect(draft).toMatchObject({ entries: [{ line: 2 }] })
    expect(skipped.map(({ line, remark }) => ({ line, remark }))).toEqual([
      { line: 3, remark: { code: "NoAmount", found: "abc" } },
      { line: 4, remark: { code: "NoAmount", found: "1.234" } },
      { line: 5, remark: { code: "NoAmount", found: "-1" } },
    ])
  })

  it("[I11] a row without a real date is skipped with its line", () => {
    const { skipped } = parsed(bill(row({ time: "2024-02-30 10:00:00" }), row({ time: "2024/3/9 8:05" })))
    expect(skipped.map(inWords)).toEqual(['line 2: no date: "2024-02-30 10:00:00"'])
    expect(entriesOf(bill(row({ time: "2024/3/9 8:05" })))).toMatchObject([
      { date: "2024-03-09", time: "08:05:00" },
    ])
  })

  it("[I16] rows with one number and moment are told apart; without a number the row itself is the id", () => {
    const same = bill(row(), row(), row({ time: "2024-03-09 08:15:01" }))
    expect(entriesOf(same).map(({ sourceId }) => sourceId)).toEqual([
      "77@2024-03-09T08:15:00",
      "77@2024-03-09T08:15:00#1",
      "77@2024-03-09T08:15:01",
    ])
    const ids = entriesOf(bill(row({ number: "" }), row({ number: "/" }), row({ number: "" }))).map(
      ({ sourceId }) => sourceId,
    )
    expect(ids[0]).toContain("小面馆|/|面|支出|12.50")
    expect(ids[2]).toBe(`${ids[0] ?? ""}#1`)
  })

  it("[I16] the id of a row does not depend on the rows around it or on its state", () => {
    const pending = row({ state: "等待付款", number: "5" })
    const alone = entriesOf(bill(row({ state: "交易关闭", flow: "不计收支", number: "5" })))[0]?.sourceId
    expect(entriesOf(bill(row({ number: "4" }), pending)).map(({ sourceId }) => sourceId)).toContain(alone)
  })

  it("[I17] '/' is nothing; quotes inside a cell are letters; a cell may hold commas and lines", () => {
    const entries = entriesOf(
      bill(
        row({ goods: '"米, 油\n两行"', number: "1" }),
        row({ goods: '点击"多多"视频', number: "2" }),
        row({ goods: "/", remark: "谢", number: "3" }),
      ),
    )
    expect(entries.map(({ note, line }) => [note, line])).toEqual([
      ["米, 油\n两行", 2],
      ['点击"多多"视频', 4],
      ["谢", 5],
    ])
  })

  it("[I17] a quote that nobody closed costs no row below it", () => {
    const entries = entriesOf(
      bill(row({ goods: '"坏', number: "1" }), row({ number: "2" }), row({ number: "3" })),
    )
    expect(entries.map(({ sourceId }) => sourceId.slice(0, 2))).toEqual(["1@", "2@", "3@"])
    const later = entriesOf(
      bill(row({ goods: '"坏', number: "1" }), row({ number: "2" }), row({ goods: '"米, 油"', number: "3" })),
    )
    expect(later.map(({ sourceId, note }) => [sourceId.slice(0, 2), note])).toEqual([
      ["1@", '"坏'],
      ["2@", "面"],
      ["3@", "米, 油"],
    ])
  })

  it("[I1] a file without the header row is unreadable, with a reason", () => {
    expect(parseAlipay(textToBytes("a,b,c\n1,2,3"))).toMatchObject({
      ok: false,
      error: { type: "Unreadable", line: 1 },
    })
  })
})
