import { err } from "@home/shared/base"
import type { Calls } from "../port.js"
import { type Context, notOpen } from "./context.js"

type FileCalls = Pick<Calls, "keepFile" | "openFile">

export const createFileCalls = (context: Context): FileCalls => ({
  keepFile: async ({ document, content, type, name }) => {
    const files = context.family()?.files
    return files === undefined ? err(notOpen) : files.keep(document, content, { type, name })
  },
  openFile: async ({ ref }) => {
    const files = context.family()?.files
    return files === undefined ? err(notOpen) : files.open(ref)
  },
})
