import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { textToBytes } from "../../base/index.js"
import { inWords } from "../remark.js"
import type { NoteDraft, ParsedImport } from "../drafts.js"
import { importLimits } from "./limits.js"
import { parseMarkdown } from "./markdown.js"

const parsed = (files: Readonly<Record<string, string>>): ParsedImport => {
  const result = parseMarkdown(
    Object.entries(files).map(([path, text]) => ({ path, bytes: textToBytes(text) })),
  )
  if (!result.ok) throw new Error(result.error.reason)
  return result.value
}
const note = (text: string, path = "note.md"): NoteDraft => {
  const { draft } = parsed({ [path]: text })
  const first = draft.area === "notes" ? draft.notes[0] : undefined
  if (first === undefined) throw new Error("no note")
  return first
}

describe("Markdown folders", () => {
  it("[I30] the body is the text behind the front matter, byte for byte", () => {
    expect(note("---\nmood: good\n---\r\n\r\n# A\t \r\n\n---\nmore\n")).toMatchObject({
      body: "\r\n# A\t \r\n\n---\nmore\n",
      properties: { mood: "good" },
    })
    expect(note("--- no\nrule").body).toBe("--- no\nrule")
    expect(note("---\nopen: for ever\n").body).toBe("---\nopen: for ever\n")
    expect(note("\ufeff---\na: b\n---\nx").body).toBe("x")
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), text => {
        const whole = `.${text}`
        expect(note(whole).body).toBe(whole)
        expect(note(`---\nmood: good\n---\n${text}`).body).toBe(text)
      }),
    )
  })

  it("[I31] properties stay as they were written; lists are JSON", () => {
    expect(
      note(
        "---\ndate: 2024-01-02\nnumber: 007\nfloat: 1.50\nyes: true\nquoted: \"a: b\"\nblock: |\n  two\n  lines\nnothing:\naliases: [Doggo, 'Wo ofer']\nmap: {a: 1}\n__proto__: x\n---\n",
      ).properties,
    ).toEqual(
      Object.fromEntries([
        ["date", "2024-01-02"],
        ["number", "007"],
        ["float", "1.50"],
        ["yes", "true"],
        ["quoted", "a: b"],
        ["block", "two\nlines\n"],
        ["nothing", ""],
        ["aliases", '["Doggo","Wo ofer"]'],
        ["map", '{"a":1}'],
        ["__proto__", "x"],
      ]),
    )
  })

  it("[I31] whatever text a property has is read back from quoted YAML", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.stringMatching(/^[a-z]{1,8}$/).filter(key => !["title", "tags", "tag"].includes(key)),
          fc.string({ maxLength: 40 }),
          { maxKeys: 6 },
        ),
        properties => {
          const yaml = Object.entries(properties)
            .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
            .join("\n")
          expect(note(`---\n${yaml}\n---\nbody`)).toMatchObject({
            properties: { ...properties },
            body: "body",
          })
        },
      ),
      { numRuns: 100 },
    )
  })

  it("[I31] front matter with aliases, tags of its own, bad YAML or deep nesting is kept as text, with a warning", () => {
    const bad = [
      "a: &x 1\nb: *x",
      "a: !secret x",
      "a: [",
      "just text",
      `a: ${"[".repeat(600)}${"]".repeat(600)}`,
      `a: ${"[".repeat(600)}`,
      `a: ${"x".repeat(importLimits.frontMatterCharacters)}`,
    ]
    for (const yaml of bad) {
      const text = `---\n${yaml}\n---\nbody`
      const { draft, warnings } = parsed({ "n.md": text })
      expect(draft).toMatchObject({ notes: [{ body: text, properties: {} }] })
      expect(warnings.map(inWords).join()).toMatch(/^n\.md: front matter kept as text: /)
    }
  })

  it("[I32] titles: the front matter's, else the file's name, else the first heading where the name tells nothing", () => {
    expect(note("---\ntitle: From above\n---\n# Heading", "a/b.md")).toMatchObject({
      title: "From above",
      properties: {},
    })
    expect(note("# Heading", "a/Three laws.md").title).toBe("Three laws")
    expect(note("```\n# code\n```\n## Heading ##\n", "a/README.md").title).toBe("Heading")
    expect(note("nothing", "a\\index.markdown")).toMatchObject({
      title: "index",
      sourceId: "a/index.markdown",
    })
  })

  it("[I33] tags of the front matter and of the text, once each, without code, headings and links", () => {
    expect(
      note(
        [
          "---",
          "tags: [Kids, '#school', 2024]",
          "tag: one, two",
          "---",
          "# heading",
          "#kids at the beginning, #家庭/菜谱 (#in_brackets) and #y1984, not #1984 nor a#b nor [x](y#z)",
          "`#code` ``#more ` code``",
          "```",
          "#fenced",
          "```",
          "> ~~~",
          "> #quoted",
          "text #after-quote",
          "    ",
          "#a/b-c. #🎉",
        ].join("\n"),
      ).tags,
    ).toEqual([
      "Kids",
      "school",
      "one",
      "two",
      "家庭/菜谱",
      "in_brackets",
      "y1984",
      "after-quote",
      "a/b-c",
      "🎉",
    ])
    expect(note('---\ntags: "red, #blue green"\n---\n').tags).toEqual(["red", "blue", "green"])
  })

  it("[I34] links: every occurrence in order, with headings, without aliases and without code", () => {
    expect(
      note(
        [
          "---",
          'up: "[[Home]]"',
          "---",
          "[[Target|alias]] ![[Embed.png#outline]] [[#Here]] [[Target]] | [[In table\\|alias]] |",
          '[text](Other%20note.md) ![p](img/a_(1).png "title") [x](<with space.md>) [y](#anchor)',
          "[web](https://example.org) [mail](mailto:a@b.c) [protocol](//x.y) `[[code]]` [[]] [[open",
          "```",
          "[[fenced]]",
          "```",
          "[bad](100%.md)",
        ].join("\n"),
      ).links,
    ).toEqual([
      "Home",
      "Target",
      "Embed.png#outline",
      "#Here",
      "Target",
      "In table",
      "Other note.md",
      "img/a_(1).png",
      "with space.md",
      "#anchor",
      "100%.md",
    ])
  })

  it("[I34] a code span ends in its paragraph: a lone backtick hides nothing below", () => {
    expect(note("a ` b [[One]]\n\nc ` d [[Two]]\n- ```\n  [[No]]\n  ```\n[[Three]]").links).toEqual([
      "One",
      "Two",
      "Three",
    ])
  })

  it("[I36] times: the file's own, else what the front matter says", () => {
    expect(note("---\ncreated: 2024-01-02\nupdated: 2024-01-03T10:00:00+08:00\n---\n")).toMatchObject({
      createdAtMs: Date.UTC(2024, 0, 2),
      updatedAtMs: Date.UTC(2024, 0, 3, 2),
    })
    expect(note("---\ncreated: 2024-02-30\n---\n")).not.toHaveProperty("createdAtMs")
    const result = parseMarkdown([{ path: "a.md", bytes: textToBytes("x"), modifiedAtMs: 5 }])
    expect(result).toMatchObject({ value: { draft: { notes: [{ updatedAtMs: 5 }] } } })
  })

  it("[I35] other files stay outside and are counted; what is not UTF-8 or too large is skipped by name", () => {
    const result = parseMarkdown([
      { path: "b.md", bytes: textToBytes("b") },
      { path: "a/a.MD", bytes: textToBytes("a") },
      { path: "p.png", bytes: Uint8Array.of(1) },
      { path: "latin.md", bytes: Uint8Array.of(0x61, 0xe9) },
      { path: "big.md", bytes: new Uint8Array(importLimits.noteBytes + 1) },
    ])
    expect(result).toMatchObject({
      ok: true,
      value: {
        draft: { notes: [{ sourceId: "a/a.MD" }, { sourceId: "b.md" }] },
        warnings: [{ line: 0, reason: "1 files are not Markdown and stay outside" }],
        skipped: [
          {
            line: 0,
            reason: `big.md: ${importLimits.noteBytes + 1} bytes, the limit is ${importLimits.noteBytes}`,
          },
          { line: 1, reason: "latin.md: not UTF-8" },
        ],
      },
    })
    expect(parseMarkdown([{ path: "p.png", bytes: Uint8Array.of(1) }])).toMatchObject({
      ok: false,
      error: { type: "Unreadable" },
    })
  })
})
