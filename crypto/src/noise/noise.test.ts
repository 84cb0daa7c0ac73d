import { textToBytes } from "@home/shared/base"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { noble } from "../noble/all.js"
import { shortCode } from "../short-code.js"
import { flipBit, seededRandom } from "../testing/bytes.js"
import { type HandshakeOptions, NoiseHandshake } from "./handshake.js"
import { patternIk, patternXxPsk3 } from "./pattern.js"
import { type NoiseTransport, maxMessageBytes, maxPlaintextBytes } from "./transport.js"

const random = seededRandom("noise")
const [aliceSecret, boxSecret, malSecret, psk] = [
  random.bytes(32),
  random.bytes(32),
  random.bytes(32),
  random.bytes(32),
]
const prologue = textToBytes("home link 1")
const hello = textToBytes("hello")
const empty = new Uint8Array(0)

type Side = Partial<Omit<HandshakeOptions, "pattern" | "role">>
const base = { prologue, random }

const ik = (initiator: Side = {}, responder: Side = {}): [NoiseHandshake, NoiseHandshake] => [
  new NoiseHandshake({
    ...base,
    pattern: patternIk,
    role: "initiator",
    staticSecret: aliceSecret,
    remoteStatic: noble.x25519PublicKey(boxSecret),
    ...initiator,
  }),
  new NoiseHandshake({
    ...base,
    pattern: patternIk,
    role: "responder",
    staticSecret: boxSecret,
    ...responder,
  }),
]
const xx = (initiator: Side = {}, responder: Side = {}): [NoiseHandshake, NoiseHandshake] => [
  new NoiseHandshake({
    ...base,
    pattern: patternXxPsk3,
    role: "initiator",
    staticSecret: aliceSecret,
    psk,
    ...initiator,
  }),
  new NoiseHandshake({
    ...base,
    pattern: patternXxPsk3,
    role: "responder",
    staticSecret: boxSecret,
    psk,
    ...responder,
  }),
]

/** Messages in turn, `meddle` in between; the first error, or both transports. */
const run = (
  [initiator, responder]: [NoiseHandshake, NoiseHandshake],
  meddle: (message: Uint8Array, i: number) => Uint8Array = message => message,
): string | [NoiseTransport, NoiseTransport] => {
  for (let i = 0; !initiator.finished || !responder.finished; i++) {
    const [writer, reader] = i % 2 === 0 ? [initiator, responder] : [responder, initiator]
    const message = writer.write(hello)
    if (!message.ok) return message.error.type
    const payload = reader.read(meddle(message.value, i))
    if (!payload.ok) return payload.error.type
    expect(payload.value).toEqual(hello)
  }
  return [initiator.transport(), responder.transport()]
}

const connected = (): [NoiseTransport, NoiseTransport] => {
  const transports = run(ik())
  if (typeof transports === "string") throw new Error(transports)
  return transports
}
const sealed = (transport: NoiseTransport, plaintext: Uint8Array): Uint8Array => {
  const message = transport.seal(plaintext)
  if (!message.ok) throw new Error(message.error.type)
  return message.value
}

describe("handshake", () => {
  it("[K60] each side learns and proves the other's link key", () => {
    for (const pair of [ik(), xx()]) {
      const transports = run(pair)
      if (typeof transports === "string") throw new Error(transports)
      expect(transports[0].remoteStatic).toEqual(noble.x25519PublicKey(boxSecret))
      expect(transports[1].remoteStatic).toEqual(noble.x25519PublicKey(aliceSecret))
      expect(transports[0].handshakeHash).toEqual(transports[1].handshakeHash)
    }
  })

  it("[K60] another prologue, responder key or psk never connects", () => {
    expect(run(ik({ prologue: hello }))).toBe("Rejected")
    expect(run(ik({ remoteStatic: noble.x25519PublicKey(malSecret) }))).toBe("Rejected")
    expect(run(ik({}, { staticSecret: malSecret }))).toBe("Rejected")
    expect(run(xx({ psk: malSecret }))).toBe("Rejected")
    expect(run(xx({}, { prologue: hello }))).toBe("Rejected")
  })

  it("[K65] any flipped bit in any handshake message aborts", () => {
    for (const [make, count] of [
      [ik, 2],
      [xx, 3],
    ] as const)
      for (let message = 0; message < count; message++) {
        let length = 0
        run(make(), (bytes, i) => {
          if (i === message) length = bytes.length
          return bytes
        })
        for (let bit = message; bit < 8 * length; bit += 29)
          expect(
            run(make(), (bytes, i) => (i === message ? flipBit(bytes, bit) : bytes)),
            `${message} ${bit}`,
          ).toBe("Rejected")
        for (const cut of [0, 10, 31, 32, length - 1])
          expect(run(make(), (bytes, i) => (i === message ? bytes.subarray(0, cut) : bytes))).toBe("Rejected")
      }
  })

  it("[K65] a key of small order in a message is refused", () => {
    expect(run(ik(), message => new Uint8Array(message.length))).toBe("Rejected")
    expect(run(ik({ remoteStatic: new Uint8Array(32) }))).toBe("Rejected")
  })

  it("[K61] out of turn aborts, and after any error nothing goes on", () => {
    const [initiator, responder] = ik()
    expect(responder.write(hello)).toEqual({ ok: false, error: { type: "OutOfTurn" } })
    expect(responder.read(hello)).toEqual({ ok: false, error: { type: "Aborted" } })
    expect(initiator.read(hello)).toEqual({ ok: false, error: { type: "OutOfTurn" } })
    expect(initiator.write(hello)).toEqual({ ok: false, error: { type: "Aborted" } })
    expect(() => initiator.transport()).toThrow()
    const pair = ik()
    expect(Array.isArray(run(pair))).toBe(true)
    expect(pair[0].write(hello)).toEqual({ ok: false, error: { type: "Aborted" } })
    expect(() => pair[0].transport()).toThrow()
  })

  it("[K61] a handshake with a missing key is a bug and throws", () => {
    expect(() => new NoiseHandshake({ ...base, pattern: patternIk, role: "initiator" })).toThrow(TypeError)
    const [initiator, responder] = xx({}, {})
    const first = initiator.write(empty)
    if (first.ok) responder.read(first.value)
    const lacking = new NoiseHandshake({ ...base, pattern: patternXxPsk3, role: "responder" })
    if (first.ok) lacking.read(first.value)
    expect(() => lacking.write(empty)).toThrow(TypeError)
  })

  it("[K62] no message is longer than 65,535 bytes, handshake or transport", () => {
    const [initiator] = ik()
    expect(initiator.write(new Uint8Array(maxMessageBytes))).toEqual({
      ok: false,
      error: { type: "MessageTooLarge" },
    })
    const [, responder] = ik()
    expect(responder.read(new Uint8Array(maxMessageBytes + 1))).toEqual({
      ok: false,
      error: { type: "MessageTooLarge" },
    })
    const [alice, box] = connected()
    const longest = sealed(alice, new Uint8Array(maxPlaintextBytes))
    expect(longest).toHaveLength(maxMessageBytes)
    expect(box.open(longest).ok).toBe(true)
    expect(alice.seal(new Uint8Array(maxPlaintextBytes + 1))).toEqual({
      ok: false,
      error: { type: "MessageTooLarge" },
    })
    expect(box.open(new Uint8Array(maxMessageBytes + 1))).toEqual({
      ok: false,
      error: { type: "MessageTooLarge" },
    })
  })
})

describe("transport", () => {
  it("[K63] messages arrive in order in both directions, and are counted", () => {
    const [alice, box] = connected()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (plaintext, up) => {
        const [sender, receiver] = up ? [alice, box] : [box, alice]
        expect(receiver.open(sealed(sender, plaintext))).toEqual({ ok: true, value: plaintext })
      }),
      { numRuns: 50 },
    )
    expect(alice.sentMessages).toBe(box.receivedMessages)
    expect(alice.receivedMessages).toBe(box.sentMessages)
    expect(alice.sentMessages + box.sentMessages).toBe(50)
  })

  it("[K63] a lost, doubled, swapped or reflected message ends the channel", () => {
    const rejected = { ok: false, error: { type: "Rejected" } }
    const aborted = { ok: false, error: { type: "Aborted" } }
    const meddlers = [
      (first: Uint8Array) => [first, first],
      (_: Uint8Array, second: Uint8Array) => [second],
      (first: Uint8Array, second: Uint8Array) => [second, first],
    ]
    for (const meddle of meddlers) {
      const [alice, box] = connected()
      const results = meddle(sealed(alice, hello), sealed(alice, hello)).map(message => box.open(message))
      expect(results).toContainEqual(rejected)
      expect(box.open(sealed(alice, hello))).toEqual(aborted)
      expect(box.seal(hello)).toEqual(aborted)
    }
    const [alice] = connected()
    expect(alice.open(sealed(alice, hello))).toEqual(rejected)
  })

  it("[K65] any flipped bit of a transport message ends the channel", () => {
    for (let bit = 0; bit < 8 * (hello.length + 16); bit += 11) {
      const [alice, box] = connected()
      expect(box.open(flipBit(sealed(alice, hello), bit)).ok).toBe(false)
    }
  })

  it("[K64] rekeying changes the key of one direction on both sides, and one side alone is refused", () => {
    const [alice, box] = connected()
    const before = sealed(alice, hello)
    expect(box.open(before).ok).toBe(true)
    alice.rekeySending()
    box.rekeyReceiving()
    expect(box.open(sealed(alice, hello))).toEqual({ ok: true, value: hello })
    expect(alice.open(sealed(box, hello))).toEqual({ ok: true, value: hello })
    alice.rekeySending()
    expect(box.open(sealed(alice, hello)).ok).toBe(false)
  })
})

describe("six digits", () => {
  it("[K66] both sides of one handshake show the same six digits, another handshake others", () => {
    const codes = new Set<string>()
    for (let i = 0; i < 20; i++) {
      const [alice, box] = connected()
      const code = shortCode(alice.handshakeHash)
      expect(code).toMatch(/^\d{6}$/)
      expect(shortCode(box.handshakeHash)).toBe(code)
      codes.add(code)
    }
    expect(codes.size).toBeGreaterThan(18)
  })

  it("[K66] contributions of both sides change the digits", () => {
    const hash = random.bytes(32)
    const [mine, yours] = [random.bytes(32), random.bytes(32)]
    const codes = [shortCode(hash), shortCode(hash, [mine, yours]), shortCode(hash, [yours, mine])]
    expect(new Set(codes).size).toBe(3)
  })
})
