import { bytesToHex } from "@home/shared/base"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createRecoveryEntropy, parseRecoveryPhrase, recoveryIdentity, recoveryPhrase } from "./recovery.js"
import { createSealer } from "./sealer.js"
import { fromHex, seededRandom } from "./testing/bytes.js"
import { readSample, report } from "./testing/samples.js"

const random = seededRandom("recovery")
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
/** BIP39's own vectors for 256 bits. */
const literals = [
  { entropy: "00".repeat(32), phrase: "abandon ".repeat(23) + "art" },
  {
    entropy: "7f".repeat(32),
    phrase:
      "legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth title",
  },
  { entropy: "ff".repeat(32), phrase: "zoo ".repeat(23) + "vote" },
]

describe("recovery phrase", () => {
  it("[K55] BIP39 vectors for 256 bits", () => {
    for (const { entropy, phrase } of literals) {
      expect(recoveryPhrase(fromHex(entropy))).toBe(phrase)
      expect(parseRecoveryPhrase(phrase)).toEqual({ ok: true, value: fromHex(entropy) })
    }
    report("bip39/literals", literals.length)
  })

  const sample = readSample<Record<string, readonly (readonly string[])[]>>("bip39_vectors.json")
  it.skipIf(sample === undefined)(
    "[K55] BIP39 vectors of the sample: 24 words both ways, other lengths refused",
    () => {
      let passed = 0
      for (const [entropy = "", phrase = ""] of sample?.["english"] ?? []) {
        if (entropy.length === 64) {
          expect(recoveryPhrase(fromHex(entropy))).toBe(phrase)
          expect(parseRecoveryPhrase(phrase)).toEqual({ ok: true, value: fromHex(entropy) })
        } else expect(parseRecoveryPhrase(phrase)).toMatchObject({ ok: false, error: { type: "WordCount" } })
        passed++
      }
      expect(passed).toBe(24)
      report("bip39/english", passed)
    },
  )

  it("[K55] any case and spacing reads the same", () => {
    fc.assert(
      fc.property(
        bytes32,
        fc.constantFrom(" ", "  ", "\n", "\t ", "\r\n", "\u3000"),
        fc.boolean(),
        (entropy, space, upper) => {
          const phrase = recoveryPhrase(entropy).split(" ").join(space)
          const typed = `${space}${upper ? phrase.toUpperCase() : phrase}${space}`
          expect(parseRecoveryPhrase(typed)).toEqual({ ok: true, value: entropy })
        },
      ),
    )
  })

  it("[K56] errors name the place and never a word", () => {
    const words = recoveryPhrase(createRecoveryEntropy(random)).split(" ")
    const typo = words.toSpliced(6, 1, "hunter22")
    expect(parseRecoveryPhrase(typo.join(" "))).toEqual({
      ok: false,
      error: { type: "UnknownWord", position: 7 },
    })
    expect(parseRecoveryPhrase(words.slice(1).join(" "))).toEqual({
      ok: false,
      error: { type: "WordCount", words: 23 },
    })
    expect(parseRecoveryPhrase("")).toEqual({ ok: false, error: { type: "WordCount", words: 0 } })
    expect(parseRecoveryPhrase("zoo ".repeat(1_000_000))).toEqual({
      ok: false,
      error: { type: "WordCount", words: 100 },
    })
    expect(parseRecoveryPhrase("zoo ".repeat(24))).toEqual({ ok: false, error: { type: "WrongChecksum" } })
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), text => {
        expect(parseRecoveryPhrase(text).ok).toBe(false)
      }),
    )
  })

  it("[K57] the phrase yields a signer and a wrap key of their own, nothing shared with another phrase", async () => {
    const sealer = createSealer({ random })
    const [mine, other] = [recoveryIdentity(random.bytes(32)), recoveryIdentity(random.bytes(32))]
    expect(sealer.signingKeyOf(mine.secrets.signing)).toEqual(mine.keys.signing)
    expect(sealer.agreementKeyOf(mine.secrets.wrap)).toEqual(mine.keys.wrap)
    const all = [mine, other].flatMap(({ secrets }) => [secrets.signing, secrets.wrap]).map(bytesToHex)
    expect(new Set(all).size).toBe(4)
    const key = random.bytes(32)
    expect(sealer.unwrapKey(mine.secrets.wrap, key, sealer.wrapKey(mine.keys.wrap, key, key))).toEqual(key)
    const signature = await sealer.sign("operation", mine.secrets.signing, key)
    expect(await sealer.verify("operation", mine.keys.signing, key, signature)).toBe(true)
  })
})
