import type { Dictionary } from "../dictionary.js"
import { family } from "./family.js"
import { money } from "./money.js"
import { moneyMore } from "./money-more.js"
import { others } from "./others.js"
import { receipts } from "./receipts.js"
import { setup } from "./setup.js"
import { shares } from "./shares.js"
import { shell } from "./shell.js"

export const chinese: Dictionary = {
  ...shell,
  ...setup,
  ...family,
  ...money,
  ...moneyMore,
  ...others,
  ...receipts,
  ...shares,
}
