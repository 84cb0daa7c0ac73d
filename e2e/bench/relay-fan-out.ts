import { encodeClientFrame } from "@home/shared/wire"
import type { WebSocket } from "ws"
import type { Benchmark, Measurement, Run } from "./benchmark.js"
import { type Child, startChild } from "./child.js"
import { type BenchRoom, connect, connectToRoom, createRoom } from "./relay-client.js"
import { interleave, percentile } from "./rounds.js"

/** One who sends and those who receive, over one server. */
interface Crowd {
  /** Sends one message that carries the time. */
  send(): void
  /** Called with the milliseconds that a message took to one receiver. */
  onDelivered: (tookMs: number) => void
  readonly receivers: number
  /** Messages that the server has not said are stored; always 0 where it says nothing. */
  unstored(): number
  close(): void
}

const timeBytes = 8

const stampNow = (bytes: Uint8Array, at: number): void =>
  new DataView(bytes.buffer, bytes.byteOffset).setFloat64(at, performance.now())

const readAge = (bytes: Buffer, at: number): number => performance.now() - bytes.readDoubleBE(at)

const crowdOf = (
  sender: WebSocket,
  receivers: readonly WebSocket[],
  message: Uint8Array,
  stampAt: number,
  side: {
    /** Where the time stands in what a receiver got; `undefined`: it is no message. */
    readonly stampIn: (bytes: Buffer) => number | undefined
    readonly acknowledges: boolean
  },
): Crowd => {
  let sent = 0
  let stored = 0
  const crowd: Crowd = {
    receivers: receivers.length,
    onDelivered: () => {},
    send: () => {
      stampNow(message, stampAt)
      sender.send(message, { binary: true })
      sent += 1
    },
    unstored: () => (side.acknowledges ? sent - stored : 0),
    close: () => {
      for (const ws of [sender, ...receivers]) ws.terminate()
    },
  }
  sender.on("message", () => {
    stored += 1
  })
  for (const ws of receivers) {
    ws.on("message", (bytes: Buffer) => {
      const at = side.stampIn(bytes)
      if (at !== undefined) crowd.onDelivered(readAge(bytes, at))
    })
  }
  return crowd
}

/** Frame layouts of shared/wire: what stands before the blob in a `Post` and in a `Blob`. */
const postHeadBytes = 1 + 4 + 32 + 4
const blobHeadBytes = 1 + 32 + 8 + 4
const blobCode = 67

const relayCrowd = async (url: string, room: BenchRoom, sizeBytes: number, count: number): Promise<Crowd> => {
  const sockets = await Promise.all(Array.from({ length: count + 1 }, () => connectToRoom(url, room)))
  const [sender, ...receivers] = sockets
  if (sender === undefined) throw new Error("nobody sends")
  const blob = new Uint8Array(sizeBytes)
  const post = encodeClientFrame({ type: "Post", request: 1, room: room.id, blob })
  return crowdOf(sender, receivers, post, postHeadBytes, {
    stampIn: bytes => (bytes[0] === blobCode ? blobHeadBytes : undefined),
    acknowledges: true,
  })
}

const bareCrowd = async (
  url: string,
  sizeBytes: number,
  count: number,
  acknowledges = false,
): Promise<Crowd> => {
  const sender = await connect(url)
  const receivers = await Promise.all(Array.from({ length: count }, () => connect(url)))
  return crowdOf(sender, receivers, new Uint8Array(Math.max(sizeBytes, timeBytes)), 0, {
    stampIn: () => 0,
    acknowledges,
  })
}

/** So many messages are under way at once: enough that no side waits for the other's round trip. */
const windowMessages = 128

/** Messages a second, each delivered to all, and stored where that is told. */
const throughput = (crowd: Crowd, messages: number): Promise<number> =>
  new Promise(resolve => {
    const startedMs = performance.now()
    let sent = 0
    let delivered = 0
    const fill = (): void => {
      while (sent < messages && sent * crowd.receivers - delivered < windowMessages * crowd.receivers) {
        crowd.send()
        sent += 1
      }
    }
    const finish = (): void => {
      if (crowd.unstored() > 0) return void setImmediate(finish)
      resolve((messages * 1_000) / (performance.now() - startedMs))
    }
    crowd.onDelivered = () => {
      delivered += 1
      if (delivered === messages * crowd.receivers) finish()
      else fill()
    }
    fill()
  })

interface Delays {
  readonly ours: number
  readonly bare: number
}

/** Every 2 ms one message, of each side in turn: what a delivery took, the 99th of a hundred, milliseconds. */
const latency = (ours: Crowd, bare: Crowd, messages: number): Promise<Delays> =>
  new Promise(resolve => {
    const tookMs = { ours: [] as number[], bare: [] as number[] }
    let sent = 0
    const timer = setInterval(() => {
      if (sent % 2 === 0) ours.send()
      else bare.send()
      sent += 1
      if (sent === 2 * messages) clearInterval(timer)
    }, 2)
    const taken = (side: keyof Delays) => (took: number) => {
      tookMs[side].push(took)
      if (tookMs.ours.length + tookMs.bare.length < 2 * messages * ours.receivers) return
      resolve({ ours: percentile(tookMs.ours, 0.99), bare: percentile(tookMs.bare, 0.99) })
    }
    ours.onDelivered = taken("ours")
    bare.onDelivered = taken("bare")
  })

const measure = async (
  run: Run,
  urls: { readonly ours: string; readonly bare: string; readonly keeping: string },
  servers: { readonly relay: Child; readonly bare: Child },
  sizeBytes: number,
  receivers: number,
): Promise<readonly Measurement[]> => {
  const ours = await relayCrowd(urls.ours, createRoom(), sizeBytes, receivers)
  const bare = await bareCrowd(urls.bare, sizeBytes, receivers)
  const keeping = await bareCrowd(urls.keeping, sizeBytes, receivers, true)
  const [messages, paced] = run.isQuick ? [500, 100] : [5_000, 500]
  const cpu = { ours: [] as number[], bare: [] as number[] }
  /** Microseconds of the server's CPU for each message go along. */
  const measured = async (server: Child, crowd: Crowd, round: number, into: number[]): Promise<number> => {
    const before = Number((await server.ask({}))["cpuUs"])
    const perSecond = await throughput(crowd, messages)
    const cpuUs = Number((await server.ask({}))["cpuUs"]) - before
    if (round >= 0) into.push(cpuUs / messages)
    return perSecond
  }
  const speeds = await interleave(
    run.rounds,
    round => measured(servers.relay, ours, round, cpu.ours),
    round => measured(servers.bare, bare, round, cpu.bare),
  )
  const floor = await interleave(
    run.rounds,
    () => throughput(ours, messages),
    () => throughput(keeping, messages),
  )
  await latency(ours, bare, paced)
  const delays: Delays[] = []
  for (let round = 0; round < run.rounds; round++) delays.push(await latency(ours, bare, paced))
  for (const crowd of [ours, bare, keeping]) crowd.close()
  const what = `${sizeBytes} B, 1 to ${receivers}`
  return [
    {
      what: `${what}: ${messages} messages a round, ${windowMessages} under way`,
      unit: "messages/s",
      ours: speeds.ours,
      against: { name: "bare ws", samples: speeds.theirs },
      goal: { type: "RatioAtLeast", bound: 0.9 },
    },
    {
      what: `${what}: the same; floor: a broadcast that is kept and acknowledged`,
      unit: "messages/s",
      ours: floor.ours,
      against: { name: "ws and SQLite", samples: floor.theirs },
      goal: { type: "None" },
    },
    {
      what: `${what}: CPU of the server for each`,
      unit: "us",
      ours: cpu.ours,
      against: { name: "bare ws", samples: cpu.bare },
      goal: { type: "None" },
    },
    {
      what: `${what}: p99 of ${paced} messages a round, sides in turns every 2 ms`,
      unit: "ms",
      ours: delays.map(({ ours }) => ours),
      against: { name: "bare ws", samples: delays.map(({ bare }) => bare) },
      goal: { type: "RatioAtMost", bound: 1.2 },
    },
  ]
}

export const relayFanOut: Benchmark = {
  id: "P5",
  what: "relay fan-out",
  sides: [
    "ours: posts; who posts has proved the room's key; each post gets a number, is shown to all, stored (SQLite, synced to the disk) and acknowledged; a round ends when all is delivered and acknowledged",
    "bare ws: each message to all other connections; nothing kept, nothing acknowledged, nobody asked who he is",
    "floor: bare ws that also keeps each message (SQLite, many in a commit, log synced off the thread) and then acknowledges it; no rooms, numbers, quotas, limits",
    "all: one server process, clients in another, loopback, no compression, payload opaque to the server",
  ],
  run: async run => {
    const relay = startChild("relay", { folder: run.folder })
    const bare = startChild("bare-ws")
    const keeping = startChild("keeping-ws", { folder: run.folder })
    try {
      const urls = {
        ours: String((await relay.next())["url"]),
        bare: String((await bare.next())["url"]),
        keeping: String((await keeping.next())["url"]),
      }
      const measurements: Measurement[] = []
      for (const sizeBytes of [256, 4_096])
        for (const receivers of [1, 5]) {
          // Quick: the smallest and the largest of the four.
          if (run.isQuick && (sizeBytes === 256) !== (receivers === 1)) continue
          measurements.push(...(await measure(run, urls, { relay, bare }, sizeBytes, receivers)))
        }
      return { type: "Measured", measurements }
    } finally {
      await relay.close()
      await bare.close()
      await keeping.close()
    }
  },
}
