import { describe, expect, it } from "vitest"
import type { ChunkId, CircleId, DeviceId, RoomId } from "../base/index.js"
import { createSeededRandom, createTestClock } from "../testing/clock.js"
import { sha256 } from "../testing/on-node/plain-family.js"
import { createPlainSealer } from "../testing/plain-sealer.js"
import { silentLog } from "../testing/test-family.js"
import type { RelaySession } from "../wire/index.js"
import type { Blobs } from "./blobs.js"
import { createGiving } from "./giving.js"

const idOf = (byte: number): ChunkId => byte.toString(16).padStart(64, "0") as ChunkId
const [device, circle] = ["d1".repeat(16) as DeviceId, "c1".repeat(16) as CircleId]
const hourMs = 60 * 60 * 1000

/** A relay that takes everything, and a device that has every chunk: each is as long as it says. */
const giver = (options: { readonly bytesPerHour: number; readonly hasBox?: boolean }) => {
  const clock = createTestClock()
  const random = createSeededRandom(1)
  const posted: RoomId[] = []
  const session: Pick<RelaySession, "join" | "leave" | "post"> = {
    join: () => {},
    leave: () => {},
    post: room => {
      posted.push(room)
      queueMicrotask(() => giving.answered(posted.length, true))
      return posted.length
    },
  }
  const blobs: Pick<Blobs, "has" | "chunk"> = {
    has: () => Promise.resolve(true),
    chunk: () => Promise.resolve(new Uint8Array(100)),
  }
  let mayRead = true
  const giving = createGiving({
    ...{ clock, random, log: silentLog, isKeeper: false, origin: "wss://relay.test" },
    sealer: createPlainSealer({ sha256, randomBytes: random.bytes }),
    blobs: blobs as Blobs,
    session: () => session as RelaySession,
    bytesPerHour: options.bytesPerHour,
    hasBox: () => options.hasBox === true,
    mayRead: () => mayRead,
  })
  const ask = (secret: number, ...chunks: readonly number[]): Promise<void> =>
    giving.take(device, circle, {
      type: "Ask",
      secret: new Uint8Array(32).fill(secret),
      chunks: chunks.map(idOf),
    })
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms)
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
  }
  return { giving, posted, ask, pass, clock, remove: () => (mayRead = false) }
}

describe("giving over a relay", () => {
  it("[P140] gives no more in an hour than it may, and the rest in the next one; nobody waits for that", async () => {
    const { giving, posted, ask, pass } = giver({ bytesPerHour: 250 })
    await ask(1, 1, 2, 3, 4, 5)
    await pass(1_000)
    expect(posted).toHaveLength(3)
    await giving.settle()
    await pass(hourMs)
    expect(posted).toHaveLength(5)
  })

  it("[P140] pauses first, longer where a box may answer, and gives what the last word still names", async () => {
    const { posted, ask, pass } = giver({ bytesPerHour: 1e9, hasBox: true })
    await ask(1, 1, 2)
    await pass(2_900)
    expect(posted).toEqual([])
    await ask(1, 2)
    await pass(6_000)
    expect(posted).toHaveLength(1)
    await ask(1, 3)
    await ask(1)
    await pass(60_000)
    expect(posted).toHaveLength(1)
  })

  it("[P140] gives nothing twice into one tray, and all of it into another", async () => {
    const { posted, ask, pass } = giver({ bytesPerHour: 1e9 })
    for (const secret of [1, 1, 2]) {
      await ask(secret, 1, 2)
      await pass(1_000)
    }
    expect(posted).toHaveLength(4)
    expect(new Set(posted).size).toBe(2)
  })

  it("[P140] gives nothing to who reads the circle no more, and leaves no timer when it is closed", async () => {
    const { giving, posted, ask, pass, clock, remove } = giver({ bytesPerHour: 1e9 })
    await ask(1, 1)
    remove()
    await pass(1_000)
    expect(posted).toEqual([])
    await ask(1, 1)
    giving.close()
    expect(clock.pending()).toBe(0)
  })
})
