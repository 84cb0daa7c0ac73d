import {
  type MemberId,
  type Random,
  type Result,
  type StoreChange,
  bytesToHex,
  equalBytes,
  ok,
} from "../base/index.js"
import type { Role, Voucher } from "../access/index.js"
import {
  type AcceptError,
  type Archive,
  type DeviceIdentity,
  type Founded,
  acceptShare,
  foundShare,
  shareRoomOf,
} from "../replica/index.js"
import type { ContactCard, Sealer, ShareOffer } from "../wire/index.js"
import type { Contact } from "./contacts.js"
import type { NetDeps } from "./local-device.js"
import { operationChanges } from "./operation-changes.js"
import { readLogRoom } from "./recovery-room.js"
import { type ContactPair, readOffers } from "./share-offers.js"

type Deps = Omit<NetDeps, "openChannel"> & { readonly sealer: Sealer }

/** An offer that lies at a relay, and between whom. */
export interface Offered {
  readonly offer: ShareOffer
  readonly pair: ContactPair
}

/** As if to another family: what this one's contact key alone can find and open. */
export const toOurselves = (own: ContactPair["own"]): ContactPair => ({ own, theirs: own.card })

/** Left by another device of this family, for those of its devices that may share. */
export const isToOurselves = ({ own, theirs }: ContactPair): boolean => own.card.group === theirs.group

/** The one card of a family whose card did not change. */
export const soundCard = ({ standing, candidates }: Contact): ContactCard | undefined =>
  standing === "changed" || candidates.length !== 1 ? undefined : candidates[0]?.card

/**
 * What lies at the relays for this family: of its own other devices, and of families whose card did not change.
 * `undefined`: there are such families, and no relay of theirs could be reached.
 */
export const readAllOffers = async (
  deps: Deps,
  own: ContactPair["own"],
  contacts: readonly Contact[],
): Promise<readonly Offered[] | undefined> => {
  const cards = contacts.flatMap(contact => soundCard(contact) ?? [])
  const byOurselves = toOurselves(own)
  const offered: Offered[] = ((await readOffers(deps, byOurselves)) ?? []).map(offer => ({
    offer,
    pair: byOurselves,
  }))
  let isReached = cards.length === 0
  for (const theirs of cards) {
    const pair = { own, theirs }
    const offers = await readOffers(deps, pair)
    isReached ||= offers !== undefined
    for (const offer of offers ?? []) offered.push({ offer, pair })
  }
  return isReached ? offered : undefined
}

/** Founds a share with another family; `identity` was made for it alone. Nothing is stored yet. */
export const foundShareWith = async (
  deps: { readonly sealer: Sealer; readonly random: Random },
  identity: DeviceIdentity,
  { own, theirs }: ContactPair,
  role: Exclude<Role, "admin">,
): Promise<{ readonly founded: Founded; readonly voucher: Voucher }> => {
  const voucher: Voucher = {
    member: bytesToHex(deps.random.bytes(16)) as MemberId,
    role,
    signing: theirs.keys.signing,
    wrap: theirs.keys.agreement,
  }
  // What the phrase is to the family, its contact key is to its shares: whoever has the phrase has it too.
  const { signing, agreement } = own.card.keys
  return { founded: await foundShare(deps, identity, { signing, wrap: agreement }, voucher), voucher }
}

/** What a device stores of a share that it comes into, and the admission that it then publishes. */
export interface Entering {
  readonly member: MemberId
  readonly changes: readonly StoreChange[]
  readonly admission: Uint8Array
  /** The contact signing key of the other family in it. */
  readonly sharedWith: Uint8Array
}

/** Fetches an offered share's log into `archive`, and lets `identity`, made for it alone, in on this family's side. */
export const enterShare = async (
  deps: Deps,
  archive: Archive,
  { offer, pair }: Offered,
  identity: DeviceIdentity,
): Promise<Result<Entering, AcceptError>> => {
  const { sealer } = deps
  const room = shareRoomOf(sealer, offer.logKey)
  for (const url of offer.relays) await archive.append((await readLogRoom(deps, sealer, url, room)) ?? [])
  const accepted = await acceptShare({ sealer }, archive, offer, pair.own.secrets, identity)
  if (!accepted.ok) return accepted
  const { member, operations, admission, sharedWith } = accepted.value
  const bytes = operations.map(operation => operation.bytes)
  return ok({ member, changes: operationChanges(sealer, bytes), admission, sharedWith })
}

/** The family whose contact key it is. */
export const familyOfKey = (
  contacts: readonly Contact[],
  signing: Uint8Array,
): ContactCard["group"] | undefined =>
  contacts.flatMap(({ candidates }) => candidates).find(({ card }) => equalBytes(card.keys.signing, signing))
    ?.card.group
