import { err } from "@home/shared/base"
import type { Calls } from "../port.js"
import { type Context, notOpen } from "./context.js"
type P = Pick<
  Calls,
  "join" | "recover" | "createInvitation" | "answerNewcomer" | "cancelPairing" | "claimBox"
>
export const createPairingCalls = (_context: Context): P =>
  new Proxy({} as P, {
    get: () => () => Promise.resolve(err(notOpen)),
    ownKeys: () => ["join", "recover", "createInvitation", "answerNewcomer", "cancelPairing", "claimBox"],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  })
