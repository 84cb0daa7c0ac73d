import { join } from "node:path"
import type { Benchmark, Measurement, Run } from "./benchmark.js"
import { type Message, startChild } from "./child.js"
import { foundHomeFamily } from "./family/home-family.js"
import type { Content } from "./family/author.js"
import { type SlowTap, openSlowTap } from "./family/slow-tap.js"
import { startRelay } from "./replicas/pair.js"

/** What a settling takes grows by so much for each trip that it makes: what it computes is in both. */
const slowMs = 200
const slowerMs = 800
const perPart = 1_000

interface Return {
  readonly bytes: number
  /** `undefined`: it came back once only, and that says nothing of trips. */
  readonly trips: number | undefined
}

type Way = "link" | "rooms"
type Returns = Readonly<Record<Way, readonly Return[]>>

const ask = async (child: ReturnType<typeof startChild>, message: Message): Promise<Message> => {
  const answer = await child.ask(message)
  if (answer["failed"] !== undefined) throw new Error(String(answer["failed"]))
  return answer
}

const notesFrom = (from: number, to: number): readonly Content[] =>
  Array.from({ length: Math.ceil((to - from) / perPart) }, (_, i) => ({
    type: "Notes",
    from: from + i * perPart,
    to: Math.min(to, from + (i + 1) * perPart),
  }))

const name = "returner"

/** A family that grows, and a device of it that takes everything in and comes back again and again. */
const openReturner = async (run: Run) => {
  const root = join(run.folder, "family")
  const relay = await startRelay(`${root}-relay`)
  const atRelay = await openSlowTap(Number(new URL(relay.url).port))
  const url = `ws://127.0.0.1:${atRelay.port}`
  const relays = [url]
  const family = await foundHomeFamily(root, [], { newcomers: [name], relays })
  const atBox = await openSlowTap(Number(new URL(family.address).port))
  const address = `ws://127.0.0.1:${atBox.port}`
  const ways: Readonly<Record<Way, { readonly tap: SlowTap; readonly to: string; readonly opened: number }>> =
    {
      link: { tap: atBox, to: address, opened: 0 },
      // One of the trips opens the WebSocket.
      rooms: { tap: atRelay, to: url, opened: 1 },
    }
  const start = async (): Promise<ReturnType<typeof startChild>> => {
    const child = startChild("returner", { root, name })
    await child.next()
    return child
  }
  const settle = async (way: Way, roundTripMs: number): Promise<{ tookMs: number; bytes: number }> => {
    const { tap, to } = ways[way]
    const child = await start()
    tap.setRoundTrip(roundTripMs)
    const before = tap.bytes()
    const { tookMs } = await ask(child, { what: way, url: to })
    tap.setRoundTrip(0)
    await child.close()
    return { tookMs: Number(tookMs), bytes: tap.bytes() - before }
  }
  const once = async (way: Way): Promise<Return> => {
    if (run.isQuick) return { bytes: (await settle(way, 0)).bytes, trips: undefined }
    const slow = await settle(way, slowMs)
    const slower = await settle(way, slowerMs)
    const trips = Math.round((slower.tookMs - slow.tookMs) / (slowerMs - slowMs))
    return { bytes: Math.max(slow.bytes, slower.bytes), trips: trips - ways[way].opened }
  }
  let documents = 0
  return {
    /** The founder writes until there are so many documents; the other takes them in, and comes back. */
    returnsWith: async (count: number, rounds: number): Promise<Returns> => {
      await family.write(notesFrom(documents, count), relays)
      documents = count
      const child = await start()
      await ask(child, { what: "catch up", url: address })
      await ask(child, { what: "rooms", url })
      await child.close()
      const returns = { link: [] as Return[], rooms: [] as Return[] }
      for (let round = 0; round < rounds; round++)
        for (const way of ["link", "rooms"] as const) returns[way].push(await once(way))
      return returns
    },
    close: async () => {
      await family.close()
      await atBox.close()
      await atRelay.close()
      await relay.stop()
    },
  }
}

const measure = async (run: Run): Promise<readonly Measurement[]> => {
  const [few, many] = run.isQuick ? [5, 30] : [1_000, 10_000]
  // The same bytes each time, and nobody is compared: three rounds show it.
  const rounds = Math.min(run.isQuick ? 1 : 3, run.rounds)
  if (run.isQuick) run.note("one round, and round trips are not counted, for --quick")
  const returner = await openReturner(run)
  const before = await returner.returnsWith(few, rounds)
  const after = await returner.returnsWith(many, rounds)
  await returner.close()
  return (["link", "rooms"] as const).flatMap((way): readonly Measurement[] => {
    const what = `${way === "link" ? "link with the box" : "relay rooms"}, ${many} documents`
    const bytes = after[way].map(each => each.bytes)
    const trips = after[way].flatMap(each => each.trips ?? [])
    const roundTrips: Measurement = {
      what: `${what}: round trips until settled`,
      unit: "trips",
      ours: trips,
      goal: { type: "ValueAtMost", bound: 1 },
    }
    return [
      {
        what: `${what}: bytes both ways`,
        unit: "B",
        ours: bytes,
        goal: { type: "ValueAtMost", bound: 2_000 },
      },
      ...(trips.length > 0 ? [roundTrips] : []),
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
