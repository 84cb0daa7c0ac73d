import { type Result, bytesToHex, err, hexToBytes, ok } from "../base/index.js"
import {
  type By,
  type ContactStanding,
  type MetContact,
  forgetContact,
  laterCards,
  meetContact,
  standingOf,
  verifyContact,
} from "../documents/index.js"
import {
  type ContactCard,
  contactIdOf,
  parseContactCard,
  safetyNumber,
  verifyContactCard,
} from "../wire/index.js"
import { type ContactHolder, contactsKey, readContacts, readOwnCard } from "./own-card.js"

/** One identity of another family, with what is to be compared. */
export interface ContactCandidate {
  readonly contact: string
  readonly card: ContactCard
  readonly safetyNumber: string
  readonly met: MetContact["met"]
  readonly verified: MetContact["verified"]
}

/** Another family, as this one knows it. */
export interface Contact {
  readonly family: string
  /** "" where its card says none. */
  readonly name: string
  readonly standing: ContactStanding
  /** One; several after a change, until somebody compares. */
  readonly candidates: readonly ContactCandidate[]
}

export type ContactError =
  /** This family has no card of its own yet: there is nothing to compare. */
  | { readonly type: "NoOwnCard" }
  | { readonly type: "OwnFamily" }
  /** Its signatures do not hold. */
  | { readonly type: "Forged" }
  | { readonly type: "UnknownContact" }
  /** The number is none of those that this family's cards give. */
  | { readonly type: "OtherNumber" }
  /** The role does not allow it. */
  | { readonly type: "NotAllowed" }

const cardOf = (hex: string): ContactCard | undefined => {
  const bytes = hexToBytes(hex)
  return bytes === undefined ? undefined : parseContactCard(bytes)
}

/** Cards are checked again whenever they are read: a document is no proof. */
const candidateOf = async (
  { sealer }: ContactHolder,
  own: ContactCard,
  met: MetContact,
): Promise<readonly ContactCandidate[]> => {
  const card = cardOf(met.card)
  if (card === undefined || card.group !== met.family || contactIdOf(sealer, card) !== met.contact) return []
  if (!(await verifyContactCard(sealer, card))) return []
  const { contact, verified } = met
  return [{ contact, card, safetyNumber: safetyNumber(sealer, own, card), met: met.met, verified }]
}

/** All families that this one has cards of, by name. A card that does not hold counts as none. */
export const listContacts = async (
  holder: ContactHolder,
): Promise<Result<readonly Contact[], ContactError>> => {
  const own = await readOwnCard(holder)
  if (own === undefined) return err({ type: "NoOwnCard" })
  const met = (await readContacts(holder.replica))?.met ?? []
  const contacts: Contact[] = []
  for (const family of new Set(met.map(one => one.family))) {
    const sound = new Map<string, ContactCandidate>()
    const ofFamily = met.filter(one => one.family === family)
    for (const one of ofFamily)
      for (const candidate of await candidateOf(holder, own, one)) sound.set(one.contact, candidate)
    if (sound.size === 0) continue
    const { standing, candidates } = standingOf(ofFamily.filter(({ contact }) => sound.has(contact)))
    const shown = candidates.flatMap(({ contact }) => sound.get(contact) ?? [])
    contacts.push({ family, name: shown[0]?.card.name ?? "", standing, candidates: shown })
  }
  return ok(
    contacts.sort((a, b) => (a.name === b.name ? (a.family < b.family ? -1 : 1) : a.name < b.name ? -1 : 1)),
  )
}

/** Another card in a known family's name: who took it in, and when. */
export interface CardChange {
  readonly family: string
  /** As the new card says; "" where it says none. */
  readonly name: string
  readonly by: string
  readonly atMs: number
}

/** Every time a family that was known showed another card, the earliest first; also those that were compared since. */
export const listCardChanges = async ({
  replica,
}: Pick<ContactHolder, "replica">): Promise<readonly CardChange[]> =>
  laterCards((await readContacts(replica))?.met ?? []).flatMap(({ family, card, met }) =>
    met === undefined ? [] : [{ family, name: cardOf(card)?.name ?? "", ...met }],
  )

const findContact = async (holder: ContactHolder, family: string): Promise<Result<Contact, ContactError>> => {
  const all = await listContacts(holder)
  if (!all.ok) return all
  const found = all.value.find(one => one.family === family)
  return found === undefined ? err({ type: "UnknownContact" }) : ok(found)
}

/**
 * Takes in a card that was scanned or pasted. A card of an identity that is known replaces it only when it is newer;
 * another identity of a known family makes it `changed`.
 */
export const addContact = async (
  holder: ContactHolder,
  card: ContactCard,
  by: By,
): Promise<Result<Contact, ContactError>> => {
  const { replica, sealer } = holder
  if ((await readOwnCard(holder)) === undefined) return err({ type: "NoOwnCard" })
  if (card.group === replica.group) return err({ type: "OwnFamily" })
  if (!(await verifyContactCard(sealer, card))) return err({ type: "Forged" })
  const contact = contactIdOf(sealer, card)
  const before = (await readContacts(replica))?.met.find(one => one.contact === contact)
  const known = before === undefined ? undefined : cardOf(before.card)
  const newest = known !== undefined && known.issuedMs >= card.issuedMs ? known : card
  const changed = await replica.change(contactsKey(replica), draft =>
    meetContact(draft, { family: card.group, contact, card: bytesToHex(newest.bytes), by }),
  )
  if (!changed.ok || !changed.value.ok) return err({ type: "NotAllowed" })
  return findContact(holder, card.group)
}

/** The number was compared over another way and is the same: whoever it belongs to is that family from now on. */
export const confirmContact = async (
  holder: ContactHolder,
  family: string,
  number: string,
  by: By,
): Promise<Result<Contact, ContactError>> => {
  const found = await findContact(holder, family)
  if (!found.ok) return found
  const same = found.value.candidates.find(candidate => candidate.safetyNumber === number)
  if (same === undefined) return err({ type: "OtherNumber" })
  const changed = await holder.replica.change(contactsKey(holder.replica), draft =>
    verifyContact(draft, { family, contact: same.contact, by }),
  )
  if (!changed.ok || !changed.value.ok) return err({ type: "NotAllowed" })
  return findContact(holder, family)
}

export const removeContact = async (
  { replica }: ContactHolder,
  family: string,
): Promise<Result<void, ContactError>> => {
  const changed = await replica.change(contactsKey(replica), draft => forgetContact(draft, family))
  return changed.ok && changed.value.ok ? ok(undefined) : err({ type: "NotAllowed" })
}
