import { importLimits } from "./limits.js"

/**
 * The text with code replaced by spaces of the same length, so that positions stay: fenced blocks (CommonMark 4.5,
 * also inside quotes and list items) and code spans (6.1), which end in their own paragraph.
 */
export const withoutCode = (text: string): string => maskSpans(maskFences(text))

const blank = (text: string): string => text.replace(/[^\n\r]/g, " ")

const maskFences = (text: string): string => {
  let fence: { mark: string; quoted: boolean } | undefined
  return text
    .split(/(?<=\n)/)
    .map(line => {
      const head = /^([ \t>]*)(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})([^\r\n]*)/.exec(line)
      const quoted = /^[ \t]*>/.test(line)
      // A fence inside a quote ends with the quote.
      if (fence?.quoted === true && !quoted) fence = undefined
      if (fence === undefined) {
        const mark = head?.[2]
        if (mark === undefined || (mark.startsWith("`") && head?.[3]?.includes("`") === true)) return line
        fence = { mark, quoted }
        return blank(line)
      }
      if (head?.[2]?.startsWith(fence.mark) === true && head[3]?.trim() === "") fence = undefined
      return blank(line)
    })
    .join("")
}

const maskSpans = (text: string): string => {
  const runs: { at: number; length: number; paragraph: number }[] = []
  let paragraph = 0
  for (const match of text.matchAll(/`+|\n[ \t>]*\r?\n/g)) {
    if (match[0].startsWith("`")) runs.push({ at: match.index, length: match[0].length, paragraph })
    else paragraph++
  }
  // The next run of the same length in the same paragraph closes.
  const closing = new Map<number, number>()
  const latest = new Map<string, number>()
  for (let i = runs.length - 1; i >= 0; i--) {
    const run = runs[i]
    if (run === undefined) continue
    const kind = `${run.paragraph}:${run.length}`
    const next = latest.get(kind)
    if (next !== undefined) closing.set(i, next)
    latest.set(kind, i)
  }
  const parts: string[] = []
  let from = 0
  for (let i = 0; i < runs.length; i++) {
    const end = closing.get(i)
    const [open, close] = [runs[i], end === undefined ? undefined : runs[end]]
    if (open === undefined || close === undefined || end === undefined) continue
    parts.push(text.slice(from, open.at), blank(text.slice(open.at, close.at + close.length)))
    from = close.at + close.length
    i = end
  }
  return parts.join("") + text.slice(from)
}

/**
 * Targets of links in their order, each as often as it occurs: `[[target|alias]]`, `![[embed]]` (with their
 * "#heading" part) and relative `[text](path "title")`, percent-decoded. Links that lead out of the folder are not among them.
 */
export const readLinks = (masked: string): readonly string[] => {
  const links: string[] = []
  const pattern =
    /\[\[([^[\]\n]{1,1000})\]\]|\]\((?:<([^<>\n]{1,1000})>|([^()\s<>]{1,1000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?))(?:\s{1,20}(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?\s{0,20}\)/g
  for (const [, wiki, bracketed, plain] of masked.matchAll(pattern)) {
    if (wiki !== undefined) {
      const target = (wiki.split("|")[0] ?? "").replace(/\\$/, "").trim()
      if (target !== "") links.push(target)
      continue
    }
    const target = bracketed ?? plain ?? ""
    if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(target)) continue
    links.push(percentDecoded(target))
  }
  return links
}

const percentDecoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A tag has letters, digits, "_", "-", "/" or emoji and at least one that is no digit. */
export const isTag = (tag: string): boolean =>
  /^[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\u200d\ufe0f_/-]{1,100}$/u.test(tag) && /[^\d]/.test(tag)

/** `#tag` at the beginning of a line or behind a space, without "#". */
export const readTags = (masked: string): readonly string[] => {
  const tags: string[] = []
  for (const [, tag = ""] of masked.matchAll(
    /(?<=^|[\s(（，。、；])#([\p{L}\p{M}\p{N}\p{Extended_Pictographic}\u200d\ufe0f_/-]{1,100})/gmu,
  )) {
    if (isTag(tag)) tags.push(tag)
    if (tags.length >= importLimits.tagsPerNote * 4) break
  }
  return tags
}

/** The text of the first heading, `# Like this #`. */
export const firstHeading = (masked: string): string | undefined => {
  const heading = /^ {0,3}#{1,6}[ \t]+([^\r\n]{1,500})/m
    .exec(masked)?.[1]
    ?.replace(/[ \t]+#+[ \t]*$/, "")
    .trim()
  return heading === undefined || heading === "" ? undefined : heading
}
