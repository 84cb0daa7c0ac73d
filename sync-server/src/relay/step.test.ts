import type { RoomId } from "@home/shared/base"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type RelayLimits, defaultRelayLimits } from "./limits.js"
import { fullBucket, take } from "./bucket.js"
import { createStepWorld, roomOf, validSignature, wrongSignature } from "./step-world.js"

const limits: RelayLimits = {
  ...defaultRelayLimits,
  blobBytes: 200,
  castBytes: 100,
  roomBytes: 1_500,
  roomBlobs: 25,
  connections: 6,
  connectionsPerRoom: 4,
  roomsPerConnection: 3,
  sendBufferBytes: 600,
  answerBytes: 2_000,
  pageBytes: 300,
  pageBlobs: 3,
  pendingBytes: 2_000,
}

const joinOf = (room: RoomId) =>
  ({ type: "Join", room, origin: "o", store: undefined, after: 0, window: 0 }) as const

const who = fc.nat({ max: 9 })
const which = fc.nat({ max: 2 })
const action = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant("connect" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("join" as const),
      who,
      which,
      isValid: fc.boolean(),
      after: fc.nat({ max: 30 }),
      isKnown: fc.boolean(),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      do: fc.constant("post" as const),
      who,
      which,
      size: fc.nat({ max: 210 }),
      fill: fc.nat(255),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cast" as const), who, which }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("read" as const), who, which, after: fc.nat({ max: 30 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave" as const), who, which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("disconnect" as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("drain" as const), who }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("verify" as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("open" as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("page" as const), isWell: fc.integer({ min: 0, max: 9 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("commit" as const), isWell: fc.integer({ min: 0, max: 6 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("tick" as const), byMs: fc.nat({ max: 300 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("garbage" as const),
      isReal: fc.nat(5),
      who,
      bytes: fc.uint8Array({ maxLength: 60 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("crash" as const), isReal: fc.integer({ min: 0, max: 4 }) }),
  },
)

describe("the relay's step", () => {
  it("[R2] [R3] [R8] [R9] [R10] [R11] [R12] [R22] keeps its promises in any order of events and through crashes", async () => {
    const total = { acks: 0, blobs: 0, casts: 0, refusals: 0, closes: 0, fellBehind: 0, crashes: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 80, maxLength: 200 }), async actions => {
        const world = createStepWorld(limits, 7)
        let request = 1
        const peer = (n: number): number => {
          const ids = world.peerIds()
          return ids[n % Math.max(1, ids.length)] ?? 0
        }
        const gather = async (): Promise<void> => {
          for (const [i, id] of [world.connect(), world.connect(), world.connect()].entries()) {
            for (const room of [roomOf(0), roomOf(i)])
              world.send(id, { ...joinOf(room), signature: validSignature })
          }
          for (let i = 0; i < 6; i++) world.verifyOne()
          for (let i = 0; i < 3; i++) await world.openOne()
        }
        await gather()
        for (const act of actions) {
          switch (act.do) {
            case "connect":
              world.connect()
              break
            case "join":
              world.send(peer(act.who), {
                ...joinOf(roomOf(act.which)),
                signature: act.isValid ? validSignature : wrongSignature,
                store: act.isKnown ? world.store : undefined,
                after: act.after,
              })
              break
            case "post": {
              const blob = new Uint8Array(act.size).fill(act.fill)
              world.send(peer(act.who), { type: "Post", request: request++, room: roomOf(act.which), blob })
              break
            }
            case "cast":
              world.send(peer(act.who), { type: "Cast", room: roomOf(act.which), blob: new Uint8Array(50) })
              break
            case "read":
              world.send(peer(act.who), {
                type: "Read",
                room: roomOf(act.which),
                after: act.after,
                window: 0,
              })
              break
            case "leave":
              world.send(peer(act.who), { type: "Leave", room: roomOf(act.which) })
              break
            case "disconnect":
              world.disconnect(peer(act.who))
              break
            case "drain":
              world.drain(peer(act.who))
              break
            case "verify":
              world.verifyOne()
              break
            case "open":
              await world.openOne()
              break
            case "page":
              await world.readOne(act.isWell > 0)
              break
            case "commit":
              await world.commit(act.isWell > 0)
              break
            case "tick":
              world.tick(act.byMs)
              break
            case "garbage":
              if (act.isReal === 0) world.sendBytes(peer(act.who), act.bytes)
              break
            case "crash":
              if (act.isReal === 0) {
                world.crash()
                await gather()
              }
              break
          }
        }
        await world.settle()
        for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += world.counts[name]
      }),
      { numRuns: 150, seed: 20_27 },
    )
    // The rules were put to use, not only not broken.
    for (const [name, least] of [
      ["acks", 500],
      ["blobs", 500],
      ["casts", 20],
      ["refusals", 500],
      ["closes", 50],
      ["fellBehind", 500],
      ["crashes", 20],
    ] as const) {
      expect({ [name]: total[name] >= least, of: total[name] }).toMatchObject({ [name]: true })
    }
  })

  it("[R16] an address has so many bytes stored and so many rooms made, by whatever connections, and goes on later", async () => {
    const rates = {
      addressByteRate: { burst: 250, perSecond: 10 },
      addressRoomRate: { burst: 2, perSecond: 0.1 },
    }
    const world = createStepWorld({ ...limits, ...rates }, 9)
    let request = 1
    const post = (id: number, room: number, size: number) => {
      world.send(id, { type: "Post", request: request++, room: roomOf(room), blob: new Uint8Array(size) })
      return world.refused()
    }
    const enter = async (address: string): Promise<number> => {
      const id = world.connect(address)
      for (const n of [0, 1, 2]) world.send(id, { ...joinOf(roomOf(n)), signature: validSignature })
      await world.settle()
      return id
    }
    const [first, second] = [await enter("one"), await enter("one")]
    expect(post(first, 0, 100)).toEqual([])
    expect(post(second, 1, 100)).toEqual([])
    expect(post(first, 2, 1)).toEqual([{ reason: "AddressFull", retryMs: 10_000 }])
    // The last bytes may go beyond; then it waits until the debt is paid.
    expect(post(second, 0, 90)).toEqual([])
    expect(post(first, 0, 1)).toEqual([{ reason: "AddressFull", retryMs: 4_100 }])
    await world.settle()
    // Leaving and coming again changes nothing, and another address has a quota of its own.
    world.disconnect(first)
    world.disconnect(second)
    world.tick(1_000)
    expect(post(await enter("one"), 0, 1)).toMatchObject([{ reason: "AddressFull" }])
    expect(post(await enter("two"), 2, 100)).toEqual([])
    world.tick(10_000)
    expect(post(await enter("one"), 0, 1)).toEqual([])
  })

  it("[R13] a bucket gives its burst at once, then its rate; a debt and a clock set back give nothing", () => {
    const rate = { burst: 10, perSecond: 2 }
    const bucket = fullBucket(rate, 1_000)
    expect(take(bucket, rate, 10, 1_000)).toBe(0)
    expect(take(bucket, rate, 1, 1_000)).toBe(500)
    expect(take(bucket, rate, 7, 1_500)).toBe(0)
    expect(take(bucket, rate, 1, 1_500)).toBe(3_500)
    expect(take(bucket, rate, 1, 0)).toBe(3_500)
    fc.assert(
      fc.property(
        fc.array(fc.record({ amount: fc.nat(20), waitMs: fc.nat(2_000) }), { maxLength: 100 }),
        calls => {
          const held = fullBucket(rate, 0)
          let nowMs = 0
          let taken = 0
          for (const { amount, waitMs } of calls) {
            nowMs += waitMs
            if (take(held, rate, amount, nowMs) === 0) taken += amount
            expect(taken).toBeLessThanOrEqual(rate.burst + (nowMs * rate.perSecond) / 1000 + 20)
          }
        },
      ),
    )
  })
})
