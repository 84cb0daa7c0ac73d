import type { Clock } from "@home/shared/base"
import { isStayOver } from "@home/shared/access"
import {
  type Contact,
  type LocalDevice,
  listContacts,
  nameOfFamily,
  readOwnCard,
  tendOwnCard,
} from "@home/shared/device"
import { encodeContactLink } from "@home/shared/wire"
import type { ContactView, ContactsView, Stop } from "../port.js"
import type { Cell } from "./cell.js"

/** Changes in quick succession are looked at together, milliseconds. */
const gatherMs = 200

/** What the family's card says as it is now, and its secret for admins' devices that came later. */
export const tendCard = async (device: LocalDevice, clock: Clock): Promise<void> => {
  const { identity, relays } = device.content()
  const name = await nameOfFamily(device)
  await tendOwnCard(device, identity, { name, relays, issuedMs: clock.now() })
}

export const contactView = ({ family, name, standing, candidates }: Contact): ContactView => ({
  family: family as ContactView["family"],
  name,
  standing,
  cards: candidates.map(({ safetyNumber, met, verified }) => ({ digits: safetyNumber, met, verified })),
})

/** Only an admin's device writes the document that contacts stand in. */
const mayKeepContacts = ({ replica }: LocalDevice, clock: Clock): boolean => {
  const state = replica.session.state()
  const own = state.devices.get(replica.device)
  if (own === undefined || !own.live || own.suspended) return false
  return state.members.get(own.member)?.role === "admin" && !isStayOver(state, own.id, clock.now())
}

const contactsOf = async (device: LocalDevice, clock: Clock): Promise<ContactsView> => {
  await tendCard(device, clock)
  const card = await readOwnCard(device)
  const contacts = await listContacts(device)
  return {
    card: card && encodeContactLink(card.bytes),
    mayKeep: mayKeepContacts(device, clock),
    families: contacts.ok ? contacts.value.map(contactView) : [],
  }
}

/** Tells of contacts for as long as somebody looks: each number takes thousands of hashes. */
export const followContacts = (deps: {
  readonly device: LocalDevice
  readonly cell: Cell<ContactsView>
  readonly clock: Clock
  readonly onFailed: (error: unknown) => void
}): Stop => {
  const { device, cell, clock } = deps
  let isClosed = false
  let isDue = false
  let isLooking = false
  let cancel = (): void => {}
  const look = async (): Promise<void> => {
    isDue = false
    isLooking = true
    try {
      const contacts = await contactsOf(device, clock)
      if (!isClosed) cell.set(contacts)
    } catch (error) {
      deps.onFailed(error)
    } finally {
      isLooking = false
      if (isDue) schedule(gatherMs)
    }
  }
  const schedule = (delayMs: number): void => {
    if (isClosed || !cell.isWatched()) return
    isDue = true
    cancel()
    if (!isLooking) cancel = clock.after(delayMs, () => void look())
  }
  const stops = [
    cell.onWatched(() => schedule(0)),
    device.replica.onDocumentChanged(({ area }) => {
      if (area === "contacts") schedule(gatherMs)
    }),
    // A role, or the phrase that the card hangs on.
    device.replica.onAppended(() => schedule(gatherMs)),
  ]
  schedule(0)
  return () => {
    isClosed = true
    cancel()
    for (const stop of stops) stop()
  }
}
