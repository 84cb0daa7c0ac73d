/** What a tag-marked file says, in its order. Names are without a namespace's prefix. */
export type MarkupToken =
  | { readonly type: "Open"; readonly name: string; readonly attributes: string; readonly line: number }
  | { readonly type: "Text"; readonly text: string }
  | { readonly type: "Close"; readonly name: string }

const tag = /<(\/?)(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})([^<>]{0,4000})>/y

/** What is no tag of its own: its beginning and its end. */
const asides = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
  ["<!", ">"],
] as const

const namedCharacters: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
}

/** The five names of XML and numbers; a file's own entities are never expanded. */
const decode = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, name) => {
    if (typeof name === "string") return namedCharacters[name.toLowerCase()] ?? whole
    const code = typeof decimal === "string" ? Number(decimal) : parseInt(String(hex), 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })

/**
 * XML, and SGML as OFX 1 has it, where a value's tag is not closed. Nothing is refused: a "<" that begins no tag is a
 * letter, what does not end goes to the end of the file. Takes time in proportion to the text.
 */
export function* readMarkup(text: string): Generator<MarkupToken> {
  let line = 1
  let at = 0
  const take = (end: number): string => {
    const taken = text.slice(at, end)
    for (let next = taken.indexOf("\n"); next >= 0; next = taken.indexOf("\n", next + 1)) line++
    at = end
    return taken
  }
  while (at < text.length) {
    const begin = text.indexOf("<", at)
    const words = take(begin < 0 ? text.length : begin)
    if (words.trim() !== "") yield { type: "Text", text: decode(words.trim()) }
    if (begin < 0) return
    const aside = asides.find(([start]) => text.startsWith(start, at))
    if (aside !== undefined) {
      const [start, stop] = aside
      const found = text.indexOf(stop, at + start.length)
      const inside = take(found < 0 ? text.length : found + stop.length)
      if (start === "<![CDATA[") yield { type: "Text", text: inside.slice(start.length, -stop.length).trim() }
      continue
    }
    tag.lastIndex = at
    const [whole = "<", slash = "", name = "", rest = ""] = tag.exec(text) ?? []
    const here = line
    take(at + whole.length)
    if (name === "") yield { type: "Text", text: "<" }
    else if (slash === "/") yield { type: "Close", name }
    else {
      yield { type: "Open", name, attributes: rest, line: here }
      if (rest.endsWith("/")) yield { type: "Close", name }
    }
  }
}
