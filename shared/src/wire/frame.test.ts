import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type RoomId, bytesToHex, concatBytes } from "../base/index.js"
import {
  type ClientFrame,
  type RelayFrame,
  type RefusalReason,
  challengeMessage,
  encodeClientFrame,
  encodeRelayFrame,
  frameLimits,
  parseClientFrame,
  parseRelayFrame,
  refusalCodes,
} from "./frame.js"

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const room = bytesOf(32).map(bytes => bytesToHex(bytes) as RoomId)
const u32 = fc.integer({ min: 0, max: 0xffffffff })
const u64 = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const blob = fc.uint8Array({ maxLength: 300 })
const store = bytesOf(16).map(bytesToHex)
const type = <T extends string>(name: T) => fc.constant(name)

const clientFrame: fc.Arbitrary<ClientFrame> = fc.oneof(
  fc.record({
    type: type("Join"),
    room,
    origin: fc.string({ unit: "grapheme", maxLength: 60 }),
    signature: bytesOf(64),
    store: fc.option(
      store.filter(hex => !/^0+$/.test(hex)),
      { nil: undefined },
    ),
    after: u64,
    window: u32,
  }),
  fc.record({ type: type("Leave"), room }),
  fc.record({ type: type("Post"), request: u32, room, blob }),
  fc.record({ type: type("Cast"), room, blob }),
  fc.record({ type: type("Read"), room, after: u64, window: u32 }),
  fc.record({ type: type("Ping") }),
)
const reasons = Object.keys(refusalCodes) as RefusalReason[]
const relayFrame: fc.Arbitrary<RelayFrame> = fc.oneof(
  fc.record({ type: type("Challenge"), nonce: bytesOf(32), blobBytes: u32, castBytes: u32 }),
  fc.record({ type: type("Joined"), room, store, from: u64, first: u64, next: u64 }),
  fc.record({ type: type("Blob"), room, offset: u64, blob }),
  fc.record({ type: type("CaughtUp"), room, next: u64 }),
  fc.record({ type: type("CastBlob"), room, blob }),
  fc.record({ type: type("Ack"), request: u32, offset: u64, caughtUp: fc.boolean() }),
  fc.record({
    type: type("Refused"),
    subject: fc.oneof(
      fc.record({ type: type("Connection") }),
      fc.record({ type: type("Room"), room }),
      fc.record({ type: type("Post"), request: u32 }),
    ),
    reason: fc.constantFrom(...reasons),
    retryMs: u32,
  }),
  fc.record({ type: type("Pong") }),
)
const roomOne = "01".repeat(32) as RoomId

describe("frames", () => {
  it("[F1] every frame is read back as it was written", () => {
    const types = new Set<string>()
    fc.assert(
      fc.property(clientFrame, relayFrame, (client, relay) => {
        types.add(client.type).add(relay.type)
        expect(parseClientFrame(encodeClientFrame(client))).toEqual({ ok: true, value: client })
        expect(parseRelayFrame(encodeRelayFrame(relay))).toEqual({ ok: true, value: relay })
      }),
      { numRuns: 300 },
    )
    expect(types.size).toBe(14)
  })

  it("[F1] has the layout of the specification", () => {
    const post = encodeClientFrame({
      type: "Post",
      request: 258,
      room: roomOne,
      blob: new Uint8Array([9, 8]),
    })
    expect(bytesToHex(post)).toBe(`0300000102${roomOne}000000020908`)
    const ack = encodeRelayFrame({ type: "Ack", request: 258, offset: 2 ** 32 + 3, caughtUp: true })
    expect(bytesToHex(ack)).toBe("4600000102000000010000000301")
    const join = encodeClientFrame({
      type: "Join",
      room: roomOne,
      origin: "ws://a",
      signature: new Uint8Array(64).fill(7),
      store: undefined,
      after: 5,
      window: 6,
    })
    expect(bytesToHex(join)).toBe(
      `01${roomOne}000677733a2f2f61${"07".repeat(64)}${"00".repeat(16)}000000000000000500000006`,
    )
  })

  it("[F2] one byte less or more is malformed, and any bytes at all give a value", () => {
    fc.assert(
      fc.property(clientFrame, relayFrame, fc.nat(), (client, relay, at) => {
        for (const [bytes, parse] of [
          [encodeClientFrame(client), parseClientFrame],
          [encodeRelayFrame(relay), parseRelayFrame],
        ] as const) {
          expect(parse(bytes.subarray(0, at % bytes.length)).ok).toBe(false)
          expect(parse(concatBytes(bytes, new Uint8Array(1)))).toEqual({
            ok: false,
            error: { type: "FrameMalformed" },
          })
        }
      }),
    )
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(1, 2, 3, 4, 5, 65, 66, 67, 70, 71),
        (bytes, code) => {
          for (const input of [bytes, concatBytes(new Uint8Array([code]), bytes)]) {
            for (const result of [parseClientFrame(input), parseRelayFrame(input)]) {
              if (!result.ok) expect(result.error.type).toMatch(/^Frame(Malformed|Unknown)$/)
            }
          }
        },
      ),
    )
  })

  it("[F3] a type, version or direction that it does not know is told apart from an altered frame", () => {
    expect(parseClientFrame(new Uint8Array([99]))).toEqual({
      ok: false,
      error: { type: "FrameUnknown", code: 99 },
    })
    expect(parseRelayFrame(encodeClientFrame({ type: "Ping" }))).toMatchObject({
      error: { type: "FrameUnknown" },
    })
    expect(parseClientFrame(encodeRelayFrame({ type: "Pong" }))).toMatchObject({
      error: { type: "FrameUnknown" },
    })
    const challenge = encodeRelayFrame({
      type: "Challenge",
      nonce: new Uint8Array(32),
      blobBytes: 1,
      castBytes: 1,
    })
    challenge[1] = 2
    expect(parseRelayFrame(challenge)).toMatchObject({ error: { type: "FrameUnknown" } })
  })

  it("[F4] refuses by stated and by real length before it takes anything", () => {
    expect(parseClientFrame(new Uint8Array(frameLimits.blobBytes + frameLimits.overheadBytes + 1))).toEqual({
      ok: false,
      error: { type: "FrameTooLarge" },
    })
    const cast = (length: number): boolean =>
      parseClientFrame(encodeClientFrame({ type: "Cast", room: roomOne, blob: new Uint8Array(length) })).ok
    expect(cast(frameLimits.castBytes)).toBe(true)
    expect(cast(frameLimits.castBytes + 1)).toBe(false)
    const largest = {
      type: "Post",
      request: 1,
      room: roomOne,
      blob: new Uint8Array(frameLimits.blobBytes),
    } as const
    const parsed = parseClientFrame(encodeClientFrame(largest))
    expect(parsed.ok).toBe(true)
    // A length field that promises more than there is.
    const lying = encodeClientFrame({ ...largest, blob: new Uint8Array(4) })
    lying.set([0, 80, 0, 0], 37)
    expect(parseClientFrame(lying)).toEqual({ ok: false, error: { type: "FrameMalformed" } })
  })

  it("[F4] gives blobs as views, not as copies", () => {
    const bytes = encodeClientFrame({ type: "Cast", room: roomOne, blob: new Uint8Array([1, 2, 3]) })
    const parsed = parseClientFrame(bytes)
    expect(parsed.ok && parsed.value.type === "Cast" && parsed.value.blob.buffer === bytes.buffer).toBe(true)
  })

  it("[F5] what is signed names version, challenge, room and origin, each in its place", () => {
    const nonce = new Uint8Array(32).fill(2)
    expect(bytesToHex(challengeMessage(nonce, roomOne, "ws://a"))).toBe(
      `01${"02".repeat(32)}${roomOne}000677733a2f2f61`,
    )
    const distinct = fc.tuple(bytesOf(32), room, fc.string({ maxLength: 20 }))
    fc.assert(
      fc.property(distinct, distinct, (a, b) => {
        const isSame = bytesToHex(challengeMessage(...a)) === bytesToHex(challengeMessage(...b))
        expect(isSame).toBe(bytesToHex(a[0]) === bytesToHex(b[0]) && a[1] === b[1] && a[2] === b[2])
      }),
    )
  })
})
