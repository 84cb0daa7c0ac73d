import { bytesToText, ok, type Result } from "../../base/index.js"
import type { NoteDraft, ParsedImport } from "../drafts.js"
import { dateOf, timeOf, utcMs } from "./calendar-date.js"
import { parseFrontMatter, splitFrontMatter, type FrontMatter } from "./front-matter.js"
import { tooLarge, unreadable, type ImportError } from "./import-error.js"
import { importLimits } from "./limits.js"
import { firstHeading, isTag, readLinks, readTags, withoutCode } from "./markdown-text.js"
import { Report } from "./report.js"

export interface FolderFile {
  /** Inside the folder, with "/" or "\". */
  readonly path: string
  readonly bytes: Uint8Array
  readonly modifiedAtMs?: number
}

/**
 * A folder of Markdown (an Obsidian vault, or one file) -> notes, in the order of their paths. The body is the file's
 * text behind the front matter, byte for byte. Other files are counted in a warning. `line` of a skip is a line of
 * the file that its reason names.
 */
export const parseMarkdown = (files: readonly FolderFile[]): Result<ParsedImport, ImportError> => {
  if (files.length > importLimits.folderFiles)
    return tooLarge("files of a folder", files.length, importLimits.folderFiles)
  const pages = files.filter(({ path }) => isMarkdownPath(path))
  const sizeBytes = pages.reduce((sum, { bytes }) => sum + bytes.length, 0)
  if (sizeBytes > importLimits.folderBytes)
    return tooLarge("bytes of notes", sizeBytes, importLimits.folderBytes)
  if (pages.length === 0) return unreadable(0, "no Markdown file (.md)")
  const report = new Report()
  const notes = pages
    .map(file => ({ file, path: file.path.replaceAll("\\", "/").replace(/^(?:\.?\/)+/, "") }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .flatMap(({ file, path }) => readNote(path, file, report) ?? [])
  if (files.length > pages.length)
    report.warn(0, `${files.length - pages.length} files are not Markdown and stay outside`)
  return ok({ format: "markdown", draft: { area: "notes", notes }, ...report.done(), sums: {} })
}

export const isMarkdownPath = (path: string): boolean => /\.(md|markdown)$/i.test(path)

const readNote = (
  path: string,
  { bytes, modifiedAtMs }: FolderFile,
  report: Report,
): NoteDraft | undefined => {
  if (bytes.length > importLimits.noteBytes) {
    report.skip(0, `${path}: ${bytes.length} bytes, the limit is ${importLimits.noteBytes}`)
    return undefined
  }
  const decoded = bytesToText(bytes)
  if (decoded === undefined) {
    report.skip(1, `${path}: not UTF-8`)
    return undefined
  }
  // A byte order mark says how the bytes are to be read; it is no part of the text.
  const text = decoded.startsWith("\ufeff") ? decoded.slice(1) : decoded
  const { yaml, body, front } = readFront(path, text, report)
  const code = withoutCode(body)
  const tags = uniqueTags(
    [...(front?.lists.get("tags") ?? []), ...(front?.lists.get("tag") ?? [])].flatMap(tag =>
      tag.split(/[,\s]+/),
    ),
    readTags(code),
  )
  if (tags.length > importLimits.tagsPerNote)
    report.warn(0, `${path}: ${tags.length} tags, the limit is ${importLimits.tagsPerNote}`)
  const createdAtMs = momentOf(front, ["created", "date created", "date"])
  const updatedAtMs = modifiedAtMs ?? momentOf(front, ["updated", "modified", "date modified"])
  return {
    sourceId: path,
    title: titleOf(path, front, code),
    body,
    tags: tags.slice(0, importLimits.tagsPerNote),
    ...(createdAtMs !== undefined && { createdAtMs }),
    ...(updatedAtMs !== undefined && { updatedAtMs }),
    properties: front === undefined ? {} : otherProperties(front),
    links: [...readLinks(yaml ?? ""), ...readLinks(code)],
  }
}

/** Front matter that cannot be read stays where it was: at the head of the body, so that nothing is lost. */
const readFront = (
  path: string,
  text: string,
  report: Report,
): { yaml?: string; body: string; front?: FrontMatter } => {
  const { yaml, body } = splitFrontMatter(text)
  if (yaml === undefined) return { body }
  const front = parseFrontMatter(yaml)
  if (front.ok) return { yaml, body, front: front.value }
  report.warn(0, `${path}: front matter kept as text: ${front.error}`)
  return { body: text }
}

/** The front matter's title; else the file's name, as Obsidian has it; README and index tell nothing, their first heading may. */
const titleOf = (path: string, front: FrontMatter | undefined, code: string): string => {
  const title = front?.properties.get("title")?.trim()
  if (title !== undefined && title !== "") return title.slice(0, 500)
  const name = (path.split("/").at(-1) ?? path).replace(/\.(md|markdown)$/i, "").trim()
  return /^(readme|index|untitled.*|未命名.*|)$/i.test(name) ? (firstHeading(code) ?? name) : name
}

/** Tags have no "#" and differ by more than case; the first spelling stays. */
const uniqueTags = (...sources: readonly (readonly string[])[]): readonly string[] => {
  const tagByKey = new Map<string, string>()
  for (const raw of sources.flat()) {
    const tag = raw.replace(/^#/, "")
    if (isTag(tag) && !tagByKey.has(tag.toLowerCase())) tagByKey.set(tag.toLowerCase(), tag)
  }
  return [...tagByKey.values()]
}

/** All but what has a field of its own; the limit of the front matter bounds them. */
const otherProperties = (front: FrontMatter): Readonly<Record<string, string>> =>
  Object.fromEntries([...front.properties].filter(([name]) => !["title", "tags", "tag"].includes(name)))

/** An ISO date or time; one without an offset counts as UTC, for the file does not say where it was written. */
const momentOf = (front: FrontMatter | undefined, names: readonly string[]): number | undefined => {
  for (const name of names) {
    const match =
      /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)? ?(Z|[+-]\d\d:?\d\d)?)?$/.exec(
        front?.properties.get(name) ?? "",
      )
    if (match === null) continue
    const date = dateOf(Number(match[1]), Number(match[2]), Number(match[3]))
    const time = timeOf(Number(match[4] ?? "0"), Number(match[5] ?? "0"), Number(match[6] ?? "0"))
    if (date === undefined || time === undefined) continue
    const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(match[7] ?? "") ?? []
    const offsetMinutes = (Number(hours ?? "0") * 60 + Number(minutes ?? "0")) * (sign === "-" ? -1 : 1)
    return utcMs(date, time) - offsetMinutes * 60_000
  }
  return undefined
}
