import { type Result, err, ok } from "../base/index.js"
import { type By, type CommandResult, check, containerOf, done } from "./command.js"
import { documentLimits } from "./document-limits.js"
import { readRegisters } from "./read-items.js"
import { type Issues, type Parsed, type SchemaError, parseRoot } from "./reading.js"
import { put } from "./scalar.js"

/** One identity that another family showed. */
export interface MetContact {
  /** The other family's group id. */
  readonly family: string
  /** Names the identity: a family whose keys changed has two. */
  readonly contact: string
  /** The newest card of this identity, hex; whoever uses it parses and verifies it. */
  readonly card: string
  /** Who took it in, and when: at first, or anew after it was set aside. */
  readonly met: { readonly by: string; readonly atMs: number } | undefined
  /** A card of this family was here when this one was taken in. */
  readonly isLater: boolean
  /** Who compared the safety number, and when. */
  readonly verified: { readonly by: string; readonly atMs: number } | undefined
  /** Another identity of this family was verified in its place. */
  readonly isRetired: boolean
}

/** A device of this family, and who it is in a share: nobody outside the family can tell. */
export interface NotedPseudonym {
  readonly group: string
  readonly device: string
  readonly pseudonym: string
}

export interface Contacts extends Parsed {
  /** The family's own card, hex; `undefined` before it was issued. */
  readonly ownCard: string | undefined
  /** The secret behind the own card, sealed to each admin's device: hex by device id. */
  readonly wraps: ReadonlyMap<string, string>
  readonly met: readonly MetContact[]
  readonly pseudonyms: readonly NotedPseudonym[]
}

/**
 * `changed`: this family showed other keys than before, and nobody has compared the number since. Nothing new is
 * shared with it until somebody does.
 */
export type ContactStanding = "unverified" | "verified" | "changed"

/**
 * Where one family stands, of all identities it showed. Two that stand side by side, or none left after two admins
 * verified different ones at once, are a change: the doubt is never resolved by a clock.
 */
export const standingOf = (
  met: readonly MetContact[],
): { readonly standing: ContactStanding; readonly candidates: readonly MetContact[] } => {
  const live = met.filter(({ isRetired }) => !isRetired)
  const [only, ...more] = live
  if (only === undefined || more.length > 0)
    return { standing: "changed", candidates: live.length > 0 ? live : met }
  return { standing: only.verified === undefined ? "unverified" : "verified", candidates: [only] }
}

const wrapPrefix = "wrap/"
const isHex = (text: string, longest: number): boolean =>
  text.length <= longest && text.length % 2 === 0 && /^[0-9a-f]+$/.test(text)
const isGroup = (text: string): boolean => text.length === 64 && isHex(text, 64)
const isCard = (text: string): boolean => isHex(text, documentLimits.card)

/** Cards that a family showed beside one that was here before, the earliest first: each is a reason to compare. */
export const laterCards = (met: readonly MetContact[]): readonly MetContact[] => {
  const inTime = [...met].sort((a, b) => (a.met?.atMs ?? 0) - (b.met?.atMs ?? 0))
  const families = new Set<string>()
  // Two that came at once know nothing of each other: one of them was the first.
  return inTime.filter(({ family, isLater }) => isLater || families.has(family) || !families.add(family))
}

type Field = "card" | "metBy" | "metAtMs" | "later" | "verifiedBy" | "verifiedAtMs" | "retired"
const keyOf = (family: string, contact: string, field: Field): string => `${family}/${contact}/${field}`

const readMet = (registers: ReadonlyMap<string, string>, found: Issues): readonly MetContact[] => {
  const met: MetContact[] = []
  for (const [key, card] of [...registers].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [family = "", contact = "", field, ...more] = key.split("/")
    if (field !== "card" || more.length > 0) continue
    if (!isGroup(family) || !isGroup(contact) || !isCard(card)) {
      found.add(`met/${key}`, "a card")
      continue
    }
    const byAt = (who: Field, when: Field): MetContact["met"] => {
      const by = registers.get(keyOf(family, contact, who))
      const atMs = Number(registers.get(keyOf(family, contact, when)))
      return by === undefined ? undefined : { by, atMs: Number.isSafeInteger(atMs) ? atMs : 0 }
    }
    met.push({
      family,
      contact,
      card,
      met: byAt("metBy", "metAtMs"),
      isLater: registers.has(keyOf(family, contact, "later")),
      verified: byAt("verifiedBy", "verifiedAtMs"),
      isRetired: registers.has(keyOf(family, contact, "retired")),
    })
  }
  return met
}

const sharePrefix = "share/"
const isDevice = (text: string): boolean => text.length === 32 && isHex(text, 32)

const readPseudonyms = (registers: ReadonlyMap<string, string>, found: Issues): readonly NotedPseudonym[] => {
  const noted: NotedPseudonym[] = []
  for (const [key, pseudonym] of registers) {
    if (!key.startsWith(sharePrefix)) continue
    const [group = "", device = "", ...more] = key.slice(sharePrefix.length).split("/")
    if (isGroup(group) && isDevice(device) && more.length === 0 && isDevice(pseudonym))
      noted.push({ group, device, pseudonym })
    else found.add(`own/${key}`, "a device in a share")
  }
  return noted
}

/**
 * Shape: `own`: the registers `card`, `wrap/DEVICE` and `share/GROUP/DEVICE` · `met`: the registers `FAMILY/CONTACT/card`,
 * `metBy`, `metAtMs`, `later`, `verifiedBy`, `verifiedAtMs`, `retired`: flat, since a map of a contact would be a container that two
 * devices make at once.
 */
export const parseContacts = (doc: unknown): Result<Contacts, SchemaError> => {
  const root = parseRoot("contacts", doc)
  if (!root.ok) return root
  const { fields: containers, found, schema, readOnly, issues } = root.value
  const own = readRegisters(containers, "own", found)
  const card = own.get("card")
  if (card !== undefined && !isCard(card)) found.add("own/card", "a card")
  return ok({
    schema,
    readOnly,
    issues,
    ownCard: card !== undefined && isCard(card) ? card : undefined,
    wraps: new Map(
      [...own].flatMap(([key, wrapped]) =>
        key.startsWith(wrapPrefix) ? [[key.slice(wrapPrefix.length), wrapped] as const] : [],
      ),
    ),
    met: readMet(readRegisters(containers, "met", found), found),
    pseudonyms: readPseudonyms(own, found),
  })
}

/** Who a device of this family is in a share, so that it goes there too when it leaves the family. */
export const notePseudonym = (draft: unknown, input: NotedPseudonym): CommandResult => {
  const own = containerOf(draft, "contacts", "own")
  if (!own.ok) return own
  const valid = check([
    [isGroup(input.group), "group", "a share's id"],
    [isDevice(input.device), "device", "a device's id"],
    [isDevice(input.pseudonym), "pseudonym", "a device's id"],
  ])
  if (valid.ok) put(own.value, `${sharePrefix}${input.group}/${input.device}`, input.pseudonym)
  return valid
}

/** The device left the family, and is in that share no more. */
export const forgetPseudonym = (
  draft: unknown,
  { group, device }: Pick<NotedPseudonym, "group" | "device">,
): CommandResult => {
  const own = containerOf(draft, "contacts", "own")
  if (!own.ok) return own
  put(own.value, `${sharePrefix}${group}/${device}`, undefined)
  return done
}

/** The family's card, and its secret for the devices in `wraps` (hex by device id); wraps of others stay. */
export const keepOwnCard = (
  draft: unknown,
  input: { readonly card: string; readonly wraps: ReadonlyMap<string, string> },
): CommandResult => {
  const own = containerOf(draft, "contacts", "own")
  if (!own.ok) return own
  const valid = check([
    [isCard(input.card), "card", "a card"],
    [[...input.wraps.values()].every(wrapped => isHex(wrapped, documentLimits.card)), "wraps", "sealed keys"],
  ])
  if (!valid.ok) return valid
  put(own.value, "card", input.card)
  for (const [device, wrapped] of input.wraps) put(own.value, wrapPrefix + device, wrapped)
  return done
}

const identityChecks = (input: { readonly family: string; readonly contact: string }) =>
  [
    [isGroup(input.family), "family", "a family's id"],
    [isGroup(input.contact), "contact", "a contact's id"],
  ] as const

/** A card that somebody gave us. An identity that was set aside stands beside the others again: loud, not silent. */
export const meetContact = (
  draft: unknown,
  input: { readonly family: string; readonly contact: string; readonly card: string; readonly by: By },
): CommandResult => {
  const met = containerOf(draft, "contacts", "met")
  if (!met.ok) return met
  const valid = check([...identityChecks(input), [isCard(input.card), "card", "a card"]])
  if (!valid.ok) return valid
  const { family, contact, by } = input
  const isLater = Object.keys(met.value).some(key => key.startsWith(`${family}/`) && key.endsWith("/card"))
  const isKnown =
    keyOf(family, contact, "card") in met.value && !(keyOf(family, contact, "retired") in met.value)
  put(met.value, keyOf(family, contact, "card"), input.card)
  put(met.value, keyOf(family, contact, "retired"), undefined)
  if (isKnown) return done
  put(met.value, keyOf(family, contact, "metBy"), by.author)
  put(met.value, keyOf(family, contact, "metAtMs"), String(by.nowMs))
  if (isLater) put(met.value, keyOf(family, contact, "later"), "yes")
  return done
}

/** The number was compared and is the same: this identity is the family's, and the others are set aside. */
export const verifyContact = (
  draft: unknown,
  input: { readonly family: string; readonly contact: string; readonly by: By },
): CommandResult => {
  const met = containerOf(draft, "contacts", "met")
  if (!met.ok) return met
  const valid = check(identityChecks(input))
  if (!valid.ok) return valid
  if (!(keyOf(input.family, input.contact, "card") in met.value))
    return err({ type: "NotFound", id: input.contact })
  for (const key of Object.keys(met.value)) {
    const [family = "", contact = "", field] = key.split("/")
    if (family !== input.family || contact === input.contact || field !== "card") continue
    put(met.value, keyOf(family, contact, "retired"), "yes")
    put(met.value, keyOf(family, contact, "verifiedBy"), undefined)
    put(met.value, keyOf(family, contact, "verifiedAtMs"), undefined)
  }
  put(met.value, keyOf(input.family, input.contact, "retired"), undefined)
  put(met.value, keyOf(input.family, input.contact, "verifiedBy"), input.by.author)
  put(met.value, keyOf(input.family, input.contact, "verifiedAtMs"), String(input.by.nowMs))
  return done
}

/** Takes a family out of the contacts, with what was verified of it. */
export const forgetContact = (draft: unknown, family: string): CommandResult => {
  const met = containerOf(draft, "contacts", "met")
  if (!met.ok) return met
  for (const key of Object.keys(met.value)) if (key.startsWith(`${family}/`)) put(met.value, key, undefined)
  return done
}
