import { type Result, ok } from "@home/shared/base"
import type { Calls, NotOpen } from "../engine/port.js"
import { createArchive } from "../platform/archive.js"
import { saveBlob } from "../platform/save-file.js"

/**
 * Saves everything as one file: a browser on a phone lets a page save no more than that for one press. `missing`: files
 * that have not come to this device.
 */
export const exportAll = async (
  calls: Pick<Calls, "exportAll" | "openFile">,
  day: string,
): Promise<Result<{ readonly count: number; readonly missing: number }, NotOpen>> => {
  const files = await calls.exportAll({})
  if (!files.ok) return files
  const archive = createArchive()
  let missing = 0
  for (const file of files.value) {
    const content = "bytes" in file ? ok(file.bytes) : await calls.openFile({ ref: file.ref })
    if (content.ok) await archive.add(file.name, content.value)
    else missing += 1
  }
  saveBlob(archive.end(), `home-${day}.zip`)
  return ok({ count: files.value.length - missing, missing })
}
