import { family } from "./family.js"
import { money } from "./money.js"
import { moneyMore } from "./money-more.js"
import { others } from "./others.js"
import { receipts } from "./receipts.js"
import { setup } from "./setup.js"
import { shares } from "./shares.js"
import { shell } from "./shell.js"

/** English: the language whose texts say which values each message takes. */
export const english = {
  ...shell,
  ...setup,
  ...family,
  ...money,
  ...moneyMore,
  ...others,
  ...receipts,
  ...shares,
} as const
