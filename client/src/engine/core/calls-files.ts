import { err } from "@home/shared/base"
import type { Calls } from "../port.js"
import { type Context, notOpen } from "./context.js"
import { placeOf } from "./place.js"

type FileCalls = Pick<Calls, "keepFile" | "openFile">

export const createFileCalls = (context: Context): FileCalls => ({
  keepFile: async ({ document, content, type, name }) => {
    const at = placeOf(context, document.circle)
    if (at === undefined) return err(notOpen)
    return at.family.files.keep({ ...document, circle: at.circle }, content, { type, name })
  },
  openFile: async ({ ref }) => {
    const family = context.family()
    if (family === undefined) return err(notOpen)
    // A ref does not say whose it is: its chunks are found by their ids.
    for (const { files } of [family, ...(context.shares()?.all() ?? []).map(share => share.family)]) {
      const opened = await files.open(ref)
      if (opened.ok) return opened
    }
    return err({ type: "FileNotHere" })
  },
})
