import { err, type Result } from "../../base/index.js"
import type { ParsedImport } from "../drafts.js"
import { parseAlipay } from "./alipay.js"
import { parseCalendar } from "./calendar.js"
import { parseCamt } from "./camt.js"
import { parseChatHead } from "./chat-line.js"
import type { ImportError } from "./import-error.js"
import { importLimits } from "./limits.js"
import { isMarkdownPath, parseMarkdown, type FolderFile } from "./markdown.js"
import { parseOfx } from "./ofx.js"
import { splitLines } from "./text.js"
import { parseWechat } from "./wechat.js"
import { parseWhatsapp, type WhatsappOptions } from "./whatsapp.js"

export const importFormats = ["alipay", "wechat", "ofx", "camt", "icalendar", "markdown", "whatsapp"] as const
export type ImportFormat = (typeof importFormats)[number]

/**
 * By content first, for names lie; only the beginning of the file is looked at. A name decides for Markdown, which
 * any text is, and for a calendar whose first lines are damaged.
 */
export const detectFormat = (name: string, bytes: Uint8Array): ImportFormat | undefined => {
  const head = bytes.subarray(0, importLimits.sniffBytes)
  const text = new TextDecoder("utf-8").decode(head)
  if (
    /^(?:\ufeff)?BEGIN:V(?:CALENDAR|EVENT|TODO|TIMEZONE|JOURNAL|FREEBUSY|ALARM)[ \t]*\r?$/im.test(text) &&
    !isMarkdownPath(name)
  )
    return "icalendar"
  if (isMarkdownPath(name)) return "markdown"
  if (/^\s*OFXHEADER\s*[:=]|<OFX>/im.test(text)) return "ofx"
  if (/<(?:\w{1,20}:)?BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)\b/.test(text)) return "camt"
  const bill = detectBill(text) ?? detectBill(new TextDecoder("gb18030").decode(head))
  if (bill !== undefined) return bill
  if (/\.(ics|ical|ifb|icalendar)$/i.test(name)) return "icalendar"
  return splitLines(text)
    .slice(0, 50)
    .some(line => parseChatHead(line) !== undefined)
    ? "whatsapp"
    : undefined
}

const detectBill = (text: string): "alipay" | "wechat" | undefined => {
  if (!text.includes("收/支")) return undefined
  if (text.includes("当前状态") && text.includes("交易单号")) return "wechat"
  return text.includes("交易状态") && /交易订单号|交易号/.test(text) ? "alipay" : undefined
}

export interface ImportOptions extends WhatsappOptions {
  /** Forces what would be detected. */
  readonly format?: ImportFormat
}

/**
 * The one way in: a file's bytes, or a folder's files. Pure and bounded: the same input gives the same drafts and ids;
 * nothing throws, whatever the bytes are; what could not be read is in `skipped`, what a person should look at in `warnings`.
 */
export const parseImport = (
  name: string,
  source: Uint8Array | readonly FolderFile[],
  options: ImportOptions = {},
): Result<ParsedImport, ImportError> => {
  if (!(source instanceof Uint8Array)) return parseMarkdown(source)
  switch (options.format ?? detectFormat(name, source)) {
    case "alipay":
      return parseAlipay(source)
    case "wechat":
      return parseWechat(source)
    case "ofx":
      return parseOfx(source)
    case "camt":
      return parseCamt(source)
    case "icalendar":
      return parseCalendar(source)
    case "markdown":
      return parseMarkdown([
        { path: (isMarkdownPath(name) ? name : `${name}.md`).split(/[/\\]/).at(-1) ?? name, bytes: source },
      ])
    case "whatsapp":
      return parseWhatsapp(name, source, options)
    case undefined:
      return err({
        type: "UnknownFormat",
        line: 0,
        reason: "neither a bill of Alipay or WeChat, OFX or CAMT nor a calendar, Markdown or a WhatsApp chat",
      })
  }
}
