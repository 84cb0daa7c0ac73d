import { createDeviceIdentity } from "@home/crypto"
import { type GroupId, type Result, err, ok } from "@home/shared/base"
import {
  type Contact,
  type ContactPair,
  type Offered,
  enterShare,
  familyOfKey,
  foundShareWith,
  isName,
  isToOurselves,
  leaveOffer,
  leaveShare,
  listContacts,
  nameOfFamily,
  openOwnCard,
  readAllOffers,
  relaysOf,
  soundCard,
  toOurselves,
  writeFamilyName,
  writeMemberName,
} from "@home/shared/device"
import type { Archive } from "@home/shared/replica"
import { shareOfferLimits } from "@home/shared/wire"
import { isFull } from "../../adapters/idb.js"
import type { ShareCalls, ShareProblem } from "../port.js"
import { tendCard } from "./contacts.js"
import { type Context, notOpen } from "./context.js"
import type { Family } from "./family.js"
import { eraseDisk, openDisk } from "./profile.js"
import type { OpenShare, Shares } from "./shares.js"

const pageBytes = 256 * 1024

/** What lies in an archive, taken in by a share that was just opened. */
const receiveAll = async ({ family }: OpenShare, archive: Archive): Promise<void> => {
  for (let after = 0; ;) {
    const page = await archive.readSince(after, pageBytes)
    if (page.bundles.length === 0) return
    await family.replica.receive(
      page.bundles.map(({ bundle }) => bundle.bytes),
      "scratch",
    )
    after = page.next
  }
}

interface Opened {
  readonly family: Family
  readonly shares: Shares
}

/** `database`: the family's name. */
export const createShareCalls = (context: Context, database: string): ShareCalls => {
  const { deps, sealer, net } = context
  const { clock, random } = deps

  const ownCard = async ({ device }: Family): Promise<Result<ContactPair["own"], ShareProblem>> => {
    await tendCard(device, clock)
    const own = await openOwnCard(device, device.content().identity)
    return own === undefined ? err({ type: "CannotShare" }) : ok(own)
  }
  const opened = (): Opened | undefined => {
    const [family, shares] = [context.family(), context.shares()]
    return family === undefined || shares === undefined ? undefined : { family, shares }
  }
  const onDisk = async <T>(
    work: () => Promise<Result<T, ShareProblem>>,
  ): Promise<Result<T, ShareProblem>> => {
    try {
      return await work()
    } catch (error) {
      if (isFull(error)) return err({ type: "StorageFull" })
      throw error
    }
  }

  const contactsOf = async (family: Family): Promise<Result<readonly Contact[], ShareProblem>> =>
    listContacts(family.device)

  const offersFor = async (
    family: Family,
    shares: Shares,
  ): Promise<Result<readonly Offered[], ShareProblem>> => {
    const own = await ownCard(family)
    if (!own.ok) return own
    const contacts = await contactsOf(family)
    if (!contacts.ok) return contacts
    const all = await readAllOffers({ ...net, sealer }, own.value, contacts.value)
    if (all === undefined) return err({ type: "NobodyReached" })
    const offered: Offered[] = []
    for (const each of all) {
      const { group } = each.offer
      if (shares.of(group) === undefined && !(await shares.isOver(group))) offered.push(each)
    }
    return ok(offered)
  }

  const comeIn = async (
    { family, shares }: Opened,
    offered: Offered,
    archive: Archive,
  ): Promise<Result<GroupId, ShareProblem>> => {
    const { group, logKey, title, relays } = offered.offer
    const identity = createDeviceIdentity(random)
    const entering = await enterShare({ ...net, sealer }, archive, offered, identity)
    if (!entering.ok) {
      if (entering.error.type !== "NotForUs") return err({ type: "ShareIncomplete" })
      await shares.setOver(group)
      return err({ type: "NotForUs" })
    }
    const contacts = await contactsOf(family)
    if (!contacts.ok) return contacts
    const { member, admission, changes, sharedWith } = entering.value
    const content = { group, member, identity, logKey, relays, boxes: [], deviceName: "" }
    const other = familyOfKey(contacts.value, sharedWith) ?? offered.pair.theirs.group
    const record = { group, key: random.bytes(32), family: other, title }
    return shares.make(record, { content, changes }, async made => {
      await receiveAll(made, archive)
      const admitted = await made.family.replica.actAs(admission)
      if (!admitted.ok) return admitted
      await made.family.replica.tend()
      void made.company.settleNow()
      return ok(group)
    })
  }

  return {
    createShare: async ({ title, family: of, role }) => {
      const open = opened()
      if (open === undefined) return err(notOpen)
      const { family, shares } = open
      if (!isName(title)) return err({ type: "InvalidName", field: "share" })
      const own = await ownCard(family)
      if (!own.ok) return own
      const contacts = await contactsOf(family)
      if (!contacts.ok) return contacts
      const contact = contacts.value.find(one => one.family === of)
      if (contact === undefined) return err({ type: "UnknownContact" })
      const theirs = soundCard(contact)
      if (theirs === undefined) return err({ type: "ContactChanged" })
      const pair = { own: own.value, theirs }
      const relays = relaysOf(pair).slice(0, shareOfferLimits.relays)
      if (relays.length === 0) return err({ type: "NoWay" })

      const identity = createDeviceIdentity(random)
      const { founded, voucher } = await foundShareWith({ sealer, random }, identity, pair, role)
      const { group, logKey, changes } = founded
      // No name of a device crosses to another family.
      const content = { group, member: founded.member, identity, logKey, relays, boxes: [], deviceName: "" }
      const record = { group, key: random.bytes(32), family: theirs.group, title: title.trim() }
      const ourName = await nameOfFamily(family.device)
      return onDisk(() =>
        shares.make(record, { content, changes }, async made => {
          await writeFamilyName(made.family, record.title)
          await writeMemberName(made.family, founded.member, ourName || "?")
          await writeMemberName(made.family, voucher.member, theirs.name || "?")
          const offer = { group, logKey, title: record.title, relays }
          // Other devices of this family find it where only they look.
          await leaveOffer({ ...net, sealer }, toOurselves(own.value), offer)
          if (!(await leaveOffer({ ...net, sealer }, pair, offer))) return err({ type: "NobodyReached" })
          await made.company.settleNow()
          return ok(group)
        }),
      )
    },
    shareOffers: async () => {
      const open = opened()
      if (open === undefined) return err(notOpen)
      const offered = await offersFor(open.family, open.shares)
      if (!offered.ok) return offered
      return ok(
        offered.value.map(({ offer, pair }) => ({
          offer: offer.group,
          title: offer.title,
          family: pair.theirs.group,
          name: pair.theirs.name,
          isOurs: isToOurselves(pair),
        })),
      )
    },
    acceptShare: async ({ offer: wanted }) => {
      const open = opened()
      if (open === undefined) return err(notOpen)
      const offered = await offersFor(open.family, open.shares)
      if (!offered.ok) return offered
      const found = offered.value.find(({ offer }) => offer.group === wanted)
      if (found === undefined) return err({ type: "UnknownShare" })
      return onDisk(async () => {
        // Only sealed bundles lie in there; it goes when this ends.
        const scratch = `${database}/accepting`
        await eraseDisk(deps.indexedDb, scratch)
        const disk = await openDisk(deps.indexedDb, scratch, random)
        try {
          return await comeIn(open, found, disk.database.archive)
        } finally {
          disk.close()
          await eraseDisk(deps.indexedDb, scratch)
        }
      })
    },
    leaveShare: async ({ share }) => {
      const open = opened()
      const found = open?.shares.of(share)
      if (open === undefined || found === undefined) return err({ type: "UnknownShare" })
      const own = await ownCard(open.family)
      if (!own.ok) return own
      const { replica, profile } = found.family
      const { logKey, relays } = profile.content()
      const left = await leaveShare(
        { ...net, sealer },
        { replica, logKey, relays, secrets: own.value.secrets },
      )
      // Erased before anybody has heard of it, nobody ever would.
      if (!left.ok)
        return left.error.type === "Unreachable" ? err({ type: "NobodyReached" }) : err(left.error)
      await open.shares.forget(share)
      return ok(undefined)
    },
    endShare: async ({ share }) => {
      const found = opened()?.shares.of(share)
      const voucher = found?.family.replica.session.state().voucher
      if (found === undefined || voucher === undefined) return err({ type: "UnknownShare" })
      const done = await found.family.replica.act(author => author.removeMember(voucher.member))
      if (!done.ok) return done
      found.family.touch()
      await found.company.settleNow()
      return ok(undefined)
    },
    forgetShare: async ({ share }) => {
      const shares = context.shares()
      if (shares?.of(share) === undefined) return err({ type: "UnknownShare" })
      await shares.forget(share)
      return ok(undefined)
    },
  }
}
