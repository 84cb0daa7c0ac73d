import { ok, type Result } from "../../base/index.js"
import type { MessageDraft, ParsedImport } from "../drafts.js"
import { chooseOrder, headDate, parseChatHead, type ChatHead, type DateOrder } from "./chat-line.js"
import { tooLarge, unreadable, type ImportError } from "./import-error.js"
import { createKeys, shortKey } from "./keys.js"
import { importLimits } from "./limits.js"
import { Report } from "./report.js"
import { decodeText } from "./text.js"

export interface WhatsappOptions {
  /** The room's title; else it is taken from the file's name. */
  readonly room?: string
  /** Forces what would be detected from the whole file. */
  readonly dateOrder?: DateOrder
}

interface Draft {
  readonly head: ChatHead
  readonly line: number
  readonly further: string[]
  length: number
  cut: boolean
}

/**
 * WhatsApp's text export -> messages, in the file's order. Times are the exporting phone's wall times: no zone.
 * A line without a head goes on with the message above; media are placeholders in the text and stay as they stand.
 */
export const parseWhatsapp = (
  name: string,
  bytes: Uint8Array,
  options: WhatsappOptions = {},
): Result<ParsedImport, ImportError> => {
  if (bytes.length > importLimits.chatBytes)
    return tooLarge("bytes of a chat", bytes.length, importLimits.chatBytes)
  const report = new Report()
  const { text, encoding } = decodeText(bytes, false)
  if (encoding !== "utf-8") report.warn(0, `the file is not UTF-8, read as ${encoding}`)
  const drafts = readDrafts(text.split(/\r\n|\n/), report)
  if (drafts.length === 0) return unreadable(1, "no line begins like a WhatsApp message")
  if (drafts.length > importLimits.chatMessages)
    return tooLarge("messages", drafts.length, importLimits.chatMessages)

  const choice =
    options.dateOrder === undefined
      ? chooseOrder(drafts.map(({ head }) => head))
      : { order: options.dateOrder }
  if (choice.doubt !== undefined) report.warn(0, choice.doubt)
  const key = createKeys()
  let media = 0
  const messages = drafts.flatMap((draft): MessageDraft[] => {
    const date = headDate(draft.head, choice.order)
    if (date === undefined) {
      report.skip(draft.line, `no such date in the order ${choice.order}: ${draft.head.numbers.join("/")}`)
      return []
    }
    if (draft.cut)
      report.warn(draft.line, `the message was cut at ${importLimits.messageCharacters} characters`)
    const { author, text } = splitAuthor(draft.head.rest)
    const whole = [text, ...draft.further].join("\n").slice(0, importLimits.messageCharacters)
    if (isMedia(whole)) media++
    const sourceId = key(`${date}T${draft.head.time}|${author ?? ""}|${shortKey(whole)}`)
    const sentAt = { date, time: draft.head.time }
    return [
      {
        sourceId,
        author: author ?? "",
        sentAt,
        text: whole,
        system: author === undefined || isNotice(whole),
        line: draft.line,
      },
    ]
  })
  if (messages.length === 0)
    return unreadable(drafts[0]?.line ?? 1, `no date of the file is one in the order ${choice.order}`)
  if (media > 0)
    report.warn(0, `${media} messages stand for photos or files that a text export does not hold`)
  return ok({
    format: "whatsapp",
    draft: { area: "chat", room: options.room ?? roomOf(name), messages },
    ...report.done(),
    sums: {},
  })
}

const readDrafts = (lines: readonly string[], report: Report): readonly Draft[] => {
  const drafts: Draft[] = []
  const last = lines.at(-1) === "" ? lines.length - 1 : lines.length
  for (const [at, text] of lines.slice(0, last).entries()) {
    const head = parseChatHead(text)
    const above = drafts.at(-1)
    if (head !== undefined)
      drafts.push({
        head,
        line: at + 1,
        further: [],
        length: head.rest.length,
        cut: head.rest.length > importLimits.messageCharacters,
      })
    else if (above === undefined) {
      if (text.trim() !== "") report.skip(at + 1, "text before the first message")
    } else if (above.length > importLimits.messageCharacters) above.cut = true
    else {
      above.further.push(text)
      above.length += text.length + 1
      above.cut = above.length > importLimits.messageCharacters
    }
  }
  return drafts
}

const allMarks = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g
const leadingMarks = /^[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/

/**
 * A name ends at the first ": " (or at a ":" that ends the line), so a name cannot hold one itself. Without it, or
 * when what stands before it is too long for a name or has an odd quotation mark (`Ann changed the subject to
 * "Trip: Rome"`), the line is a system message and has no author.
 */
const splitAuthor = (rest: string): { author?: string; text: string } => {
  const text = rest.replace(leadingMarks, "")
  const match = /^(.{1,200}?):(?:[ \u00a0\u202f]|$)/.exec(text)
  const name = match?.[1] ?? ""
  const author = name
    .replace(allMarks, "")
    .replace(/^~[ \u00a0\u202f]?/, "")
    .trim()
  const quotes = name.match(/["“”]/g)?.length ?? 0
  if (match === null || author === "" || author.length > importLimits.authorCharacters || quotes % 2 === 1)
    return { text }
  return { author, text: text.slice(match[0].length).replace(leadingMarks, "") }
}

/** iOS gives this notice an author, Android does not. */
const isNotice = (text: string): boolean =>
  /^(Messages and calls are|Messages to this (chat and calls|group) are now|消息和通话|Nachrichten und Anrufe sind).{0,40}(end-to-end|端到端|Ende-zu-Ende)/.test(
    text,
  )

const isMedia = (text: string): boolean =>
  text.length < 300 &&
  (/^<(Media omitted|Medien ausgeschlossen|媒体文件已略去|省略多媒体文件|已省略多媒體檔|attached: [^>]+|附件[：:][^>]+)>/.test(
    text,
  ) ||
    /^(image|video|audio|sticker|GIF|document|Contact card) omitted$/i.test(text) ||
    /^[^\n]{1,200}\.\w{2,5} \((file attached|文件附件|Datei angehängt)\)/.test(text))

/** "WhatsApp Chat with Ann.txt", "WhatsApp Chat - Ann.zip/_chat.txt", "与Ann的WhatsApp对话.txt" -> "Ann". */
const roomOf = (name: string): string => {
  const parts = name.split(/[/\\]/)
  const file = /^_chat\.txt$/i.test(parts.at(-1) ?? "") && parts.length > 1 ? parts.at(-2) : parts.at(-1)
  const stem = (file ?? "").replace(/\.(txt|zip)$/i, "").trim()
  const room = stem
    .replace(/^WhatsApp[ -]Chat (with|mit|-) /i, "")
    .replace(/^(?:与|與)\s*(.+?)\s*的\s*WhatsApp\s*(对话|聊天|對話)(记录)?$/, "$1")
  return room.slice(0, 200) || "WhatsApp"
}
