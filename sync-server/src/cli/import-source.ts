import { readFileSync, readdirSync, statSync } from "node:fs"
import { basename, join } from "node:path"
import { type Result, err, ok } from "@home/shared/base"
import type { ParsedImport } from "@home/shared/documents"
import { type FolderFile, type ImportFormat, importLimits, parseImport } from "@home/shared/documents/import"
import { type Failure, fail } from "./failure.js"

/** A file that was read whole and understood; nothing of it has been written yet. */
export interface ReadFile {
  readonly path: string
  readonly parsed: ParsedImport
}

/** No importer takes a larger file: it is refused before it is read. */
const fileLimitBytes = Math.max(importLimits.billBytes, importLimits.calendarBytes, importLimits.chatBytes)

const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  return code === "ENOENT" ? "no such file" : code === "EACCES" ? "not allowed" : String(code ?? "unreadable")
}

const unreadable = (file: string, line: number, reason: string): Result<never, Failure> =>
  fail("unreadable", line > 0 ? `${file}, line ${line}: ${reason}` : `${file}: ${reason}`, {
    file,
    line,
    reason,
  })

/** The folder's files, without those that begin with a dot; only Markdown is read, the rest is only counted. */
const readFolder = (
  root: string,
): Result<readonly FolderFile[], { readonly file: string; readonly reason: string }> => {
  const files: FolderFile[] = []
  let sizeBytes = 0
  const folders = [""]
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`
      if (entry.name.startsWith(".")) continue
      if (entry.isDirectory()) folders.push(path)
      if (!entry.isFile()) continue
      if (files.length >= importLimits.folderFiles)
        return err({ file: path, reason: "too many files in the folder" })
      const isPage = /\.(md|markdown)$/i.test(path)
      const { size, mtimeMs } = statSync(join(root, path))
      if (isPage) sizeBytes += size
      if (sizeBytes > importLimits.folderBytes)
        return err({ file: path, reason: "the folder's notes are too large together" })
      const bytes = isPage ? new Uint8Array(readFileSync(join(root, path))) : new Uint8Array(0)
      files.push({ path, bytes, modifiedAtMs: Math.floor(mtimeMs) })
    }
  }
  return ok(files)
}

/** Reads and parses one file or folder. A failure names file, line and reason. */
export const readImport = (path: string, format: ImportFormat | undefined): Result<ReadFile, Failure> => {
  try {
    const stat = statSync(path)
    let source: Uint8Array | readonly FolderFile[]
    if (stat.isDirectory()) {
      const folder = readFolder(path)
      if (!folder.ok) return unreadable(join(path, folder.error.file), 0, folder.error.reason)
      source = folder.value
    } else if (stat.size > fileLimitBytes) {
      return unreadable(path, 0, `${stat.size} bytes, the limit is ${fileLimitBytes}`)
    } else source = new Uint8Array(readFileSync(path))
    const parsed = parseImport(basename(path), source, format === undefined ? {} : { format })
    return parsed.ok
      ? ok({ path, parsed: parsed.value })
      : unreadable(path, parsed.error.line, parsed.error.reason)
  } catch (error) {
    return unreadable(path, 0, reasonOf(error))
  }
}
