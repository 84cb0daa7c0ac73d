import { err, ok } from "@home/shared/base"
import type { Calls } from "../port.js"
import { type Context, notOpen } from "./context.js"
import { relayUrlOf } from "./relay-url.js"

type PlaceCalls = Pick<Calls, "setRelays" | "relays" | "syncNow" | "exportAll">

/** A profile keeps so many. */
const maxRelays = 16

export const createPlaceCalls = (context: Context): PlaceCalls => ({
  setRelays: async ({ relays }) => {
    const family = context.family()
    if (family === undefined) return err(notOpen)
    const urls: string[] = []
    for (const text of relays) {
      const url = relayUrlOf(text)
      if (!url.ok) return url
      urls.push(url.value)
    }
    await family.profile.update({ relays: [...new Set(urls)].slice(0, maxRelays) })
    void context.company()?.settleNow()
    return ok(undefined)
  },
  relays: () => {
    const family = context.family()
    return Promise.resolve(family === undefined ? err(notOpen) : ok(family.profile.content().relays))
  },
  syncNow: async () => {
    const company = context.company()
    if (company === undefined) return err(notOpen)
    for (const share of context.shares()?.all() ?? []) void share.company.settleNow()
    return ok(await company.settleNow())
  },
  exportAll: async () => {
    const family = context.family()
    if (family === undefined) return err(notOpen)
    const { clock } = context.deps
    // What writes calendars and Markdown is a fifth of the worker's code, and hardly ever wanted: no start waits for it.
    const { exportFamily, folderOf } = await import("./export.js")
    const files = [...(await exportFamily(family.replica, clock))]
    for (const { record, family: share } of context.shares()?.all() ?? [])
      for (const file of await exportFamily(share.replica, clock))
        files.push({ ...file, name: `${folderOf(record.title, record.group)}${file.name}` })
    return ok(files)
  },
})
