import { textToBytes } from "@home/shared/base"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type CodeHost, type CodeNewcomer, enterCode, hostCode } from "./code-exchange.js"
import { englishWords as wordlist } from "./recovery.js"
import { type SpokenCode, createSpokenCode, formatSpokenCode, parseSpokenCode } from "./spoken-code.js"

const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
const payload = textToBytes("home1-the invitation")
const code: SpokenCode = { nameplate: "0421", words: ["river", "apple", "stone"] }
const wrong: SpokenCode = { ...code, words: ["river", "apple", "story"] }

interface Told {
  readonly host: string | undefined
  readonly newcomer: string | undefined
  readonly payload: Uint8Array | undefined
}

/** Carries messages between both until nobody has anything to say; `alter` may change, drop or double each. */
const talk = (
  host: CodeHost,
  newcomer: CodeNewcomer,
  alter: (message: Uint8Array, at: number) => readonly Uint8Array[] = message => [message],
): Told => {
  let told: Told = { host: undefined, newcomer: undefined, payload: undefined }
  let at = 0
  const waiting: { readonly to: "host" | "newcomer"; readonly message: Uint8Array }[] = []
  const say = (to: "host" | "newcomer", message: Uint8Array | undefined): void => {
    if (message !== undefined)
      for (const altered of alter(message, at++)) waiting.push({ to, message: altered })
  }
  say("host", newcomer.begin)
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (next.to === "host") {
      const step = host.take(next.message)
      if (step?.outcome !== undefined) told = { ...told, host: step.outcome }
      say("newcomer", step?.send)
    } else {
      const step = newcomer.take(next.message)
      if (step?.outcome !== undefined)
        told = {
          ...told,
          newcomer: step.outcome.type,
          payload: step.outcome.type === "Opened" ? step.outcome.payload : undefined,
        }
      say("host", step?.send)
    }
  }
  return told
}

describe("a spoken code", () => {
  it("[K91] is a nameplate of four digits and three words, and reads back as people type it", () => {
    for (let i = 0; i < 50; i++) {
      const made = createSpokenCode(random)
      expect(made.nameplate).toMatch(/^\d{4}$/)
      for (const word of made.words) expect(wordlist).toContain(word)
      expect(parseSpokenCode(formatSpokenCode(made))).toEqual(made)
      const short = made.words.map(word => word.slice(0, 4).toUpperCase())
      expect(parseSpokenCode(` ${made.nameplate} - ${short.join(",  ")}\n`)).toEqual(made)
    }
    expect(parseSpokenCode("０４２１　river・apple・stone")).toEqual(code)
    for (const text of [
      "",
      "421 river apple stone",
      "0421 river apple",
      "0421 river apple stonework",
      "0421 river apple stone stone",
    ])
      expect(parseSpokenCode(text)).toBeUndefined()
    expect(parseSpokenCode("0421 river apple sto")).toBeUndefined()
    fc.assert(fc.property(fc.string(), text => (parseSpokenCode(text), true)))
  })

  it("[K91] has all words and nameplates within reach", () => {
    const draws = [2047, 0, 1, 1024].map(value => Uint8Array.of(value >> 8, value & 0xff))
    const scripted = {
      bytes: (length: number) =>
        length === 2 ? (draws.shift() ?? new Uint8Array(2)) : new Uint8Array(length).fill(0xff),
    }
    expect(createSpokenCode(scripted)).toEqual({
      nameplate: String(18_446_744_073_709_551_615n % 10_000n).padStart(4, "0"),
      words: ["zoo", "abandon", "ability"],
    })
  })
})

describe("the exchange behind a spoken code", () => {
  it("[K92] hands the payload to who knows the words", () => {
    const told = talk(hostCode(random, code, payload), enterCode(random, code))
    expect(told).toEqual({ host: "Given", newcomer: "Opened", payload })
  })

  it("[K92] is deaf to doubled messages", () => {
    const told = talk(hostCode(random, code, payload), enterCode(random, code), message => [message, message])
    expect(told).toEqual({ host: "Given", newcomer: "Opened", payload })
  })

  it("[K93] a wrong word burns the code: the next one who knows it gets nothing", () => {
    const host = hostCode(random, code, payload)
    expect(talk(host, enterCode(random, wrong))).toEqual({
      host: "Burnt",
      newcomer: "Refused",
      payload: undefined,
    })
    expect(talk(host, enterCode(random, code))).toEqual({
      host: undefined,
      newcomer: undefined,
      payload: undefined,
    })
  })

  it("[K93] one exchange has one proof: the right one after a wrong one gets nothing", () => {
    const host = hostCode(random, code, payload)
    const newcomer = enterCode(random, code)
    const answer = host.take(newcomer.begin)?.send ?? new Uint8Array(0)
    const right = newcomer.take(answer)?.send ?? new Uint8Array(0)
    expect(host.take(Uint8Array.from([...right.slice(0, -1), 0, 0]))).toMatchObject({ outcome: "Burnt" })
    expect(host.take(right)).toBeUndefined()
  })

  it("[K93] another nameplate is another code", () => {
    const told = talk(hostCode(random, code, payload), enterCode(random, { ...code, nameplate: "0422" }))
    expect(told).toMatchObject({ host: "Burnt", newcomer: "Refused" })
  })

  it("[K93] serves one who begins: a second one is not answered, before and after", () => {
    const host = hostCode(random, code, payload)
    const [first, second] = [enterCode(random, code), enterCode(random, code)]
    expect(host.take(first.begin)).toBeDefined()
    expect(talk(host, second)).toEqual({ host: undefined, newcomer: undefined, payload: undefined })
    expect(talk(host, first)).toMatchObject({ host: "Given", newcomer: "Opened" })
    expect(talk(host, second)).toEqual({ host: undefined, newcomer: undefined, payload: undefined })
  })

  it("[K93] what is no share costs no attempt", () => {
    const host = hostCode(random, code, payload)
    const newcomer = enterCode(random, code)
    const noElement = newcomer.begin.slice()
    noElement.fill(0, 17)
    for (const rubbish of [new Uint8Array(0), new Uint8Array(200), newcomer.begin.slice(0, 40), noElement])
      expect(host.take(rubbish)).toBeUndefined()
    expect(talk(host, newcomer)).toMatchObject({ host: "Given" })
  })

  it("[K94] any altered byte, in any message, hands out nothing", () => {
    for (let at = 0; at < 4; at++) {
      for (const [place, bit] of [
        [0, 1],
        [3, 0x80],
        [20, 1],
        [40, 4],
        [48, 0x10],
      ] as const) {
        const alter = (message: Uint8Array, index: number): readonly Uint8Array[] => {
          if (index !== at || place >= message.length) return index === at ? [] : [message]
          const flipped = message.slice()
          flipped[place] = (flipped[place] ?? 0) ^ bit
          return [flipped]
        }
        const told = talk(hostCode(random, code, payload), enterCode(random, code), alter)
        expect(told.newcomer, `message ${at}, byte ${place}`).not.toBe("Opened")
        if (at < 3) expect(told.host).not.toBe("Given")
      }
    }
  })

  it("[K94] messages of another exchange under the same code are passed over", () => {
    const [host, other] = [hostCode(random, code, payload), hostCode(random, code, payload)]
    const [newcomer, stranger] = [enterCode(random, code), enterCode(random, code)]
    const answer = other.take(stranger.begin)?.send ?? new Uint8Array(0)
    expect(newcomer.take(answer)).toBeUndefined()
    expect(talk(host, newcomer)).toMatchObject({ host: "Given", newcomer: "Opened" })
  })
})
