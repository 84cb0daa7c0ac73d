import { describe, expect, it } from "vitest"
import { textToBytes } from "../../base/index.js"
import { inWords } from "../remark.js"
import type { ParsedImport } from "../drafts.js"
import { parseWechat } from "./wechat.js"

const header = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"
const bill = (...rows: readonly string[]): Uint8Array =>
  textToBytes(
    [
      "\ufeff微信支付账单明细,,,,,,,,,,",
      "微信昵称：[甲],,,,,,,,,,",
      "起始时间：[2024-01-01 00:00:00] 终止时间：[2024-01-31 23:59:59],,,,,,,,,,",
      ",,,,,,,,,,",
      "共3笔记录,,,,,,,,,,",
      "收入：1笔 0.35元,,,,,,,,,,",
      "支出：1笔 28.10元,,,,,,,,,,",
      "中性交易：1笔 100.10元,,,,,,,,,,",
      "----------------------微信支付账单明细列表--------------------,,,,,,,,,,",
      header,
      ...rows,
    ].join("\r\n"),
  )
const three = bill(
  '2024-01-05 12:45:27,商户消费,"小面馆(总店)","消费:28.10","支出",¥28.10,"某银行(0001)","支付成功","100001"\t,"200001"\t,"/"',
  "2024-01-06 10:10:11,微信红包,好友,/,收入,¥0.35,/,已存入零钱,100002\t,200002\t,/",
  '2024-01-07 16:29:37,零钱提现,某银行(),"/",/,¥100.10,某银行,提现已到账,100003\t,/\t,"服务费¥0.10"',
)

const parsed = (bytes: Uint8Array): ParsedImport => {
  const result = parseWechat(bytes)
  if (!result.ok) throw new Error(result.error.reason)
  return result.value
}

describe("WeChat Pay bills", () => {
  it("[I11] become entries; what the bill calls '/' stays neutral", () => {
    const { draft, skipped, warnings, sums } = parsed(three)
    expect(draft).toEqual({
      area: "ledger",
      entries: [
        {
          sourceId: "100001@2024-01-05T12:45:27",
          date: "2024-01-05",
          time: "12:45:27",
          direction: "expense",
          status: "settled",
          amountMinor: 2810,
          currency: "CNY",
          payee: "小面馆(总店)",
          note: "消费:28.10",
          account: "某银行(0001)",
          category: "商户消费",
          tags: [],
          line: 11,
        },
        {
          sourceId: "100002@2024-01-06T10:10:11",
          date: "2024-01-06",
          time: "10:10:11",
          direction: "income",
          status: "settled",
          amountMinor: 35,
          currency: "CNY",
          payee: "好友",
          note: "",
          account: "",
          category: "微信红包",
          tags: [],
          line: 12,
        },
        {
          sourceId: "100003@2024-01-07T16:29:37",
          date: "2024-01-07",
          time: "16:29:37",
          direction: "neutral",
          status: "settled",
          amountMinor: 10010,
          currency: "CNY",
          payee: "某银行()",
          note: "服务费¥0.10",
          account: "某银行",
          category: "零钱提现",
          tags: [],
          line: 13,
        },
      ],
    })
    expect({ skipped, warnings }).toEqual({ skipped: [], warnings: [] })
    expect(sums).toEqual({
      支出: { count: 1, amountMinor: 2810 },
      收入: { count: 1, amountMinor: 35 },
      "/": { count: 1, amountMinor: 10010 },
    })
  })

  it("[I15] the neutral total is compared with the '/' rows", () => {
    expect(
      parsed(
        bill("2024-01-07 16:29:37,零钱提现,某银行(),/,/,¥9.00,某银行,提现已到账,100003\t,/\t,/"),
      ).warnings.map(inWords),
    ).toContain("the file's summary says 中性交易 1 = 100.10, its rows give 1 = 9.00")
  })

  it("[I14] refunds are refunded, and a partial one leaves its amount in the note", () => {
    const states = [
      "支付成功",
      "已全额退款",
      "已退款(￥3.00)",
      "对方已退还",
      "已转账",
      "朋友已收钱",
      "充值完成",
      "已到账",
      "支付失败",
      "已关闭",
      "等待付款",
      "怪",
    ]
    const { draft, warnings } = parsed(
      bill(
        ...states.map(
          (state, at) => `2024-01-05 12:45:27,商户消费,店,物,支出,¥10.00,零钱,${state},${at}\t,/\t,/`,
        ),
      ),
    )
    const entries = draft.area === "ledger" ? draft.entries : []
    expect(entries.map(({ status }) => status)).toEqual([
      "settled",
      "refunded",
      "refunded",
      "refunded",
      "settled",
      "settled",
      "settled",
      "settled",
      "closed",
      "closed",
      "pending",
      "settled",
    ])
    expect(entries[2]).toMatchObject({ note: "物 · 已退款(￥3.00)", amountMinor: 1000 })
    expect(warnings.map(inWords)).toContain('line 22: unknown state "怪", taken as settled')
  })
})
