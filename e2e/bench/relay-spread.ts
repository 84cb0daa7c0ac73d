import { createHash } from "node:crypto"
import { type RoomId, bytesToHex } from "@home/shared/base"
import { defaultRelayLimits } from "../../sync-server/src/relay/limits.js"
import type { Mailbox, MailboxPost } from "../../sync-server/src/relay/mailbox.js"
import { createMailboxMemory, createMemoryMailbox } from "../../sync-server/src/relay/mailbox-memory.js"
import type { Benchmark, Measurement, Run } from "./benchmark.js"

/** docs/relay-growth.md: circles with their past epochs, doors. */
const roomsPerFamily = 30
const relayCount = 16
/** What a relay's blobs come in most: padded to 512 or 1,024 and sealed once more. */
const blobBytes = 640
const blobsPerFamily = 240

const digestOf = (text: string): Uint8Array => new Uint8Array(createHash("sha256").update(text).digest())
/** A number in [0, 1) that the text alone decides: the same families in every run. */
const shareOf = (text: string): number => {
  const [a = 0, b = 0, c = 0, d = 0] = digestOf(text)
  return (((a * 256 + b) * 256 + c) * 256 + d) / 2 ** 32
}

interface Room {
  readonly id: RoomId
  readonly blobs: number
}

/** One family in ten is ten times as busy as the others, and half of what a family says is in one room. */
const familiesOf = (count: number, seed: number): readonly Room[] =>
  Array.from({ length: count }, (_, family) => {
    const busy = shareOf(`${seed} busy ${family}`) < 0.1 ? 10 : 1
    return Array.from({ length: roomsPerFamily }, (__, room): Room => {
      const share = room === 0 ? 0.5 : 0.5 / (roomsPerFamily - 1)
      return {
        id: bytesToHex(digestOf(`${seed} room ${family} ${room}`)) as RoomId,
        blobs: Math.max(1, Math.round((blobsPerFamily / 10) * busy * share)),
      }
    })
  }).flat()

/**
 * Rendezvous hashing: of all relays the one with the highest hash with the room (Thaler and Ravishankar, 1998). Who
 * knows the names of the relays knows the place; nobody keeps a table.
 */
const placeOf = (room: RoomId, relays: readonly number[]): number => {
  let best: { readonly relay: number; readonly weight: number } = { relay: -1, weight: -1 }
  for (const relay of relays) {
    const weight = shareOf(`${relay} ${room}`)
    if (weight > best.weight) best = { relay, weight }
  }
  return best.relay
}

type Places = ReadonlyMap<number, readonly Room[]>

const placesOf = (rooms: readonly Room[], relays: readonly number[]): Places => {
  const places = new Map<number, Room[]>()
  for (const room of rooms) {
    const relay = placeOf(room.id, relays)
    const there = places.get(relay)
    if (there === undefined) places.set(relay, [room])
    else there.push(room)
  }
  return places
}

const namesUpTo = (count: number): readonly number[] => Array.from({ length: count }, (_, name) => name)

const openMailbox = (): Mailbox => {
  let seed = 0
  const random = { bytes: (length: number) => digestOf(`store ${seed++}`).slice(0, length) }
  return createMemoryMailbox(createMailboxMemory(random), { ...defaultRelayLimits, rooms: 10 ** 6 })
}

interface Spread {
  readonly busiest: number
  readonly moved: number
  readonly again: number
  readonly missing: number
}

const spreadOf = async (families: number, seed: number): Promise<Spread> => {
  const rooms = familiesOf(families, seed)
  const relays = namesUpTo(relayCount)
  const mailboxes = new Map(relays.map(relay => [relay, openMailbox()]))
  const blob = new Uint8Array(blobBytes)
  const postAll = async (places: Places): Promise<void> => {
    for (const [relay, there] of places) {
      const mailbox = mailboxes.get(relay)
      if (mailbox === undefined) throw new Error(`no relay ${relay}`)
      const posts: MailboxPost[] = []
      for (const { id, blobs } of there) {
        const { next } = await mailbox.open(id)
        for (let n = 0; n < blobs; n++) posts.push({ room: id, offset: next + n, blob })
      }
      const { outcomes } = await mailbox.append(posts, 0)
      if (outcomes.some(outcome => outcome !== "Stored")) throw new Error("a post was refused")
    }
  }
  const places = placesOf(rooms, relays)
  await postAll(places)
  const loads = [...places.values()].map(there => there.reduce((sum, { blobs }) => sum + blobs, 0))
  const total = loads.reduce((sum, load) => sum + load, 0)

  // Whoever does not go to the new one stays where he was: only the new one's weight is new.
  const moved = (placesOf(rooms, namesUpTo(relayCount + 1)).get(relayCount) ?? []).length / rooms.length

  // Relay 0 burns. Its rooms go where the rest sends them, and devices post there what the new place lacks (P73).
  await mailboxes.get(0)?.close()
  mailboxes.delete(0)
  const left = relays.filter(relay => relay !== 0)
  const homeless = places.get(0) ?? []
  await postAll(placesOf(homeless, left))
  let found = 0
  const now = [...placesOf(rooms, left)].flatMap(([relay, there]) => there.map(({ id }) => ({ relay, id })))
  for (const { relay, id } of now) {
    const mailbox = mailboxes.get(relay)
    for (let after = 0, isMore = true; mailbox !== undefined && isMore;) {
      const page = await mailbox.read(id, after, { bytes: 2 ** 24, blobs: 1_000 })
      found += page.blobs.length
      after = page.blobs.at(-1)?.offset ?? after
      isMore = page.more
    }
  }
  for (const mailbox of mailboxes.values()) await mailbox.close()
  return {
    busiest: (Math.max(...loads) * relayCount) / total,
    moved: moved * (relayCount + 1),
    again: (homeless.reduce((sum, { blobs }) => sum + blobs, 0) * relayCount) / total,
    missing: total - found,
  }
}

/** Growth beyond one machine, simulated: the limits of one relay and what a million families cost are on paper. */
export const relaySpread: Benchmark = {
  id: "P13",
  what: "families beyond one relay, simulated",
  sides: [
    "ours: rooms spread over 16 mailboxes in memory by rendezvous hashing of the room's key; no relay knows another",
    "no peer: an even share is 1",
  ],
  run: async (run: Run) => {
    const families = run.isQuick ? 10 : 200
    const samples: Spread[] = []
    for (let round = 0; round < run.rounds; round++) samples.push(await spreadOf(families, round))
    const line = (what: string, name: keyof Spread, bound?: number): Measurement => ({
      what: `${families} families, ${what}`,
      unit: name === "missing" ? "blobs" : "x",
      ours: samples.map(sample => sample[name]),
      goal: bound === undefined ? { type: "None" } : { type: "ValueAtMost", bound },
    })
    return {
      type: "Measured",
      measurements: [
        line("busiest of 16 relays against the mean", "busiest"),
        line("rooms that move when a 17th relay comes, of its share", "moved", 1.1),
        line("blobs posted again when one of 16 is lost, of its share", "again"),
        line("blobs that nobody finds after that", "missing", 0),
      ],
    }
  },
}
