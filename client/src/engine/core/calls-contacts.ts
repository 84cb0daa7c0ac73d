import { err, ok } from "@home/shared/base"
import { addContact, confirmContact, removeContact } from "@home/shared/device"
import { parseContactLink, parseSafetyNumber } from "@home/shared/wire"
import type { ContactCalls } from "../port.js"
import { contactView } from "./contacts.js"
import { type Context, notOpen } from "./context.js"

export const createContactCalls = (context: Context): ContactCalls => ({
  addContact: async ({ card: text }) => {
    const family = context.family()
    if (family === undefined) return err(notOpen)
    const card = parseContactLink(text)
    if (card === undefined) return err({ type: "NotACard" })
    const by = { author: family.device.content().member, nowMs: context.deps.clock.now() }
    const added = await addContact(family.device, card, by)
    return added.ok ? ok(contactView(added.value)) : added
  },
  confirmContact: async ({ family: of, digits }) => {
    const family = context.family()
    if (family === undefined) return err(notOpen)
    const number = parseSafetyNumber(digits)
    if (number === undefined) return err({ type: "OtherNumber" })
    const by = { author: family.device.content().member, nowMs: context.deps.clock.now() }
    const confirmed = await confirmContact(family.device, of, number, by)
    return confirmed.ok ? ok(undefined) : confirmed
  },
  removeContact: async ({ family: of }) => {
    const family = context.family()
    return family === undefined ? err(notOpen) : removeContact(family.device, of)
  },
})
