import { stringify } from "yaml"
import type { NoteWithBody } from "./json.js"

export interface MarkdownNote {
  /** A file name that every system takes; the id at its end keeps equal titles apart. */
  readonly fileName: string
  readonly text: string
}

/** A name without what file systems forbid (Windows forbids most), at most 80 characters. */
const safeName = (title: string): string =>
  [...title.replace(/[\p{Cc}<>:"/\\|?*]/gu, " ").replace(/\s+/g, " ")]
    .slice(0, 80)
    .join("")
    .trim()
    .replace(/^\.+|[. ]+$/g, "")

const iso = (ms: number): string => new Date(ms).toISOString()

/** A note as Markdown with front matter (YAML 1.2); the checklist as task-list items behind the text. */
export const markdownOfNote = ({ entry, note }: NoteWithBody): MarkdownNote => {
  const front = {
    ...Object.fromEntries([...(note?.properties ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))),
    title: entry.title,
    ...(entry.tags.length === 0 ? {} : { tags: [...entry.tags] }),
    ...(entry.pinned ? { pinned: true } : {}),
    created: iso(entry.createdAtMs),
    ...(entry.updatedAtMs === undefined ? {} : { updated: iso(entry.updatedAtMs) }),
    id: entry.id,
  }
  const body = note?.body ?? ""
  const tasks = (note?.checklist ?? []).map(({ text, done }) => `- [${done ? "x" : " "}] ${text}\n`).join("")
  const gap = tasks === "" || body === "" ? "" : body.endsWith("\n") ? "\n" : "\n\n"
  const name = safeName(entry.title)
  // Whoever writes in the catalogue chooses the id: it may say where to go in somebody's folders.
  const id = entry.id.replace(/[^0-9a-zA-Z-]/g, "").slice(0, 8)
  return {
    fileName: `${name === "" ? "" : `${name} `}${id}.md`,
    text: `---\n${stringify(front, { lineWidth: 0 })}---\n${body}${gap}${tasks}`,
  }
}
