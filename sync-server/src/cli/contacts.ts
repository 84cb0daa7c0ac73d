import { type Result, err, ok } from "@home/shared/base"
import {
  type Contact,
  type ContactError,
  type ContactPair,
  addContact,
  confirmContact,
  labelOfMember,
  listContacts,
  nameOfFamily,
  openOwnCard,
  readOwnCard,
  removeContact,
  tendOwnCard,
} from "@home/shared/device"
import { encodeContactLink, parseContactLink, parseSafetyNumber, spacedSafetyNumber } from "@home/shared/wire"
import type { OpenDevice } from "../profile/device.js"
import { confirmed } from "./confirmed.js"
import { type Failure, fail } from "./failure.js"
import { findByTitle } from "./find.js"
import type { Home, JsonLine, Outcome } from "./home.js"
import { requireMembership, withDevice } from "./with-device.js"
import { byOf } from "./writing.js"

export const contactFailure = (error: ContactError): Failure => {
  switch (error.type) {
    case "NoOwnCard":
      return {
        kind: "refused",
        message:
          'there is no card of this family here. It is made with the recovery phrase; where it was made, "home sync" brings it',
      }
    case "OwnFamily":
      return { kind: "refused", message: "that is the card of your own family" }
    case "Forged":
      return {
        kind: "unreadable",
        message: "this card was altered on its way, or made up: ask for it again",
      }
    case "UnknownContact":
      return { kind: "usage", message: "no card of that family is here" }
    case "OtherNumber":
      return {
        kind: "refused",
        message:
          "the numbers differ: somebody may stand between you. Nothing was verified; get the card another way",
      }
    case "NotAllowed":
      return { kind: "refused", message: "only an admin keeps the family's contacts" }
  }
}

/** What is said on the card as it is now, and the secret for admins' devices that came later. */
export const tendCard = async (home: Home, device: OpenDevice): Promise<void> => {
  const { identity, relays } = device.profile.content
  const hints = { name: await nameOfFamily(device), relays, issuedMs: home.clock.now() }
  await tendOwnCard(device, identity, hints)
}

/** This family's card with its secrets; only admins' devices hold them. */
export const openOwn = async (
  home: Home,
  device: OpenDevice,
): Promise<Result<ContactPair["own"], Failure>> => {
  const live = requireMembership(device)
  if (!live.ok) return live
  await tendCard(home, device)
  const own = await openOwnCard(device, device.profile.content.identity)
  return own === undefined
    ? fail(
        "refused",
        "only an admin's device shares with another family, once another admin's device has let it",
      )
    : ok(own)
}

const words = { unverified: "not verified", verified: "verified", changed: "CHANGED" } as const

const labelOf = ({ name, family }: Contact): string => (name === "" ? family.slice(0, 8) : name)

const jsonOf = (contact: Contact): JsonLine => ({
  family: contact.family,
  name: contact.name,
  standing: contact.standing,
  cards: contact.candidates.map(({ contact: id, safetyNumber, card, verified }) => ({
    contact: id,
    safetyNumber,
    relays: card.relays,
    verified: verified ?? null,
  })),
})

const say = async (home: Home, device: OpenDevice, contact: Contact): Promise<void> => {
  const lines = [`${contact.family.slice(0, 8)}  ${words[contact.standing]}  ${labelOf(contact)}`]
  for (const { safetyNumber, verified } of contact.candidates) {
    lines.push(`          ${spacedSafetyNumber(safetyNumber)}`)
    if (verified === undefined) continue
    const member = [...device.replica.session.state().members.keys()].find(id => id === verified.by)
    const who = member === undefined ? verified.by.slice(0, 8) : await labelOfMember(device, member)
    lines.push(`          compared by ${who} on ${new Date(verified.atMs).toISOString().slice(0, 10)}`)
  }
  home.result(jsonOf(contact), lines.join("\n"))
}

const changedWarning = (contact: Contact): string =>
  `The keys of ${labelOf(contact)} are not those that you knew. Either that family changed its recovery phrase, or somebody\n` +
  "gave you a card in its name. Ask them over a way that you trust, then compare the number that they see now:\n" +
  `"home contact verify ${contact.family.slice(0, 8)} NUMBER".`

export const showContact = (home: Home): Outcome =>
  withDevice(home, async device => {
    await tendCard(home, device)
    const card = await readOwnCard(device)
    if (card === undefined) return err(contactFailure({ type: "NoOwnCard" }))
    const link = encodeContactLink(card.bytes)
    home.result({ card: link, family: card.group, name: card.name, relays: card.relays }, link)
    return ok(undefined)
  })

export const addContactCard = (home: Home, text: string): Outcome => {
  const card = parseContactLink(text)
  if (card === undefined) {
    return Promise.resolve(fail("usage", 'this is no contact card: it begins with "homecard1-"'))
  }
  return withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const added = await addContact(device, card, byOf(home, device))
    if (!added.ok) return err(contactFailure(added.error))
    await say(home, device, added.value)
    if (added.value.standing === "changed") return fail("refused", changedWarning(added.value))
    if (added.value.standing === "unverified") {
      home.terminal.say(
        "Compare this number with the one that the other family sees for you: by phone, or side by side.",
      )
    }
    return ok(undefined)
  })
}

export const listContactCards = (home: Home): Outcome =>
  withDevice(home, async device => {
    const contacts = await listContacts(device)
    if (!contacts.ok) return err(contactFailure(contacts.error))
    for (const contact of contacts.value) {
      await say(home, device, contact)
      if (contact.standing === "changed") home.terminal.say(changedWarning(contact))
    }
    return ok(undefined)
  })

/** By the name on its card, or by the beginning of its id. */
export const findContact = async (device: OpenDevice, text: string): Promise<Result<Contact, Failure>> => {
  const contacts = await listContacts(device)
  if (!contacts.ok) return err(contactFailure(contacts.error))
  const titled = contacts.value.map(contact => ({ ...contact, id: contact.family, title: contact.name }))
  return findByTitle(titled, text, "contact")
}

const numberOf = async (
  home: Home,
  contact: Contact,
  given: string | undefined,
): Promise<Result<string, Failure>> => {
  if (given !== undefined) {
    const number = parseSafetyNumber(given)
    return number === undefined ? fail("usage", "a safety number has sixty digits") : ok(number)
  }
  const [only, ...more] = contact.candidates
  if (only === undefined || more.length > 0) {
    return fail("usage", "there are several cards in this family's name: say the number that they see")
  }
  const number = spacedSafetyNumber(only.safetyNumber)
  const answer = await home.terminal.ask(`${number}\nDo they see exactly this number for you? [y/N] `)
  if (answer === undefined)
    return fail("usage", "there is no terminal to ask at: say the number that they see")
  return /^(y|yes)$/i.test(answer.trim()) ? ok(only.safetyNumber) : fail("refused", "nothing was verified")
}

export const verifyContactCard = (
  home: Home,
  options: { readonly family: string; readonly number: string | undefined },
): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const found = await findContact(device, options.family)
    if (!found.ok) return found
    const number = await numberOf(home, found.value, options.number)
    if (!number.ok) return number
    const done = await confirmContact(device, found.value.family, number.value, byOf(home, device))
    if (!done.ok) return err(contactFailure(done.error))
    await say(home, device, done.value)
    return ok(undefined)
  })

export const removeContactCard = (
  home: Home,
  options: { readonly family: string; readonly isYes: boolean },
): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const found = await findContact(device, options.family)
    if (!found.ok) return found
    const { family } = found.value
    const label = labelOf(found.value)
    const question = `Remove ${label} from the contacts? What was verified of it is forgotten too.`
    const asked = await confirmed(home, options.isYes, question)
    if (!asked.ok) return asked
    if (!asked.value) return fail("refused", "nothing was removed")
    const removed = await removeContact(device, family)
    if (!removed.ok) return err(contactFailure(removed.error))
    home.result({ removed: family }, `Removed ${label}.`)
    return ok(undefined)
  })
