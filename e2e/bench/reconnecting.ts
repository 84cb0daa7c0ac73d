import { join } from "node:path"
import type { Benchmark, Measurement, Run } from "./benchmark.js"
import { type Message, startChild } from "./child.js"
import { type HomeFamily, foundHomeFamily } from "./family/home-family.js"
import type { Content } from "./family/author.js"
import { type SlowTap, openSlowTap } from "./family/slow-tap.js"
import { startRelay } from "./replicas/pair.js"

/** What a settling takes grows by so much for each trip that it makes: what it computes is in both. */
const slowMs = 200
const slowerMs = 800
const perPart = 1_000

interface Return {
  readonly bytes: number
  readonly trips: number
}

interface Returns {
  readonly link: readonly Return[]
  readonly rooms: readonly Return[]
}

const ask = async (child: ReturnType<typeof startChild>, message: Message): Promise<Message> => {
  const answer = await child.ask(message)
  if (answer["failed"] !== undefined) throw new Error(String(answer["failed"]))
  return answer
}

const partsOf = (documents: number): readonly Content[] =>
  Array.from({ length: Math.ceil(documents / perPart) }, (_, i) => ({
    type: "Notes",
    from: i * perPart,
    to: Math.min(documents, (i + 1) * perPart),
  }))

const name = "returner"

/** The founder writes, another device takes everything in, and comes back again and again. */
const returnsOf = async (folder: string, documents: number, rounds: number): Promise<Returns> => {
  const relay = await startRelay(`${folder}-relay`)
  const atRelay = await openSlowTap(Number(new URL(relay.url).port))
  const url = `ws://127.0.0.1:${atRelay.port}`
  const root = folder
  const family: HomeFamily = await foundHomeFamily(root, partsOf(documents), {
    newcomers: [name],
    relays: [url],
  })
  const atBox = await openSlowTap(Number(new URL(family.address).port))
  const address = `ws://127.0.0.1:${atBox.port}`
  const start = async (): Promise<ReturnType<typeof startChild>> => {
    const child = startChild("returner", { root, name })
    await child.next()
    return child
  }
  const settle = async (
    what: "link" | "rooms",
    tap: SlowTap,
    to: string,
    roundTripMs: number,
  ): Promise<{ tookMs: number; bytes: number }> => {
    const child = await start()
    tap.setRoundTrip(roundTripMs)
    const before = tap.bytes()
    const { tookMs } = await ask(child, { what, url: to })
    tap.setRoundTrip(0)
    await child.close()
    return { tookMs: Number(tookMs), bytes: tap.bytes() - before }
  }
  const once = async (what: "link" | "rooms", tap: SlowTap, to: string): Promise<Return> => {
    const slow = await settle(what, tap, to, slowMs)
    const slower = await settle(what, tap, to, slowerMs)
    const trips = Math.round((slower.tookMs - slow.tookMs) / (slowerMs - slowMs))
    return { bytes: Math.max(slow.bytes, slower.bytes), trips }
  }
  const child = await start()
  await ask(child, { what: "catch up", url: address })
  await ask(child, { what: "rooms", url })
  await child.close()
  const link: Return[] = []
  const rooms: Return[] = []
  for (let round = 0; round < rounds; round++) {
    const byLink = await once("link", atBox, address)
    const byRooms = await once("rooms", atRelay, url)
    link.push(byLink)
    // One of them opens the WebSocket.
    rooms.push({ ...byRooms, trips: byRooms.trips - 1 })
  }
  await family.close()
  await atBox.close()
  await atRelay.close()
  await relay.stop()
  return { link, rooms }
}

const measure = async (run: Run): Promise<readonly Measurement[]> => {
  const [few, many] = run.isQuick ? [20, 150] : [1_000, 10_000]
  // The same bytes each time, and nobody is compared: three rounds show it.
  const rounds = Math.min(run.isQuick ? 1 : 3, run.rounds)
  const before = await returnsOf(join(run.folder, "few"), few, rounds)
  const after = await returnsOf(join(run.folder, "many"), many, rounds)
  return (["link", "rooms"] as const).flatMap((way): readonly Measurement[] => {
    const what = `${way === "link" ? "link with the box" : "relay rooms"}, ${many} documents`
    const bytes = after[way].map(each => each.bytes)
    return [
      {
        what: `${what}: bytes both ways`,
        unit: "B",
        ours: bytes,
        goal: { type: "ValueAtMost", bound: 2_000 },
      },
      {
        what: `${what}: round trips until settled`,
        unit: "trips",
        ours: after[way].map(each => each.trips),
        goal: { type: "ValueAtMost", bound: 1 },
      },
      {
        what: `${what}: bytes both ways`,
        unit: "B",
        ours: bytes,
        against: { name: `ours with ${few}`, samples: before[way].map(each => each.bytes) },
        goal: { type: "RatioAtMost", bound: 1.1 },
      },
    ]
  })
}

export const reconnecting: Benchmark = {
  id: "P4",
  what: "a device that has everything comes back",
  sides: [
    "ours: a process that opens its profile and connects; all bytes of TCP both ways, WebSocket upgrade, Noise handshake, joins and receipts included, until a second after it has settled",
    `round trips: behind the handshakes of WebSocket and Noise; what settling takes longer over a proxy whose round trips take ${slowerMs} ms than over one with ${slowMs} ms, in trips, rounded`,
    "rooms: within the hour, so the receipt that the relay has stored is not posted again",
  ],
  run: async run => ({ type: "Measured", measurements: await measure(run) }),
}
