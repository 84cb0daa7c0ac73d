import { type Socket, bytesToHex, concatBytes } from "@home/shared/base"
import { limits } from "@home/shared/wire"
import { describe, expect, it } from "vitest"
import { type ChannelOptions, type OpenedChannel, openChannel } from "./channel.js"
import { noble } from "./noble/all.js"
import { patternIk, patternXxPsk3 } from "./noise/pattern.js"
import { seededRandom } from "./testing/bytes.js"

type Meddle = (bytes: Uint8Array, index: number) => readonly Uint8Array[]

/** Two ends of a socket; `meddle` sees what goes from the first to the second. */
const socketPair = (meddle: Meddle = bytes => [bytes]): readonly [Socket, Socket] => {
  const receive: (((bytes: Uint8Array) => void) | undefined)[] = []
  const closed: (() => void)[][] = [[], []]
  const early: Uint8Array[][] = [[], []]
  let isOpen = true
  let index = 0
  const end = (own: 0 | 1, other: 0 | 1): Socket => ({
    send: bytes => {
      if (!isOpen) return
      for (const message of own === 0 ? meddle(bytes.slice(), index++) : [bytes.slice()]) {
        queueMicrotask(() => {
          const listener = receive[other]
          if (listener === undefined) early[other]?.push(message)
          else listener(message)
        })
      }
    },
    close: () => {
      if (!isOpen) return
      isOpen = false
      queueMicrotask(() => {
        for (const listener of closed.flat()) listener()
      })
    },
    bufferedBytes: () => 0,
    onMessage: listener => {
      receive[own] = listener
      for (const bytes of early[own]?.splice(0) ?? []) listener(bytes)
    },
    onClose: listener => closed[own]?.push(listener),
  })
  return [end(0, 1), end(1, 0)]
}

const random = seededRandom("channel")
const [one, two, psk] = [random.bytes(32), random.bytes(32), random.bytes(32)]
const prologue = random.bytes(8)
const joinOf = (role: ChannelOptions["role"], own = psk): ChannelOptions => ({
  pattern: patternXxPsk3,
  role,
  prologue,
  random,
  staticSecret: role === "initiator" ? one : two,
  psk: own,
  digits: true,
})
const linkOf = (role: ChannelOptions["role"]): ChannelOptions => ({
  pattern: patternIk,
  role,
  prologue,
  random,
  staticSecret: role === "initiator" ? one : two,
  ...(role === "initiator" && { remoteStatic: noble.x25519PublicKey(two) }),
})
const openBoth = async (
  a: ChannelOptions,
  b: ChannelOptions,
  meddle?: Meddle,
): Promise<readonly [OpenedChannel | undefined, OpenedChannel | undefined]> => {
  const [first, second] = socketPair(meddle)
  const [openedA, openedB] = await Promise.all([openChannel(first, a), openChannel(second, b)])
  return [openedA.ok ? openedA.value : undefined, openedB.ok ? openedB.value : undefined]
}
const nextMessage = (opened: OpenedChannel | undefined): Promise<Uint8Array> =>
  new Promise(resolve => opened?.channel.onMessage(resolve))

describe("channel", () => {
  it("[K67] carries messages of every length up to the limit, whole and in order", async () => {
    const [a, b] = await openBoth(linkOf("initiator"), linkOf("responder"))
    expect(a?.remoteStatic).toEqual(noble.x25519PublicKey(two))
    expect(b?.remoteStatic).toEqual(noble.x25519PublicKey(one))
    for (const length of [0, 1, 65_518, 65_519, 200_000, limits.linkMessageBytes]) {
      const message = new Uint8Array(length).fill(7)
      const arrived = nextMessage(b)
      a?.channel.send(message)
      expect((await arrived).length).toBe(length)
    }
  })

  it("[K67] a message above the limit closes the channel before it is put together", async () => {
    const [a, b] = await openBoth(linkOf("initiator"), linkOf("responder"))
    const closed = new Promise<string>(resolve => b?.channel.onClose(() => resolve("closed")))
    b?.channel.onMessage(() => {
      throw new Error("nothing may arrive")
    })
    a?.channel.send(new Uint8Array(limits.linkMessageBytes + 1))
    expect(await closed).toBe("closed")
  })

  it("[K67] messages that nobody listens to do not pile up", async () => {
    const [a, b] = await openBoth(linkOf("initiator"), linkOf("responder"))
    const closed = new Promise<string>(resolve => b?.channel.onClose(() => resolve("closed")))
    for (let i = 0; i < 65; i++) a?.channel.send(Uint8Array.of(i))
    expect(await closed).toBe("closed")
  })

  it("[K68] both sides rekey at the same message; a side that does not is cut off", async () => {
    const exchange = async (theirs: number): Promise<number> => {
      const [a, b] = await openBoth(
        { ...linkOf("initiator"), rekeyMessages: 4 },
        { ...linkOf("responder"), rekeyMessages: theirs },
      )
      let arrived = 0
      const ended = new Promise<void>(resolve => {
        b?.channel.onClose(resolve)
        b?.channel.onMessage(bytes => {
          arrived += 1
          if (bytes[0] === 9) resolve()
        })
      })
      for (let i = 0; i < 10; i++) a?.channel.send(Uint8Array.of(i))
      await ended
      return arrived
    }
    expect(await exchange(4)).toBe(10)
    expect(await exchange(2 ** 20)).toBe(4)
  })

  it("[K69] both sides show the same six digits, fresh ones each time", async () => {
    const seen = new Set<string>()
    for (let i = 0; i < 5; i++) {
      const [a, b] = await openBoth(joinOf("initiator"), joinOf("responder"))
      expect(a?.digits).toMatch(/^\d{6}$/)
      expect(b?.digits).toBe(a?.digits)
      seen.add(a?.digits ?? "")
    }
    expect(seen.size).toBeGreaterThan(3)
  })

  it("[K69] another secret, or any altered, doubled or dropped message, opens neither side", async () => {
    const wrong = await openBoth(joinOf("initiator"), joinOf("responder", random.bytes(32)))
    expect(wrong.every(side => side === undefined || side.digits === undefined)).toBe(true)
    expect(wrong[1]).toBeUndefined()
    // Messages of the initiator: two of the handshake, the commitment, the revelation.
    for (let at = 0; at < 4; at++) {
      const flip: Meddle = (bytes, i) => {
        if (i === at) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
        return [bytes]
      }
      expect((await openBoth(joinOf("initiator"), joinOf("responder"), flip))[1]).toBeUndefined()
      const double: Meddle = (bytes, i) => (i === at ? [bytes, bytes.slice()] : [bytes])
      const doubled = await openBoth(joinOf("initiator"), joinOf("responder"), double)
      if (at < 3) expect(doubled[1]).toBeUndefined()
    }
  })

  it("[K69a] what is no first message at all is told apart from a secret that was tried and is wrong", async () => {
    const answerTo = async (meddle: Meddle, psk0 = psk): Promise<string> => {
      const [first, second] = socketPair(meddle)
      const responding = openChannel(second, joinOf("responder", psk0))
      void openChannel(first, joinOf("initiator"))
      const opened = await responding
      return opened.ok ? "open" : opened.error.type
    }
    const at =
      (index: number, other: Uint8Array): Meddle =>
      (bytes, i) => [i === index ? other : bytes]
    for (const rubbish of [new Uint8Array(0), random.bytes(48), new Uint8Array(5_000)]) {
      expect(await answerTo(at(0, rubbish))).toBe("NotOurProtocol")
      expect(await answerTo(at(1, rubbish))).toBe("HandshakeFailed")
    }
    expect(await answerTo(bytes => [bytes], random.bytes(32))).toBe("HandshakeFailed")
    expect(await answerTo(bytes => [bytes])).toBe("open")
  })

  it("[K69] a revelation that is not what was committed to is refused", async () => {
    const { createDigitsExchange } = await import("./digits.js")
    const hash = random.bytes(32)
    const responder = createDigitsExchange("responder", hash, random)
    const initiator = createDigitsExchange("initiator", hash, random)
    const commitment = initiator.begin() ?? new Uint8Array(0)
    expect(responder.take(commitment)).toHaveProperty("send")
    expect(responder.take(random.bytes(32))).toBe("Refused")
    expect(responder.take(concatBytes(commitment, commitment))).toBe("Refused")
    expect(bytesToHex(commitment)).toHaveLength(64)
  })
})
