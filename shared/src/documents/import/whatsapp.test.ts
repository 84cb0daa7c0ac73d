import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { textToBytes } from "../../base/index.js"
import { inWords } from "../remark.js"
import type { MessageDraft, ParsedImport } from "../drafts.js"
import { importLimits } from "./limits.js"
import { parseWhatsapp, type WhatsappOptions } from "./whatsapp.js"

const parsed = (text: string, options?: WhatsappOptions, name = "chat.txt"): ParsedImport => {
  const result = parseWhatsapp(name, textToBytes(text), options)
  if (!result.ok) throw new Error(result.error.reason)
  return result.value
}
const messagesOf = (text: string, options?: WhatsappOptions): readonly MessageDraft[] => {
  const { draft } = parsed(text, options)
  return draft.area === "chat" ? draft.messages : []
}
const moments = (text: string): readonly string[] =>
  messagesOf(text).map(({ sentAt }) => `${sentAt.date} ${sentAt.time ?? ""}`)

describe("WhatsApp chats", () => {
  it("[I40] Android's form, 24 hours", () => {
    expect(messagesOf("20/01/19, 11:23 - Ann Lee: hello\n")).toEqual([
      {
        sourceId: "2019-01-20T11:23:00|Ann Lee|hello",
        author: "Ann Lee",
        sentAt: { date: "2019-01-20", time: "11:23:00" },
        text: "hello",
        system: false,
        line: 1,
      },
    ])
  })

  it("[I40] iOS's form, with seconds, dots and direction marks", () => {
    expect(
      messagesOf(
        "\u200e[20.01.19, 11:23:45] \u200e~\u00a0\u202aAnn\u202c: \u200ehello\r\n[20.01.19, 11:24:00] Bo: hi\r\n",
      ),
    ).toMatchObject([
      { author: "Ann", sentAt: { date: "2019-01-20", time: "11:23:45" }, text: "hello" },
      { author: "Bo", text: "hi" },
    ])
  })

  it("[I40] twelve hours: AM and PM, a. m. and p. m., narrow spaces, midnight and noon", () => {
    expect(
      moments(
        [
          "1/20/19, 1:23 PM - A: x",
          "1/20/19, 1:24\u202fPM - A: x",
          "01/20/2019, 03:55 p. m. - A: x",
          "1/20/19, 4:05 p.m. - A: x",
          "1/20/19, 11:00\u00a0p.\u00a0m. - A: x",
          "1/21/19, 12:00 AM - A: x",
          "1/21/19, 00:08 a. m. - A: x",
          "1/21/19, 12:01 pm - A: x",
          "[1/21/19, 3:04:05 PM] A: x",
        ].join("\n"),
      ),
    ).toEqual([
      "2019-01-20 13:23:00",
      "2019-01-20 13:24:00",
      "2019-01-20 15:55:00",
      "2019-01-20 16:05:00",
      "2019-01-20 23:00:00",
      "2019-01-21 00:00:00",
      "2019-01-21 00:08:00",
      "2019-01-21 12:01:00",
      "2019-01-21 15:04:05",
    ])
  })

  it("[I40] Chinese forms: year first, the part of the day before the hour", () => {
    expect(
      moments(
        "2023/5/6 上午9:04 - 甲: 早\n2023/5/6 下午3:04 - 乙: 好\n2023/5/6 凌晨12:30 - 乙: 好\n[2023/5/6 晚上8:04:05] 甲: 晚\n[2023/5/6 中午12:04:05] 甲: 午",
      ),
    ).toEqual([
      "2023-05-06 09:04:00",
      "2023-05-06 15:04:00",
      "2023-05-06 00:30:00",
      "2023-05-06 20:04:05",
      "2023-05-06 12:04:05",
    ])
  })

  it("[I41] the order of day and month is taken from the whole file", () => {
    expect(moments("01/02/19, 10:00 - A: x\n13/02/19, 10:00 - A: x")).toEqual([
      "2019-02-01 10:00:00",
      "2019-02-13 10:00:00",
    ])
    expect(moments("01/02/19, 10:00 - A: x\n01/13/19, 10:00 - A: x")).toEqual([
      "2019-01-02 10:00:00",
      "2019-01-13 10:00:00",
    ])
    expect(parsed("01/02/19, 10:00 - A: x\n01/13/19, 10:00 - A: x").warnings).toEqual([])
  })

  it("[I41] an ambiguous file is read in the order that keeps time going forward, and the doubt is told", () => {
    const monthFirst = "01/09/19, 10:00 - A: x\n01/10/19, 10:00 - A: x\n02/01/19, 10:00 - A: x"
    expect(moments(monthFirst)).toEqual(["2019-01-09 10:00:00", "2019-01-10 10:00:00", "2019-02-01 10:00:00"])
    expect(parsed(monthFirst).warnings.map(inWords).join()).toContain(
      "read as month-day-year, that keeps the messages in order",
    )
    expect(moments("01/02/19, 10:00 - A: x")).toEqual(["2019-02-01 10:00:00"])
    expect(parsed("01/02/19, 10:00 - A: x").warnings.map(inWords).join()).toContain(
      "read as day-month-year, nothing in the file tells",
    )
  })

  it("[I41] a forced order is followed without doubt; a date that it does not know is skipped with its line", () => {
    const { draft, skipped, warnings } = parsed("01/02/19, 10:00 - A: x\n13/02/19, 10:00 - A: y", {
      dateOrder: "month-day-year",
    })
    expect(draft).toMatchObject({ messages: [{ sentAt: { date: "2019-01-02" } }] })
    expect(skipped).toEqual([{ line: 2, reason: "no such date in the order month-day-year: 13/2/19" }])
    expect(warnings).toEqual([])
  })

  it("[I42] a line without a head goes on with the message above, blank lines too; text before the first is skipped", () => {
    const { draft, skipped } = parsed(
      "before\n20/01/19, 11:23 - A: one\n\n  two 10:30 - x: y\n20/01/19, 11:24 - B: three",
    )
    expect(draft).toMatchObject({
      messages: [
        { text: "one\n\n  two 10:30 - x: y", line: 2 },
        { text: "three", line: 5 },
      ],
    })
    expect(skipped).toEqual([{ line: 1, reason: "text before the first message" }])
  })

  it("[I42] a message is cut at its limit, with a warning", () => {
    const { draft, warnings } = parsed(
      `20/01/19, 11:23 - A: ${"x".repeat(importLimits.messageCharacters)}\nmore`,
    )
    expect(draft.area === "chat" && draft.messages[0]?.text.length).toBe(importLimits.messageCharacters)
    expect(warnings.map(inWords)).toEqual([
      `line 1: the message was cut at ${importLimits.messageCharacters} characters`,
    ])
  })

  it("[I43] a name ends at the first ': '; without one the line is a system message", () => {
    const rests = [
      "Ann: a: b",
      "A:B: c",
      "Ann:",
      "You were added",
      "Ann:.",
      'Ann changed the subject to "Trip: Rome"',
      'Ann "the cook": hi',
      `${"n".repeat(101)}: hi`,
    ]
    expect(
      messagesOf(rests.map(rest => `20/01/19, 11:23 - ${rest}`).join("\n")).map(
        ({ author, text, system }) => [author, text, system],
      ),
    ).toEqual([
      ["Ann", "a: b", false],
      ["A:B", "c", false],
      ["Ann", "", false],
      ["", "You were added", true],
      ["", "Ann:.", true],
      ["", 'Ann changed the subject to "Trip: Rome"', true],
      ['Ann "the cook"', "hi", false],
      ["", `${"n".repeat(101)}: hi`, true],
    ])
  })

  it("[I43] the notice about encryption is a system message even where iOS names an author", () => {
    expect(
      messagesOf(
        "[20.01.19, 11:23:45] Choir: \u200eMessages and calls are end-to-end encrypted. No one outside can read them.",
      ),
    ).toMatchObject([{ author: "Choir", system: true }])
  })

  it("[I44] placeholders of media stay as they stand and are counted", () => {
    const texts = [
      "<Media omitted>",
      "\u200eimage omitted",
      "\u200e<attached: 0001-PHOTO.jpg>",
      "IMG-1.jpg (file attached)\nlook",
      "<省略多媒体文件>",
      "no image omitted here",
    ]
    const { draft, warnings } = parsed(texts.map(text => `20/01/19, 11:23 - A: ${text}`).join("\n"))
    expect(draft.area === "chat" && draft.messages.map(({ text }) => text)).toEqual([
      "<Media omitted>",
      "image omitted",
      "<attached: 0001-PHOTO.jpg>",
      "IMG-1.jpg (file attached)\nlook",
      "<省略多媒体文件>",
      "no image omitted here",
    ])
    expect(warnings.map(inWords)).toEqual([
      "5 messages stand for photos or files that a text export does not hold",
    ])
  })

  it("[I45] equal messages of one minute have ids of their own, the same at every reading", () => {
    const text = "20/01/19, 11:23 - A: ok\n20/01/19, 11:23 - A: ok\n20/01/19, 11:23 - B: ok"
    expect(messagesOf(text).map(({ sourceId }) => sourceId)).toEqual([
      "2019-01-20T11:23:00|A|ok",
      "2019-01-20T11:23:00|A|ok#1",
      "2019-01-20T11:23:00|B|ok",
    ])
    expect(messagesOf(text)).toEqual(messagesOf(text))
  })

  it("[I45] the room is named after the file, or as told", () => {
    const room = (name: string, options?: WhatsappOptions): string | undefined => {
      const { draft } = parsed("20/01/19, 11:23 - A: ok", options, name)
      return draft.area === "chat" ? draft.room : undefined
    }
    expect(
      [
        "x/WhatsApp Chat with Ann.txt",
        "WhatsApp Chat - Ann/_chat.txt",
        "WhatsApp Chat mit Ann.txt",
        "与甲的WhatsApp对话.txt",
        "_chat.txt",
        ".txt",
      ].map(name => room(name)),
    ).toEqual(["Ann", "Ann", "Ann", "甲", "_chat", "WhatsApp"])
    expect(room("a.txt", { room: "Home" })).toBe("Home")
  })

  it("[I40] whatever is written in either form is read back", () => {
    const name = fc.stringMatching(/^[A-Za-zéüñ甲乙🤓+][A-Za-z0-9 éüñ甲乙🤓]{0,19}[A-Za-z甲🤓]$/u)
    const line = fc
      .stringMatching(/^[A-Za-z0-9 .:;,!甲🤓"()-]{0,40}$/u)
      .filter(text => !/^\d/.test(text.trim()) && !text.startsWith("["))
    const message = fc.record({
      name,
      lines: fc.array(line, { minLength: 1, maxLength: 3 }),
      day: fc.integer({ min: 13, max: 28 }),
      month: fc.integer({ min: 1, max: 12 }),
      hour: fc.integer({ min: 0, max: 23 }),
      minute: fc.integer({ min: 0, max: 59 }),
    })
    const two = (value: number): string => String(value).padStart(2, "0")
    const forms: readonly ((m: {
      day: number
      month: number
      hour: number
      minute: number
      rest: string
    }) => string)[] = [
      ({ day, month, hour, minute, rest }) =>
        `${two(day)}/${two(month)}/24, ${two(hour)}:${two(minute)} - ${rest}`,
      ({ day, month, hour, minute, rest }) =>
        `[${month}/${day}/2024, ${hour % 12 === 0 ? 12 : hour % 12}:${two(minute)}:00\u202f${hour < 12 ? "AM" : "PM"}] ${rest}`,
      ({ day, month, hour, minute, rest }) =>
        `2024/${month}/${day} ${hour < 12 ? "上午" : "下午"}${hour % 12 === 0 ? 12 : hour % 12}:${two(minute)} - ${rest}`,
    ]
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(...forms),
        (messages, form) => {
          const read = messagesOf(
            messages.map(m => form({ ...m, rest: `${m.name}: ${m.lines.join("\n")}` })).join("\n") + "\n",
          )
          expect(read.map(({ author, text, sentAt }) => ({ author, text, sentAt }))).toEqual(
            messages.map(m => ({
              author: m.name,
              text: m.lines.join("\n"),
              sentAt: {
                date: `2024-${two(m.month)}-${two(m.day)}`,
                time: `${two(m.hour)}:${two(m.minute)}:00`,
              },
            })),
          )
        },
      ),
      { numRuns: 200 },
    )
  })

  it("[I1] text without any head is unreadable", () => {
    expect(parseWhatsapp("a.txt", textToBytes("hello\nworld"))).toMatchObject({
      ok: false,
      error: { type: "Unreadable" },
    })
  })
})
