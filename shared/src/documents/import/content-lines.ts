import { importLimits } from "./limits.js"
import type { Report } from "./report.js"

export interface ContentLine {
  /** Where it begins, from 1. */
  readonly line: number
  /** Upper case, without a group prefix. */
  readonly name: string
  /** Unfolded, the name included. */
  readonly text: string
}

/** A component as it stands in the file, its properties still as text. */
export interface RawComponent {
  readonly name: string
  readonly line: number
  readonly properties: readonly ContentLine[]
  readonly components: readonly RawComponent[]
}

interface Open {
  readonly name: string
  readonly line: number
  readonly properties: ContentLine[]
  readonly components: Open[]
}

/** RFC 5545, section 3.1: a line that begins with a space or a tab goes on with the one before. */
const unfold = (lines: readonly string[], report: Report): readonly ContentLine[] => {
  const unfolded: { line: number; parts: string[]; length: number }[] = []
  lines.forEach((text, at) => {
    const last = unfolded.at(-1)
    if (/^[ \t]/.test(text) && last !== undefined) {
      last.length += text.length - 1
      if (last.length <= importLimits.contentLineCharacters) last.parts.push(text.slice(1))
    } else if (text.trim() !== "") unfolded.push({ line: at + 1, parts: [text], length: text.length })
  })
  return unfolded.flatMap(({ line, parts, length }) => {
    if (length > importLimits.contentLineCharacters) {
      report.skip(line, `line of ${length} characters, the limit is ${importLimits.contentLineCharacters}`)
      return []
    }
    const text = parts.join("")
    return [{ line, text, name: (/^[^:;]*/.exec(text)?.[0] ?? "").trim().toUpperCase() }]
  })
}

const warnUnended = ({ line, name }: Open, report: Report): void => {
  report.warn(line, `${name.slice(0, 40)} has no end, something of it may be missing`)
}

/**
 * Content lines -> components, by BEGIN and END alone. A component that nobody ended ends with its parent or with
 * the file (with a warning); an END that nobody began means nothing. Several calendars in a file, and events outside of any, are lawful.
 * What stands too deep or beyond the count is skipped with its line.
 */
export const readComponents = (lines: readonly string[], report: Report): RawComponent => {
  const root: Open = { name: "", line: 1, properties: [], components: [] }
  const open = [root]
  let count = 0
  let ignored = 0
  for (const content of unfold(lines, report)) {
    const parent = open.at(-1) ?? root
    const value = content.text
      .slice(content.text.indexOf(":") + 1)
      .trim()
      .toUpperCase()
    if (content.name === "BEGIN") {
      if (
        ignored > 0 ||
        open.length > importLimits.componentDepth ||
        count >= importLimits.calendarComponents * 4
      ) {
        if (ignored++ === 0) report.skip(content.line, `${value.slice(0, 40)}: too deep or too many`)
        continue
      }
      count++
      const child: Open = { name: value, line: content.line, properties: [], components: [] }
      parent.components.push(child)
      open.push(child)
    } else if (content.name === "END") {
      if (ignored > 0) {
        ignored--
        continue
      }
      const at = open.findLastIndex(component => component.name === value)
      if (at <= 0) {
        report.warn(content.line, `END:${value.slice(0, 40)} without a beginning`)
        continue
      }
      for (const unended of open.slice(at + 1)) warnUnended(unended, report)
      open.length = at
    } else if (ignored === 0) parent.properties.push(content)
  }
  for (const unended of open.slice(1)) warnUnended(unended, report)
  return root
}
