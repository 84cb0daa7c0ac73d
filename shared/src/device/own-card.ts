import {
  type DeviceId,
  type GroupId,
  bytesToHex,
  equalBytes,
  hexToBytes,
  textToBytes,
} from "../base/index.js"
import type { GroupState } from "../access/index.js"
import { type Contacts, keepOwnCard, parseContacts } from "../documents/index.js"
import type { DeviceIdentity, RecoveryIdentity, Replica } from "../replica/index.js"
import {
  type ContactCard,
  type ContactHints,
  type ContactIdentity,
  type ContactKeys,
  type Sealer,
  certifyContact,
  fittingHints,
  parseContactCard,
  signContactCard,
  verifyContactCard,
} from "../wire/index.js"

export interface ContactHolder {
  readonly replica: Replica
  readonly sealer: Sealer
}

/** The secrets behind a family's card, 32 bytes each. */
export interface ContactSecrets {
  readonly signing: Uint8Array
  readonly agreement: Uint8Array
}

const secretsOf = (sealer: Sealer, seed: Uint8Array): ContactSecrets => ({
  signing: sealer.hash("contact signing", seed),
  agreement: sealer.hash("contact agreement", seed),
})

const keysOf = (sealer: Sealer, secrets: ContactSecrets): ContactKeys => ({
  signing: sealer.signingKeyOf(secrets.signing),
  agreement: sealer.agreementKeyOf(secrets.agreement),
})

/**
 * The seed of the contact keys follows from the phrase's signing seed, which it tells nothing of: the phrase alone
 * brings the same card back, and another phrase is another card.
 */
const contactSeedOf = (sealer: Pick<Sealer, "hash">, recovery: RecoveryIdentity): Uint8Array =>
  sealer.hash("contact seed", recovery.secrets.signing)

export const contactsKey = (replica: Replica) => replica.keyFor("contacts", "")

/** `undefined`: a newer version's, or none of the area. */
export const readContacts = (replica: Replica): Promise<Contacts | undefined> =>
  replica.read(contactsKey(replica), doc => {
    const contacts = parseContacts(doc)
    return contacts.ok ? contacts.value : undefined
  })

/** Binds a wrapped seed to the family, the device and the card's key. */
const wrapContext = (group: GroupId, device: DeviceId, signing: Uint8Array): Uint8Array =>
  textToBytes(`contact ${group} ${device} ${bytesToHex(signing)}`)

/** Live devices of live admins: who may act for the family. */
const adminDevices = (state: GroupState) =>
  [...state.devices.values()].filter(
    ({ live, suspended, member }) => live && !suspended && state.members.get(member)?.role === "admin",
  )

const write = async (
  { replica, sealer }: ContactHolder,
  seed: Uint8Array,
  card: ContactIdentity & ContactHints & { readonly certificate: Uint8Array },
  known: ReadonlyMap<string, string>,
): Promise<boolean> => {
  const bytes = await signContactCard(sealer, secretsOf(sealer, seed).signing, card)
  const wraps = new Map(
    adminDevices(replica.session.state())
      .filter(({ id }) => !known.has(id))
      .map(({ id, keys }) => {
        const context = wrapContext(card.group, id, card.keys.signing)
        return [id, bytesToHex(sealer.wrapKey(keys.wrap, context, seed))] as const
      }),
  )
  const changed = await replica.change(contactsKey(replica), draft =>
    keepOwnCard(draft, { card: bytesToHex(bytes), wraps }),
  )
  return changed.ok && changed.value.ok
}

/**
 * Makes the family's card, with the phrase at hand: at founding, and when a device came back by the phrase. The seed
 * goes, sealed, to every admin's device. False: not written.
 */
export const issueOwnCard = async (
  holder: ContactHolder,
  recovery: RecoveryIdentity,
  hints: ContactHints,
): Promise<boolean> => {
  const { sealer, replica } = holder
  const seed = contactSeedOf(sealer, recovery)
  const identity = {
    group: replica.group,
    recovery: recovery.keys.signing,
    keys: keysOf(sealer, secretsOf(sealer, seed)),
  }
  const certificate = await certifyContact(sealer, recovery.secrets.signing, identity)
  return write(holder, seed, { ...identity, ...hints, certificate }, new Map())
}

/**
 * The family's card. `undefined`: none was issued, or it does not hang on the phrase that the log knows now, whoever
 * wrote it: a card of an older phrase, or one that was foisted on the family.
 */
export const readOwnCard = async ({ replica, sealer }: ContactHolder): Promise<ContactCard | undefined> => {
  const hex = (await readContacts(replica))?.ownCard
  const bytes = hex === undefined ? undefined : hexToBytes(hex)
  const card = bytes === undefined ? undefined : parseContactCard(bytes)
  if (card === undefined) return undefined
  const isOurs =
    card.group === replica.group &&
    equalBytes(card.recovery, replica.session.state().recovery.signing) &&
    (await verifyContactCard(sealer, card))
  return isOurs ? card : undefined
}

/** The seed behind the card, when it was sealed to this device. */
const openSeed = (
  { replica, sealer }: ContactHolder,
  identity: DeviceIdentity,
  card: ContactCard,
  contacts: Contacts,
): Uint8Array | undefined => {
  const wrapped = hexToBytes(contacts.wraps.get(identity.id) ?? "")
  if (wrapped === undefined) return undefined
  const context = wrapContext(replica.group, identity.id, card.keys.signing)
  const seed = sealer.unwrapKey(identity.secrets.wrap, context, wrapped)
  if (seed === undefined) return undefined
  return equalBytes(keysOf(sealer, secretsOf(sealer, seed)).signing, card.keys.signing) ? seed : undefined
}

/** The family's card with its secrets, on an admin's device that holds them. */
export const openOwnCard = async (
  holder: ContactHolder,
  identity: DeviceIdentity,
): Promise<{ readonly card: ContactCard; readonly secrets: ContactSecrets } | undefined> => {
  const card = await readOwnCard(holder)
  const contacts = await readContacts(holder.replica)
  if (card === undefined || contacts === undefined) return undefined
  const seed = openSeed(holder, identity, card, contacts)
  return seed && { card, secrets: secretsOf(holder.sealer, seed) }
}

/**
 * What an admin's device that holds the seed puts right: another name or other relays go onto the card, and admins'
 * devices that came later get the seed. Does nothing elsewhere.
 */
export const tendOwnCard = async (
  holder: ContactHolder,
  identity: DeviceIdentity,
  given: ContactHints,
): Promise<void> => {
  const hints = fittingHints(given)
  const card = await readOwnCard(holder)
  const contacts = await readContacts(holder.replica)
  if (card === undefined || contacts === undefined) return
  const devices = adminDevices(holder.replica.session.state())
  if (!devices.some(({ id }) => id === identity.id)) return
  const seed = openSeed(holder, identity, card, contacts)
  if (seed === undefined) return
  const isTold = card.name === hints.name && card.relays.join(" ") === hints.relays.join(" ")
  if (isTold && devices.every(({ id }) => contacts.wraps.has(id))) return
  await write(holder, seed, { ...card, ...hints }, contacts.wraps)
}
