import { afterEach, describe, expect, it } from "vitest"
import { itemsOf, writeItem } from "../testing/notes-of.js"
import { createMemoryRelay } from "../testing/on-node/memory-relay.js"
import { newsFor } from "../testing/on-node/plain-family.js"
import { plainShare } from "../testing/on-node/plain-share.js"
import { type TestDevice, silentLog } from "../testing/test-family.js"
import { actByContactKey } from "./contact-key.js"
import { createReceipts } from "./receipts.js"
import { type RoomSync, createRoomSync } from "./room-sync.js"
import { roomsOf } from "./rooms.js"
import { createSignals } from "./signals.js"

const open: RoomSync[] = []
afterEach(() => {
  for (const sync of open.splice(0)) sync.close()
})

type Share = Awaited<ReturnType<typeof plainShare>>
type Relay = ReturnType<typeof createMemoryRelay>

const at = ({ world }: Share, device: TestDevice, relay: Relay, url: string): RoomSync => {
  const { replica, store, identity, isKeeper } = device
  const { sealer, clock, random } = world
  const sync = createRoomSync(
    {
      ...{ replica, sealer, identity, store, clock, random },
      dialer: relay.dialer,
      log: silentLog,
      signals: createSignals({ sealer, session: replica.session, identity, clock }),
      receipts: createReceipts({ store, replica, clock, isKeeper }),
    },
    { url, origin: url, isKeeper },
  )
  open.push(sync)
  return sync
}

const [first, second] = ["wss://first.test", "wss://second.test"]

/** Until all that is on its way has come: nobody waits for a clock here. */
const quiet = async (...syncs: readonly RoomSync[]): Promise<void> => {
  for (let round = 0; round < 3; round++) for (const sync of syncs) expect(await sync.settle()).toBe(true)
}

/** Anna at the first relay, Otto at the second, and one box at both. */
const apart = async (side: "ours" | "theirs") => {
  const share = await plainShare()
  const box = await share.box(side === "ours" ? undefined : share.secrets)
  const otto = await share.comeIn("Otto")
  const relays = { one: createMemoryRelay(), two: createMemoryRelay() }
  const annas = at(share, share.anna, relays.one, first)
  const ottos = at(share, otto, relays.two, second)
  return { share, box, otto, relays, annas, ottos }
}

describe("a share at two relays", () => {
  for (const side of ["ours", "theirs"] as const)
    it(`[P152] is carried between them by one box (${side})`, async () => {
      const { share, box, otto, relays, annas, ottos } = await apart(side)
      await writeItem(share.anna, "from Anna")
      await writeItem(otto, "from Otto")
      await quiet(annas, ottos)
      expect(await itemsOf(otto)).not.toContain("from Anna")
      const carried = [at(share, box, relays.one, first), at(share, box, relays.two, second)]
      await quiet(...carried, annas, ottos)
      for (const device of [share.anna, otto])
        expect([...(await itemsOf(device))].sort()).toEqual(["from Anna", "from Otto"])
      // No room is at both, and what a box carries is sealed anew at each.
      expect(relays.one.rooms().filter(room => relays.two.rooms().includes(room))).toEqual([])
      const seen = new Set(relays.one.bytes().map(blob => Buffer.from(blob).toString("hex")))
      expect(relays.two.bytes().some(blob => seen.has(Buffer.from(blob).toString("hex")))).toBe(false)
    })

  it("[P152] tells the other side of its end at its own relay, also when that was away, and shows it no new room", async () => {
    const { share, box, otto, relays, annas, ottos } = await apart("ours")
    const atFirst = at(share, box, relays.one, first)
    const before = at(share, box, relays.two, second)
    await quiet(annas, atFirst, before, ottos)
    before.close()
    await share.anna.replica.act(author => author.removeMember(share.voucher.member))
    await writeItem(share.anna, "after the end")
    await quiet(annas, atFirst)
    // The box starts anew, and finds the second relay again.
    await quiet(at(share, box, relays.two, second))
    await ottos.settle()
    expect(otto.replica.session.state().devices.get(otto.identity.id)?.live).toBe(false)
    expect(await itemsOf(otto)).toEqual([])
    const { sealer } = share.world
    const current = roomsOf(box.replica, { sealer, identity: box.identity }, second).find(
      ({ circle, isCurrent }) => circle !== undefined && isCurrent,
    )
    expect(current && relays.two.bytesIn(current.id).length).toBeGreaterThan(0)
    const { circles, everyone } = box.replica.session.state()
    for (const head of circles.get(everyone)?.heads ?? [])
      expect(otto.replica.session.keyring.epochKey(head)).toBeUndefined()
    expect(roomsOf(otto.replica, { sealer, identity: otto.identity }, second)).toEqual([])
  })

  it("[P153] a contact key takes out devices of its own side, and another key nobody", async () => {
    const { world, anna, secrets, ownSecrets, comeIn, voucher, box } = await plainShare()
    const otto = await comeIn("Otto")
    const theirBox = await box(secrets)
    await world.sync(anna, otto)
    const by = (device: TestDevice, seed: Uint8Array, target: TestDevice) =>
      actByContactKey(world, device.replica, seed, author => author.removeDevice(target.identity.id))
    const nobody = { ok: false, error: { type: "Refused", reason: "AuthorNotLive" } }
    expect(await by(otto, world.random.bytes(32), theirBox)).toEqual(nobody)
    expect(await by(otto, secrets.signing, anna)).toMatchObject({ ok: false })
    expect(await by(otto, secrets.signing, theirBox)).toMatchObject({ ok: true })
    expect(await by(anna, ownSecrets.signing, otto)).toMatchObject({ ok: true })
    await world.sync(anna, otto)
    const { devices, members } = anna.replica.session.state()
    for (const gone of [otto, theirBox]) expect(devices.get(gone.identity.id)?.live).toBe(false)
    expect(members.get(voucher.member)?.live).toBe(true)
    await writeItem(anna, "under a new key")
    await otto.replica.receive(await newsFor(anna, otto))
    expect(await itemsOf(otto)).toEqual([])
  })
})
