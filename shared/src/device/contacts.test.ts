import { describe, expect, it } from "vitest"
import { bytesToHex } from "../base/index.js"
import { keepOwnCard, parseContacts } from "../documents/index.js"
import type { TestDevice, TestFamily } from "../testing/test-family.js"
import { memberOf, plainFamily } from "../testing/on-node/plain-family.js"
import { type ContactCard, certifyContact, parseContactCard, signContactCard } from "../wire/index.js"
import { addContact, confirmContact, listCardChanges, listContacts, removeContact } from "./contacts.js"
import { contactsKey, issueOwnCard, readContacts, readOwnCard, tendOwnCard } from "./own-card.js"

const hints = { name: "Muster", relays: ["ws://relay"], issuedMs: 1 }
const holderOf = (world: TestFamily, device: TestDevice) => ({
  replica: device.replica,
  sealer: world.sealer,
})

interface Side {
  readonly world: TestFamily
  readonly anna: TestDevice
  readonly holder: ReturnType<typeof holderOf>
  readonly card: ContactCard
}

const familyOf = async (seed: number, name = "Muster"): Promise<Side> => {
  const world = plainFamily(seed)
  const anna = await world.found("Anna")
  const holder = holderOf(world, anna)
  expect(await issueOwnCard(holder, world.recoveryOf(anna), { ...hints, name })).toBe(true)
  const card = await readOwnCard(holder)
  if (card === undefined) throw new Error("no card")
  return { world, anna, holder, card }
}

/** The same family's card after its phrase, and with it its keys, was changed. */
const withOtherPhrase = async (side: Side, seed: number): Promise<ContactCard> => {
  const stranger = await familyOf(seed)
  const seedOf = (holder: Side) =>
    holder.world.sealer.hash("contact seed", holder.world.recoveryOf(holder.anna).secrets.signing)
  const identity = { group: side.card.group, recovery: stranger.card.recovery, keys: stranger.card.keys }
  const { sealer } = stranger.world
  const certificate = await certifyContact(
    sealer,
    stranger.world.recoveryOf(stranger.anna).secrets.signing,
    identity,
  )
  const signing = sealer.hash("contact signing", seedOf(stranger))
  const bytes = await signContactCard(sealer, signing, { ...identity, ...hints, issuedMs: 2, certificate })
  const card = parseContactCard(bytes)
  if (card === undefined) throw new Error("no card")
  return card
}

const by = (side: Side) => ({ author: memberOf(side.anna), nowMs: 7 })
const must = <T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}
const theOnly = <T>(items: readonly T[]): T => {
  const [only, ...more] = items
  if (only === undefined || more.length > 0) throw new Error(`${items.length} items`)
  return only
}

describe("a family's own card", () => {
  it("[W84] follows from the phrase, and hangs on the phrase that the log knows", async () => {
    const { world, holder, anna, card } = await familyOf(1)
    await issueOwnCard(holder, world.recoveryOf(anna), { ...hints, issuedMs: 9 })
    const again = await readOwnCard(holder)
    expect([again?.keys, again?.issuedMs]).toEqual([card.keys, 9])
    const other = await familyOf(2)
    await issueOwnCard(holder, other.world.recoveryOf(other.anna), hints)
    expect(await readOwnCard(holder)).toBeUndefined()
  })

  it("[X1] an admin cannot foist keys of his own on the family", async () => {
    const { world, anna, holder } = await familyOf(1)
    const eve = await world.join(anna, "Eve", "admin")
    await world.sync(anna, eve)
    const stranger = await familyOf(2)
    const bytes = stranger.card.bytes
    await eve.replica.change(contactsKey(eve.replica), draft =>
      keepOwnCard(draft, { card: bytesToHex(bytes), wraps: new Map() }),
    )
    await world.sync(anna, eve)
    expect(await readOwnCard(holder)).toBeUndefined()
  })

  it("[X2] an admin's device that came later gets the seed from one that has it, and goes on with the card", async () => {
    const { world, anna, holder, card } = await familyOf(1)
    const ben = await world.join(anna, "Ben", "admin")
    const cleo = await world.join(anna, "Cleo", "editor")
    await world.sync(anna, ben)
    const renamed = { ...hints, name: "Muster-Beispiel", issuedMs: 5 }
    await tendOwnCard(holderOf(world, ben), ben.identity, renamed)
    expect((await readOwnCard(holderOf(world, ben)))?.name).toBe("Muster")
    await tendOwnCard(holder, anna.identity, hints)
    await world.sync(anna, ben)
    await tendOwnCard(holderOf(world, ben), ben.identity, renamed)
    await world.sync(anna, ben)
    const now = await readOwnCard(holder)
    expect([now?.name, now?.keys]).toEqual(["Muster-Beispiel", card.keys])
    const wraps = (await readContacts(anna.replica))?.wraps
    expect([...(wraps?.keys() ?? [])].sort()).toEqual([anna.identity.id, ben.identity.id].sort())
    expect(wraps?.has(cleo.identity.id)).toBe(false)
  })

  it("[X2] tending what is right already writes nothing", async () => {
    const { anna, holder } = await familyOf(1)
    const before = await anna.replica.have([])
    await tendOwnCard(holder, anna.identity, { ...hints, issuedMs: 99 })
    expect(await anna.replica.have([])).toEqual(before)
  })
})

describe("another family's card", () => {
  it("[X3] both sides see the same number; who compares it verifies, for the whole family", async () => {
    const [here, there] = [await familyOf(1, "Muster"), await familyOf(2, "Beispiel")]
    const ours = must(await addContact(here.holder, there.card, by(here)))
    const theirs = must(await addContact(there.holder, here.card, by(there)))
    expect([ours.name, ours.standing]).toEqual(["Beispiel", "unverified"])
    const number = theOnly(ours.candidates).safetyNumber
    expect(theOnly(theirs.candidates).safetyNumber).toBe(number)
    expect(await confirmContact(here.holder, there.card.group, "1".repeat(60), by(here))).toMatchObject({
      error: { type: "OtherNumber" },
    })
    expect(must(await confirmContact(here.holder, there.card.group, number, by(here))).standing).toBe(
      "verified",
    )
    const ben = await here.world.join(here.anna, "Ben", "editor")
    await here.world.sync(here.anna, ben)
    expect(theOnly(must(await listContacts(holderOf(here.world, ben)))).standing).toBe("verified")
  })

  it("[X4] other keys in a known family's name are a change until the new number was compared", async () => {
    const [here, there] = [await familyOf(1), await familyOf(2, "Beispiel")]
    const family = there.card.group
    const first = theOnly(must(await addContact(here.holder, there.card, by(here))).candidates).safetyNumber
    must(await confirmContact(here.holder, family, first, by(here)))
    const next = await withOtherPhrase(there, 3)
    const changed = must(await addContact(here.holder, next, by(here)))
    expect([changed.standing, changed.candidates.length]).toEqual(["changed", 2])
    const second = changed.candidates.map(one => one.safetyNumber).find(one => one !== first) ?? ""
    const settled = must(await confirmContact(here.holder, family, second, by(here)))
    expect([settled.standing, theOnly(settled.candidates).safetyNumber]).toEqual(["verified", second])
    expect(must(await addContact(here.holder, there.card, { ...by(here), nowMs: 8 })).standing).toBe(
      "changed",
    )
    const told = { family, by: memberOf(here.anna) }
    expect(await listCardChanges(here.holder)).toEqual([
      { ...told, name: "Muster", atMs: 7 },
      { ...told, name: "Beispiel", atMs: 8 },
    ])
    must(await removeContact(here.holder, family))
    expect(must(await listContacts(here.holder))).toEqual([])
    expect(await listCardChanges(here.holder)).toEqual([])
  })

  it("[X5] an older card of the same keys takes nothing back; a newer one brings its name", async () => {
    const [here, there] = [await familyOf(1), await familyOf(2, "Beispiel")]
    must(await addContact(here.holder, there.card, by(here)))
    await issueOwnCard(there.holder, there.world.recoveryOf(there.anna), {
      ...hints,
      name: "Neuname",
      issuedMs: 9,
    })
    const newer = await readOwnCard(there.holder)
    if (newer === undefined) throw new Error("no card")
    expect(must(await addContact(here.holder, newer, by(here))).name).toBe("Neuname")
    expect(must(await addContact(here.holder, there.card, by(here))).name).toBe("Neuname")
  })

  it("[X6] a card that does not hold, the own one, and a member who is no admin are refused", async () => {
    const [here, there] = [await familyOf(1), await familyOf(2)]
    const forged = parseContactCard(there.card.bytes.with(140, (there.card.bytes[140] ?? 0) ^ 1))
    if (forged === undefined) throw new Error("no card")
    expect(await addContact(here.holder, forged, by(here))).toMatchObject({ error: { type: "Forged" } })
    expect(await addContact(here.holder, here.card, by(here))).toMatchObject({ error: { type: "OwnFamily" } })
    const ben = await here.world.join(here.anna, "Ben", "editor")
    await here.world.sync(here.anna, ben)
    const bens = holderOf(here.world, ben)
    expect(await addContact(bens, there.card, by(here))).toMatchObject({ error: { type: "NotAllowed" } })
    expect(await removeContact(bens, there.card.group)).toMatchObject({ error: { type: "NotAllowed" } })
    const read = await ben.replica.read(contactsKey(ben.replica), doc => must(parseContacts(doc)).met)
    expect(read).toEqual([])
  })
})
