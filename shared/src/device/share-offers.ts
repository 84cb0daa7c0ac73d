import { textToBytes } from "../base/index.js"
import {
  type ContactCard,
  type RoomKeys,
  type Sealer,
  type ShareOffer,
  openShareOffer,
  signShareOffer,
} from "../wire/index.js"
import type { NetDeps } from "./local-device.js"
import type { ContactSecrets } from "./own-card.js"
import { visitRoom } from "./visit-room.js"

/** One family with the secrets of its card, and another one by its card. */
export interface ContactPair {
  readonly own: { readonly card: ContactCard; readonly secrets: ContactSecrets }
  readonly theirs: ContactCard
}

type Deps = Omit<NetDeps, "openChannel"> & { readonly sealer: Sealer }

/** Where both can be found: their relays first, for they must find what lies there. */
export const relaysOf = ({ own, theirs }: ContactPair): readonly string[] => [
  ...new Set([...theirs.relays, ...own.card.relays]),
]

/** The room of two families at a relay: both can compute its secret, and nobody else. */
const contactRoom = (sealer: Sealer, { own, theirs }: ContactPair, url: string): RoomKeys => {
  const context = textToBytes("contact room")
  return sealer.roomOf(sealer.pairwiseSecret(own.secrets.agreement, theirs.keys.agreement, context), url)
}

/** Leaves an offer at every relay that takes it. False: at none. */
export const leaveOffer = async (
  deps: Deps,
  pair: ContactPair,
  offer: ShareOffer,
  at: readonly string[] = relaysOf(pair),
): Promise<boolean> => {
  const { sealer } = deps
  const { own, theirs } = pair
  const signed = await signShareOffer(sealer, own.secrets.signing, own.card, theirs, offer)
  let isLeft = false
  for (const url of at) {
    const room = contactRoom(sealer, pair, url)
    const taken = await visitRoom(deps, sealer, url, room, sealer.sealOuter(room, signed))
    isLeft ||= taken !== undefined
  }
  return isLeft
}

/** What the other family has offered, each share once. `undefined`: no relay could be reached. */
export const readOffers = async (
  deps: Deps,
  pair: ContactPair,
): Promise<readonly ShareOffer[] | undefined> => {
  const { sealer } = deps
  const offers = new Map<string, ShareOffer>()
  let isReached = false
  for (const url of relaysOf(pair)) {
    const room = contactRoom(sealer, pair, url)
    const blobs = await visitRoom(deps, sealer, url, room)
    isReached ||= blobs !== undefined
    for (const blob of blobs ?? []) {
      const plain = sealer.openOuter(room, blob)
      const offer = plain && (await openShareOffer(sealer, pair.theirs, pair.own.card, plain))
      if (offer !== undefined) offers.set(offer.group, offer)
    }
  }
  return isReached ? [...offers.values()] : undefined
}
