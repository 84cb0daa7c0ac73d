import { describe, expect, it } from "vitest"
import { type Clock, type RoomId, type Socket, textToBytes } from "../base/index.js"
import {
  type ClientFrame,
  type RelayFrame,
  challengeMessage,
  encodeRelayFrame,
  parseClientFrame,
} from "./frame.js"
import { type RelaySessionEvents, createRelaySession, relaySessionLimits } from "./relay-session.js"

const room = "0a".repeat(32) as RoomId
const otherRoom = "0b".repeat(32) as RoomId
const storeA = "aa".repeat(16)
const storeB = "bb".repeat(16)
const nonce = new Uint8Array(32).fill(5)
const blobOf = (text: string): Uint8Array => textToBytes(text)

class ManualClock implements Clock {
  #now = 1_000_000
  readonly pending = new Set<{ readonly atMs: number; readonly run: () => void }>()

  now(): number {
    return this.#now
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#now + delayMs, run }
    this.pending.add(timer)
    return () => this.pending.delete(timer)
  }

  advance(byMs: number): void {
    const untilMs = this.#now + byMs
    for (;;) {
      const due = [...this.pending].filter(timer => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
      if (due === undefined) break
      this.#now = due.atMs
      this.pending.delete(due)
      due.run()
    }
    this.#now = untilMs
  }
}

/** The relay's end of one connection, worked by hand. */
class Line {
  readonly sent: ClientFrame[] = []
  buffered = 0
  isClosed = false
  #receive: (bytes: Uint8Array) => void = () => {}
  #closed: () => void = () => {}

  readonly socket: Socket = {
    send: bytes => {
      const parsed = parseClientFrame(bytes)
      if (!parsed.ok) throw new Error(parsed.error.type)
      this.sent.push(parsed.value)
    },
    close: () => {
      this.isClosed = true
      this.#closed()
    },
    bufferedBytes: () => this.buffered,
    onMessage: receive => {
      this.#receive = receive
    },
    onClose: closed => {
      this.#closed = closed
    },
  }

  gives(frame: RelayFrame): void {
    this.#receive(encodeRelayFrame(frame))
  }

  givesBytes(bytes: Uint8Array): void {
    this.#receive(bytes)
  }

  drops(): void {
    this.#closed()
  }

  posts(): readonly number[] {
    return this.sent.flatMap(frame => (frame.type === "Post" ? [frame.request] : []))
  }
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve()
}

const world = (isUp = true) => {
  const clock = new ManualClock()
  const lines: Line[] = []
  const seen: string[] = []
  const net = { isUp, dials: 0 }
  const log = (text: string) => seen.push(text)
  const events: RelaySessionEvents = {
    onState: state => log(state.type),
    onJoined: (_, joined) => log(`joined from ${joined.from} of ${joined.store.slice(0, 2)}`),
    onGap: (_, gap) => log(`gap ${gap.type}`),
    onBlob: (_, offset) => log(`blob ${offset}`),
    onCaughtUp: (_, next) => log(`caught up ${next}`),
    onCast: () => log("cast"),
    onAck: (post, ack) => log(`ack ${post} at ${ack.offset}, cursor ${ack.cursor}`),
    onRefused: refusal => log(`refused ${refusal.type} ${refusal.reason}`),
  }
  const session = createRelaySession(
    {
      dialer: {
        connect: async () => {
          net.dials += 1
          if (!net.isUp) throw new Error("nobody there")
          const line = new Line()
          lines.push(line)
          return line.socket
        },
      },
      clock,
      random: { bytes: length => new Uint8Array(length) },
      sign: async (_, domain, message) => new Uint8Array(64).fill(domain.length + message.length),
    },
    { url: "ws://relay", origin: "ws://relay" },
    events,
  )
  const line = (): Line => {
    const last = lines.at(-1)
    if (last === undefined) throw new Error("nothing was dialled")
    return last
  }
  const challenge = async (): Promise<void> => {
    await settled()
    line().gives({ type: "Challenge", nonce, blobBytes: 10_000_000, castBytes: 100 })
    await settled()
  }
  const joined = (more: Partial<Extract<RelayFrame, { type: "Joined" }>> = {}): void =>
    line().gives({ type: "Joined", room, store: storeA, from: 0, first: 1, next: 1, ...more })
  const start = async (): Promise<void> => {
    session.join(room, { store: undefined, after: 0 })
    await challenge()
    joined()
  }
  return { clock, lines, line, seen, net, session, challenge, joined, start }
}

describe("the relay session", () => {
  it("[F10] dials when there is a room to join, and proves its key over the relay's challenge", async () => {
    const { net, session, challenge, line, seen } = world()
    session.post(room, blobOf("early"))
    expect([net.dials, session.state.type]).toEqual([0, "Idle"])
    session.join(room, { store: storeA, after: 7 }, 3)
    await challenge()
    const length = "relay challenge".length + challengeMessage(nonce, room, "ws://relay").length
    expect(line().sent).toEqual([
      {
        type: "Join",
        room,
        origin: "ws://relay",
        signature: new Uint8Array(64).fill(length),
        store: storeA,
        after: 7,
        window: 3,
      },
    ])
    expect(seen).toEqual(["Connecting", "Online"])
  })

  it("[F11] sends posts only into joined rooms, and each until it is answered: the same bytes, in order", async () => {
    const { session, challenge, joined, line, lines, clock, seen } = world()
    const ids = ["a", "b", "c"].map(text => session.post(room, blobOf(text)))
    session.join(room, { store: undefined, after: 0 })
    await challenge()
    expect(line().posts()).toEqual([])
    joined()
    expect(line().posts()).toEqual(ids)
    line().gives({ type: "Ack", request: 2, offset: 1, caughtUp: true })
    const before = line().sent.filter(frame => frame.type === "Post")
    line().drops()
    clock.advance(relaySessionLimits.backoffMs)
    await challenge()
    expect(lines).toHaveLength(2)
    joined({ from: 1, next: 2 })
    expect(line().sent.filter(frame => frame.type === "Post")).toEqual([before[0], before[2]])
    expect(session.unacknowledged()).toBe(2)
    line().gives({ type: "Ack", request: 1, offset: 2, caughtUp: false })
    line().gives({ type: "Ack", request: 1, offset: 2, caughtUp: false })
    line().gives({ type: "Ack", request: 3, offset: 3, caughtUp: false })
    expect(session.unacknowledged()).toBe(0)
    expect(seen.filter(text => text.startsWith("ack"))).toEqual([
      "ack 2 at 1, cursor 1",
      "ack 1 at 2, cursor undefined",
      "ack 3 at 3, cursor undefined",
    ])
  })

  it("[F12] goes on where it stood after a reconnect, and gives no blob of a connection twice", async () => {
    const { start, line, clock, challenge, seen, session } = world()
    await start()
    for (const offset of [4, 5, 5, 4]) line().gives({ type: "Blob", room, offset, blob: blobOf("x") })
    session.post(room, blobOf("mine"))
    line().gives({ type: "Ack", request: 1, offset: 9, caughtUp: true })
    expect(seen.filter(text => text.startsWith("blob"))).toEqual(["blob 4", "blob 5"])
    line().drops()
    clock.advance(60_000)
    await challenge()
    expect(line().sent[0]).toMatchObject({ type: "Join", store: storeA, after: 9 })
  })

  it("[F13] tells of a gap: another store, a cursor the store never gave, or expired blobs", async () => {
    const cases: [{ store: string | undefined; after: number }, object, string[]][] = [
      [{ store: storeA, after: 5 }, { from: 5, first: 1, next: 9 }, []],
      [{ store: storeA, after: 5 }, { from: 5, first: 6, next: 9 }, []],
      [{ store: storeA, after: 5 }, { from: 5, first: 7, next: 9 }, ["gap Expired"]],
      [{ store: storeB, after: 5 }, { from: 0, first: 1, next: 9 }, ["gap OtherStore"]],
      [{ store: storeB, after: 0 }, { from: 0, first: 1, next: 9 }, ["gap OtherStore"]],
      [{ store: storeA, after: 5 }, { from: 0, first: 1, next: 3 }, ["gap OtherStore"]],
      [{ store: undefined, after: 0 }, { from: 0, first: 1, next: 9 }, []],
    ]
    for (const [cursor, answer, gaps] of cases) {
      const { session, challenge, joined, line, seen } = world()
      session.join(room, cursor)
      await challenge()
      joined(answer)
      line().gives({ type: "Blob", room, offset: 8, blob: blobOf("x") })
      const at = seen.findIndex(text => text.startsWith("joined"))
      expect(seen.slice(at + 1)).toEqual([...gaps, "blob 8"])
    }
  })

  it("[F14] waits longer after every failure, up to a minute, and starts anew once a room was joined", async () => {
    const { session, clock, seen, net, challenge, joined, line } = world(false)
    const waits: number[] = []
    session.join(room, { store: undefined, after: 0 })
    for (let i = 0; i < 10; i++) {
      await settled()
      if (session.state.type !== "Waiting") throw new Error(session.state.type)
      waits.push(session.state.retryMs)
      clock.advance(session.state.retryMs)
    }
    // The random half is zero here.
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000])
    net.isUp = true
    clock.advance(60_000)
    await settled()
    session.retryNow()
    await challenge()
    joined()
    line().drops()
    expect(session.state).toEqual({ type: "Waiting", retryMs: 250 })
    expect(seen.at(-1)).toBe("Waiting")
  })

  it("[F14] waits at least as long as a refusing relay asked, and tries at once when told to", async () => {
    const { start, line, session, net } = world()
    await start()
    line().gives({ type: "Refused", subject: { type: "Connection" }, reason: "AddressBusy", retryMs: 60_000 })
    line().drops()
    expect(session.state).toEqual({ type: "Waiting", retryMs: 60_000 })
    session.retryNow()
    await settled()
    expect(net.dials).toBe(2)
  })

  it("[F15] leaves no more under way than the window, and nothing while the socket is full", async () => {
    const { start, line, session, clock } = world()
    await start()
    for (let i = 0; i < 4; i++) session.post(room, new Uint8Array(2 * 1024 * 1024))
    expect(line().posts()).toEqual([1, 2, 3])
    line().buffered = relaySessionLimits.bufferBytes + 1
    line().gives({ type: "Ack", request: 1, offset: 1, caughtUp: true })
    expect(line().posts()).toEqual([1, 2, 3])
    expect(session.cast(room, blobOf("x"))).toBe(false)
    line().buffered = 0
    clock.advance(relaySessionLimits.drainMs)
    expect(line().posts()).toEqual([1, 2, 3, 4])
    expect(session.cast(room, blobOf("x"))).toBe(true)
  })

  it("[F16] sends a post again after the time the relay named, and gives up what time cannot help", async () => {
    const { start, line, session, clock, seen } = world()
    await start()
    session.post(room, blobOf("a"))
    session.post(room, blobOf("b"))
    const refuse = (request: number, reason: "RateLimited" | "RoomFull", retryMs: number): void =>
      line().gives({ type: "Refused", subject: { type: "Post", request }, reason, retryMs })
    refuse(1, "RateLimited", 500)
    refuse(2, "RoomFull", 0)
    expect(seen.at(-1)).toBe("refused Post RoomFull")
    clock.advance(499)
    expect(line().posts()).toEqual([1, 2])
    clock.advance(1)
    expect(line().posts()).toEqual([1, 2, 1])
    expect(session.unacknowledged()).toBe(1)
  })

  it("[F16] a room that cannot be joined is reported once; a busy one is tried again", async () => {
    const { session, challenge, line, clock, seen } = world()
    session.join(room, { store: undefined, after: 0 })
    session.join(otherRoom, { store: undefined, after: 0 })
    await challenge()
    line().gives({ type: "Refused", subject: { type: "Room", room }, reason: "NotProven", retryMs: 0 })
    line().gives({
      type: "Refused",
      subject: { type: "Room", room: otherRoom },
      reason: "RoomBusy",
      retryMs: 30_000,
    })
    expect(seen.slice(2)).toEqual(["refused Room NotProven"])
    clock.advance(30_000)
    await settled()
    const joins = line().sent.flatMap(frame => (frame.type === "Join" ? [frame.room] : []))
    expect(joins).toEqual([room, otherRoom, otherRoom])
  })

  it("[F16] joins again and repeats the post when the relay has let the room go", async () => {
    const { start, joined, line, session, clock } = world()
    await start()
    session.post(room, blobOf("a"))
    line().gives({ type: "Refused", subject: { type: "Post", request: 1 }, reason: "NotJoined", retryMs: 0 })
    clock.advance(relaySessionLimits.rejoinMs)
    await settled()
    joined()
    expect(line().sent.map(frame => frame.type)).toEqual(["Join", "Post", "Join", "Post"])
  })

  it("[F17] pings a silent relay and gives it up when it stays silent", async () => {
    const { start, line, clock, session } = world()
    await start()
    clock.advance(relaySessionLimits.pingMs)
    expect(line().sent.at(-1)?.type).toBe("Join")
    clock.advance(relaySessionLimits.pingMs)
    expect(line().sent.at(-1)?.type).toBe("Ping")
    line().gives({ type: "Pong" })
    clock.advance(2 * relaySessionLimits.pingMs)
    expect([line().sent.at(-1)?.type, session.state.type]).toEqual(["Ping", "Online"])
    clock.advance(relaySessionLimits.pingMs)
    expect([line().isClosed, session.state.type]).toEqual([true, "Waiting"])
  })

  it("[F17] gives up a connection without a challenge, and one that was altered; unknown frames pass", async () => {
    const silent = world()
    silent.session.join(room, { store: undefined, after: 0 })
    await settled()
    silent.clock.advance(relaySessionLimits.connectMs)
    expect([silent.line().isClosed, silent.session.state.type]).toEqual([true, "Waiting"])
    const altered = world()
    await altered.start()
    altered.line().givesBytes(new Uint8Array([120, 1, 2]))
    expect(altered.session.state.type).toBe("Online")
    altered.line().givesBytes(new Uint8Array([70, 1, 2]))
    expect([altered.line().isClosed, altered.session.state.type]).toEqual([true, "Waiting"])
  })

  it("[F18] hears nothing of rooms it has left, and hangs up with the last one", async () => {
    const { start, line, session, seen, clock } = world()
    await start()
    session.join(otherRoom, { store: undefined, after: 0 })
    session.post(room, blobOf("a"))
    session.leave(room)
    expect(session.unacknowledged()).toBe(0)
    const before = seen.length
    line().gives({ type: "Blob", room, offset: 1, blob: blobOf("x") })
    line().gives({ type: "CastBlob", room, blob: blobOf("x") })
    line().gives({ type: "Ack", request: 1, offset: 2, caughtUp: true })
    expect(seen).toHaveLength(before)
    session.leave(otherRoom)
    expect([line().isClosed, session.state.type, clock.pending.size]).toEqual([true, "Idle", 0])
  })

  it("[F19] leaves no timer, connection or event behind when it is closed, in whatever state", async () => {
    const states: ((of: ReturnType<typeof world>) => Promise<void>)[] = [
      async () => {},
      async of => of.session.join(room, { store: undefined, after: 0 }),
      async of => of.start(),
      async of => {
        await of.start()
        of.line().gives({ type: "Refused", subject: { type: "Room", room }, reason: "RoomBusy", retryMs: 9 })
        of.line().drops()
      },
    ]
    for (const reach of states) {
      const of = world()
      await reach(of)
      const before = of.seen.length
      of.session.close()
      await settled()
      of.clock.advance(10 * 60_000)
      of.session.join(room, { store: undefined, after: 0 })
      await settled()
      expect(of.clock.pending.size).toBe(0)
      expect(of.seen).toHaveLength(before)
      expect(of.lines.every(line => line.isClosed)).toBe(true)
      expect(of.session.state.type).toBe("Closed")
    }
  })

  it("[F20] opens a window or reads again from any place", async () => {
    const { start, line, session, seen } = world()
    await start()
    line().gives({ type: "Blob", room, offset: 4, blob: blobOf("x") })
    session.read(room, 2, 10)
    expect(line().sent.at(-1)).toEqual({ type: "Read", room, after: 2, window: 10 })
    line().gives({ type: "Blob", room, offset: 4, blob: blobOf("x") })
    expect(seen.filter(text => text === "blob 4")).toHaveLength(2)
  })
})
