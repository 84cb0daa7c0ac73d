import { createDeviceIdentity } from "@home/crypto"
import { type GroupId, type MemberId, type Result, err, ok } from "@home/shared/base"
import type { Role } from "@home/shared/access"
import {
  type ContactPair,
  type Offered,
  type ShareRecord,
  enterShare,
  familyOfKey,
  foundShareWith,
  isName,
  leaveOffer,
  listContacts,
  nameOfFamily,
  readAllOffers,
  relaysOf,
  shareRecordPut,
  soundCard,
  toOurselves,
  writeFamilyName,
  writeMemberName,
} from "@home/shared/device"
import type { Archive } from "@home/shared/replica"
import { shareOfferLimits } from "@home/shared/wire"
import type { OpenDevice } from "../profile/device.js"
import { openProfile, prepareProfile } from "../profile/profile.js"
import { placeOf, readShareFolders } from "../profile/share-folders.js"
import { confirmed } from "./confirmed.js"
import { contactFailure, findContact, openOwn } from "./contacts.js"
import { type Failure, fail } from "./failure.js"
import { findByTitle } from "./find.js"
import type { Home, Outcome } from "./home.js"
import { actFailure } from "./refusals.js"
import { receiveAll, withScratchArchive } from "./scratch-archive.js"
import { bringBox, keepOwnPseudonym, nearRelays } from "./share-box.js"
import { syncQuietly } from "./sync-round.js"
import { openShare, profileFailure, useProfile, withDevice } from "./with-device.js"

const keeps =
  "What they have read they keep, also after you end this: sharing is taken back for what is new, never for what was."

const pairWith = async (
  home: Home,
  device: OpenDevice,
  text: string,
): Promise<Result<ContactPair, Failure>> => {
  const own = await openOwn(home, device)
  if (!own.ok) return own
  const contact = await findContact(device, text)
  if (!contact.ok) return contact
  const theirs = soundCard(contact.value)
  return theirs === undefined
    ? fail("refused", "the keys of that family changed: compare the number with it before sharing anything")
    : ok({ own: own.value, theirs })
}

/** A profile for a share: its key goes into the family's store first, so that what a crash leaves can be swept. */
const makeFolder = async (
  home: Home,
  device: OpenDevice,
  share: Omit<ShareRecord, "key">,
  content: Omit<OpenDevice["profile"]["content"], "group" | "boxes" | "deviceName">,
  changes: Parameters<typeof prepareProfile>[4],
) => {
  const folder = { ...share, key: home.random.bytes(32) }
  const { store, dir } = device.profile.folder
  await store.write([shareRecordPut(folder)])
  const place = placeOf(dir, folder)
  // No name of a device crosses to another family.
  const whole = { ...content, group: share.group, boxes: [], deviceName: "" }
  const prepared = await prepareProfile(place.dir, place.secret, home.random, whole, changes)
  return prepared.ok ? prepared : err(profileFailure(prepared.error))
}

export interface ShareCreateOptions {
  readonly title: string
  readonly family: string
  readonly role: Exclude<Role, "admin">
  /** The family's box comes along, and this device keeps to the relays of its own family. */
  readonly withBox: boolean
}

export const createShare = (home: Home, options: ShareCreateOptions): Outcome =>
  withDevice(home, async device => {
    const { title, role } = options
    if (!isName(title)) return fail("usage", "a share needs a name of one line")
    const pair = await pairWith(home, device, options.family)
    if (!pair.ok) return pair
    const { sealer } = device
    const { random } = home
    const { own, theirs } = pair.value
    const relays = relaysOf(pair.value).slice(0, shareOfferLimits.relays)
    if (relays.length === 0) return fail("unreachable", "neither family has a relay to meet at")
    home.terminal.say(keeps)

    const identity = createDeviceIdentity(random)
    const { founded, voucher } = await foundShareWith({ sealer, random }, identity, pair.value, role)
    const { group, member, logKey } = founded
    const folder = { group, family: theirs.group, title }
    const near = options.withBox ? nearRelays(device, relays) : relays
    const content = { member, identity, logKey, relays: near }
    const made = await makeFolder(home, device, folder, content, founded.changes)
    if (!made.ok) return made
    const { profile, keep } = made.value
    return useProfile(home, profile, async share => {
      if (options.withBox) {
        const brought = await bringBox(home, device, share, own, relays)
        if (!brought.ok) return brought
      }
      await writeFamilyName(share, title)
      await writeMemberName(share, member, (await nameOfFamily(device)) || "?")
      await writeMemberName(share, voucher.member, theirs.name || "?")
      const offer = { group, logKey, title, relays }
      // Other admins' devices of this family find it where only they look.
      const at = options.withBox ? near : relays
      await leaveOffer({ ...home, sealer }, toOurselves(own), offer, at)
      const isLeft = await leaveOffer({ ...home, sealer }, pair.value, offer, at)
      if (!isLeft || !(await syncQuietly(home, share))) {
        return fail("unreachable", "no relay took the offer: nothing was shared")
      }
      keep()
      await keepOwnPseudonym(device, share)
      home.result({ share: group, title, with: theirs.group, role }, `Offered "${title}" to ${theirs.name}.`)
      return ok(undefined)
    })
  })

interface NamedOffer extends Offered {
  readonly id: GroupId
  readonly title: string
}

/** Offers of families whose keys did not change, for what is not here yet. */
const offersFor = async (home: Home, device: OpenDevice): Promise<Result<readonly NamedOffer[], Failure>> => {
  const own = await openOwn(home, device)
  if (!own.ok) return own
  const contacts = await listContacts(device)
  if (!contacts.ok) return err(contactFailure(contacts.error))
  const { folder } = device.profile
  const here = new Set((await readShareFolders(folder.store, folder.dir)).map(({ group }) => group))
  const all = await readAllOffers({ ...home, sealer: device.sealer }, own.value, contacts.value)
  if (all === undefined) return fail("unreachable", "no relay of these families could be reached")
  return ok(
    all
      .filter(({ offer }) => !here.has(offer.group))
      .map(each => ({ ...each, id: each.offer.group, title: each.offer.title })),
  )
}

export const listShares = (home: Home): Outcome =>
  withDevice(home, async device => {
    const { store, dir } = device.profile.folder
    for (const folder of await readShareFolders(store, dir)) {
      const place = placeOf(dir, folder)
      const profile = await openProfile(place.dir, place.secret, home.random)
      if (!profile.ok) return err(profileFailure(profile.error))
      const said = await useProfile(home, profile.value, async ({ replica }) => {
        const { voucher, members, devices } = replica.session.state()
        const own = devices.get(replica.device)
        const isOurs = own?.member !== voucher?.member
        const theirs = voucher && members.get(voucher.member)
        const line = {
          share: folder.group,
          title: folder.title,
          with: folder.family,
          side: isOurs ? "ours" : "theirs",
          role: isOurs ? theirs?.role : members.get(own?.member ?? ("" as MemberId))?.role,
          live: own?.live === true && theirs?.live === true,
        }
        home.result(line, `${folder.group.slice(0, 8)}  ${line.live ? line.role : "ended"}  ${folder.title}`)
        return ok(undefined)
      })
      if (!said.ok) return said
    }
    return ok(undefined)
  })

export const listOffers = (home: Home): Outcome =>
  withDevice(home, async device => {
    const offered = await offersFor(home, device)
    if (!offered.ok) return offered
    for (const { id, title, pair } of offered.value) {
      home.result(
        { offer: id, title, from: pair.theirs.group, name: pair.theirs.name },
        `${id.slice(0, 8)}  ${title}  from ${pair.theirs.name}`,
      )
    }
    return ok(undefined)
  })

const comeIn = async (
  home: Home,
  device: OpenDevice,
  offered: Offered,
  archive: Archive,
  withBox: boolean,
): Outcome => {
  const { group, logKey, title, relays } = offered.offer
  const { own, theirs } = offered.pair
  const identity = createDeviceIdentity(home.random)
  const entering = await enterShare({ ...home, sealer: device.sealer }, archive, offered, identity)
  if (!entering.ok) {
    return entering.error.type === "NotForUs"
      ? fail("refused", "that share is not open to this family, or not any more")
      : fail(
          "unreachable",
          "the relays do not hold the whole share: try again when the other family was online",
        )
  }
  const { member, changes, admission, sharedWith } = entering.value
  const near = withBox ? nearRelays(device, relays) : relays
  const content = { member, identity, logKey, relays: near }
  const contacts = await listContacts(device)
  const family = (contacts.ok ? familyOfKey(contacts.value, sharedWith) : undefined) ?? theirs.group
  const folder = { group, family, title }
  const made = await makeFolder(home, device, folder, content, changes)
  if (!made.ok) return made
  const { profile, keep } = made.value
  return useProfile(home, profile, async share => {
    await receiveAll(home, share, archive)
    const admitted = await share.replica.actAs(admission)
    if (!admitted.ok) return err(actFailure(admitted.error))
    await share.replica.tend()
    keep()
    // The family is told at once who it is there: a phone may be lost tomorrow.
    if (await keepOwnPseudonym(device, share)) await syncQuietly(home, device)
    if (withBox) {
      const brought = await bringBox(home, device, share, own, relays)
      if (!brought.ok) return brought
    }
    if (!(await syncQuietly(home, share)))
      home.terminal.say('Nobody was reached: "home sync --share" goes on.')
    home.result({ share: group, title, with: family }, `"${title}" is here.`)
    return ok(undefined)
  })
}

export const acceptOffer = (home: Home, text: string, withBox: boolean): Outcome =>
  withDevice(home, async device => {
    const offered = await offersFor(home, device)
    if (!offered.ok) return offered
    const found = findByTitle(offered.value, text, "offer")
    if (!found.ok) return found
    return withScratchArchive(home, "accepting", archive =>
      comeIn(home, device, found.value, archive, withBox),
    )
  })

export const revokeShare = (
  home: Home,
  options: { readonly share: string; readonly isYes: boolean },
): Outcome =>
  withDevice(home, async device => {
    const opened = await openShare(home, device.profile, options.share)
    if (!opened.ok) return opened
    return useProfile(home, opened.value, async share => {
      const { voucher } = share.replica.session.state()
      if (voucher === undefined) return fail("usage", "that is no share")
      const asked = await confirmed(home, options.isYes, `${keeps}\nEnd it?`)
      if (!asked.ok) return asked
      if (!asked.value) return fail("refused", "nothing was ended")
      const done = await share.replica.act(author => author.removeMember(voucher.member))
      if (!done.ok) return err(actFailure(done.error))
      if (!(await syncQuietly(home, share))) {
        home.terminal.say('Nobody was reached: they learn it with the next "home sync --share".')
      }
      home.result(
        { revoked: share.replica.group },
        "Ended. The keys are new, and what they write from now on does not count.",
      )
      return ok(undefined)
    })
  })
