import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs"
import { dirname } from "node:path"

/** `undefined`: there is no such file. */
export const readIfThere = (path: string): Uint8Array | undefined => {
  try {
    return new Uint8Array(readFileSync(path))
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined
    throw error
  }
}

/** Whole or not at all, also after a crash: written beside, synced, renamed, the folder synced. */
export const writeWhole = (path: string, content: Uint8Array, mode = 0o600): void => {
  const beside = `${path}.new`
  const file = openSync(beside, "w", mode)
  try {
    for (let at = 0; at < content.length;) at += writeSync(file, content, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(beside, path)
  if (process.platform === "win32") return // a folder cannot be opened there
  const folder = openSync(dirname(path), "r")
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
