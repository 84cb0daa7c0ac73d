import { err } from "@home/shared/base"
import type { Calls } from "../port.js"
import { type Context, notOpen } from "./context.js"
type P = Pick<Calls, "setRelays" | "relays" | "syncNow" | "exportAll">
export const createPlaceCalls = (_context: Context): P =>
  new Proxy({} as P, {
    get: () => () => Promise.resolve(err(notOpen)),
    ownKeys: () => ["setRelays", "relays", "syncNow", "exportAll"],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  })
