import { describe, expect, it } from "vitest"
import { textToBytes } from "../../base/index.js"
import { detectFormat, importFormats, parseImport } from "./index.js"

const alipay = textToBytes(
  "交易时间,交易分类,交易对方,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,备注\n2024-03-09 08:15:00,餐饮,店,面,支出,12.50,余额,交易成功,77,",
)
const wechat = textToBytes(
  "微信支付账单明细\n交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n2024-01-05 12:45:27,商户消费,店,面,支出,¥28.10,零钱,支付成功,1,2,/",
)
const calendar = textToBytes(
  "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20240101\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
)
const chat = textToBytes("\u200e[20.01.19, 11:23:45] Ann: hello\n")
const ofx = textToBytes("OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1></BANKMSGSRSV1></OFX>")
const camt = textToBytes(
  '<?xml version="1.0"?><ns:Document xmlns:ns="urn:x"><ns:BkToCstmrStmt><ns:Stmt></ns:Stmt></ns:BkToCstmrStmt></ns:Document>',
)
const note = textToBytes("# A note\n")

describe("the way in", () => {
  it("[I50] formats are told by content, whatever the file is called", () => {
    for (const name of ["a.csv", "a.txt", "export"]) {
      expect(detectFormat(name, alipay)).toBe("alipay")
      expect(detectFormat(name, wechat)).toBe("wechat")
      expect(detectFormat(name, calendar)).toBe("icalendar")
      expect(detectFormat(name, chat)).toBe("whatsapp")
      expect(detectFormat(name, ofx)).toBe("ofx")
      expect(detectFormat(name, camt)).toBe("camt")
      expect(detectFormat(name, note)).toBeUndefined()
    }
    expect(detectFormat("a.md", note)).toBe("markdown")
    expect(detectFormat("a.md", calendar)).toBe("markdown")
    expect(detectFormat("broken.ics", note)).toBe("icalendar")
    expect(
      detectFormat(
        "bill.csv",
        Uint8Array.from(Buffer.from("vbvS18qxvOQsytUv1qcsvfC27iy9u9LX17TMrCy9u9LXtqm1pbrF", "base64")),
      ),
    ).toBe("alipay")
  })

  it("[I51] one function reads them all, and a folder of notes", () => {
    const formatOf = (name: string, source: Parameters<typeof parseImport>[1]): string | undefined => {
      const result = parseImport(name, source)
      return result.ok ? result.value.format : result.error.type
    }
    expect([alipay, wechat, calendar, chat, ofx, camt].map(bytes => formatOf("a.txt", bytes))).toEqual([
      "alipay",
      "wechat",
      "icalendar",
      "whatsapp",
      "ofx",
      "camt",
    ])
    expect(formatOf("x/a.md", note)).toBe("markdown")
    expect(formatOf("folder", [{ path: "a.md", bytes: note }])).toBe("markdown")
    expect(formatOf("a.txt", note)).toBe("UnknownFormat")
    expect(importFormats).toHaveLength(7)
  })

  it("[I51] a forced format and a room are passed on", () => {
    expect(parseImport("dir/plain.txt", note, { format: "markdown" })).toMatchObject({
      value: { draft: { notes: [{ sourceId: "plain.txt.md", title: "plain.txt" }] } },
    })
    expect(parseImport("a.txt", chat, { room: "Home" })).toMatchObject({ value: { draft: { room: "Home" } } })
    expect(parseImport("a.txt", note, { format: "alipay" })).toMatchObject({
      ok: false,
      error: { type: "Unreadable" },
    })
  })
})
