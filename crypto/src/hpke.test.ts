import { Chacha20Poly1305 } from "@hpke/chacha20poly1305"
import { CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core"
import { bytesToHex } from "@home/shared/base"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { deriveKeyPair, hpkeOpen, hpkeSeal, setupReceiver, setupSender } from "./hpke.js"
import { noble } from "./noble/all.js"
import { fromHex, scriptedRandom, seededRandom } from "./testing/bytes.js"
import { readSample, report } from "./testing/samples.js"

interface Rfc9180 {
  readonly info: string
  readonly ikmE: string
  readonly pkEm: string
  readonly skEm: string
  readonly ikmR: string
  readonly pkRm: string
  readonly skRm: string
  readonly enc: string
  readonly key: string
  readonly encryptions: readonly Record<"pt" | "aad" | "nonce" | "ct", string>[]
}

/** RFC 9180, appendix A.2.1. */
const appendix: Omit<Rfc9180, "encryptions"> & { readonly first: Rfc9180["encryptions"][0] } = {
  info: "4f6465206f6e2061204772656369616e2055726e",
  ikmE: "909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b",
  pkEm: "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
  skEm: "f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600",
  ikmR: "1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df",
  pkRm: "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a",
  skRm: "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
  enc: "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
  key: "ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91",
  first: {
    pt: "4265617574792069732074727574682c20747275746820626561757479",
    aad: "436f756e742d30",
    nonce: "5c4d98150661b848853b547f",
    ct: "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
  },
}

describe("hpke", () => {
  it("[K40] RFC 9180 A.2.1: key pairs, encapsulation, key schedule, first encryption", () => {
    const ephemeral = deriveKeyPair(noble, fromHex(appendix.ikmE))
    expect(bytesToHex(ephemeral.secret)).toBe(appendix.skEm)
    expect(bytesToHex(ephemeral.publicKey)).toBe(appendix.pkEm)
    expect(bytesToHex(deriveKeyPair(noble, fromHex(appendix.ikmR)).secret)).toBe(appendix.skRm)
    const random = scriptedRandom(fromHex(appendix.ikmE))
    const sender = setupSender(noble, random, fromHex(appendix.pkRm), fromHex(appendix.info))
    expect(sender && bytesToHex(sender.encapsulated)).toBe(appendix.enc)
    const context = setupReceiver(
      noble,
      fromHex(appendix.skRm),
      fromHex(appendix.enc),
      fromHex(appendix.info),
    )
    if (context === undefined) throw new Error("no context")
    expect(bytesToHex(context.key)).toBe(appendix.key)
    expect(sender?.context.key).toEqual(context.key)
    const { first } = appendix
    expect(bytesToHex(context.nonce(0))).toBe(first.nonce)
    const sealed = noble.chacha20poly1305.seal(
      context.key,
      context.nonce(0),
      fromHex(first.aad),
      fromHex(first.pt),
    )
    expect(bytesToHex(sealed)).toBe(first.ct)
  })

  const sample = readSample<Rfc9180 & { readonly encryptions: readonly { readonly seq: number }[] }>(
    "hpke_rfc9180_a2_1.json",
  )
  it.skipIf(sample === undefined)("[K40] RFC 9180 A.2.1: all encryptions of the sample", () => {
    if (sample === undefined) return
    const context = setupReceiver(noble, fromHex(sample.skRm), fromHex(sample.enc), fromHex(sample.info))
    let passed = 0
    for (const encryption of sample.encryptions) {
      const nonce = context?.nonce(encryption.seq) ?? new Uint8Array(12)
      expect(bytesToHex(nonce)).toBe(encryption.nonce)
      const sealed = noble.chacha20poly1305.seal(
        fromHex(sample.key),
        nonce,
        fromHex(encryption.aad),
        fromHex(encryption.pt),
      )
      expect(bytesToHex(sealed)).toBe(encryption.ct)
      passed++
    }
    expect(passed).toBeGreaterThan(0)
    report("rfc9180/a.2.1", passed)
  })

  it("[K41] opens what @hpke/core sealed and the reverse", async () => {
    const suite = new CipherSuite({
      kem: new DhkemX25519HkdfSha256(),
      kdf: new HkdfSha256(),
      aead: new Chacha20Poly1305(),
    })
    const random = seededRandom("hpke")
    // In jsdom or under other realms a view's buffer may be larger than the view: copy for the other library.
    const own = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer
    let passed = 0
    const bytes = fc.uint8Array({ maxLength: 100 })
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (info, plaintext) => {
        const secret = random.bytes(32)
        const publicKey = noble.x25519PublicKey(secret)
        const recipientPublicKey = await suite.kem.deserializePublicKey(own(publicKey))
        const recipientKey = await suite.kem.deserializePrivateKey(own(secret))
        const theirs = await suite.createSenderContext({ recipientPublicKey, info: own(info) })
        const theirSealed = new Uint8Array(await theirs.seal(own(plaintext)))
        const joined = new Uint8Array([...new Uint8Array(theirs.enc), ...theirSealed])
        expect(hpkeOpen(noble, secret, info, joined)).toEqual(plaintext)
        const ours = hpkeSeal({ primitives: noble, random }, publicKey, info, plaintext) ?? new Uint8Array(0)
        const receiver = await suite.createRecipientContext({
          recipientKey,
          enc: own(ours.slice(0, 32)),
          info: own(info),
        })
        expect(new Uint8Array(await receiver.open(own(ours.slice(32))))).toEqual(plaintext)
        passed++
      }),
      { numRuns: 20 },
    )
    report("hpke-core/differential", 2 * passed)
  })

  it("[K41] refuses another info, another key, a truncated message and a key of small order", () => {
    const random = seededRandom("hpke refusals")
    const [secret, other, info] = [random.bytes(32), random.bytes(32), random.bytes(8)]
    const sealed = hpkeSeal({ primitives: noble, random }, noble.x25519PublicKey(secret), info, info)
    if (sealed === undefined) throw new Error("not sealed")
    expect(hpkeOpen(noble, secret, info, sealed)).toEqual(info)
    expect(hpkeOpen(noble, other, info, sealed)).toBeUndefined()
    expect(hpkeOpen(noble, secret, other, sealed)).toBeUndefined()
    for (let length = 0; length < sealed.length; length++)
      expect(hpkeOpen(noble, secret, info, sealed.subarray(0, length))).toBeUndefined()
    expect(hpkeSeal({ primitives: noble, random }, new Uint8Array(32), info, info)).toBeUndefined()
    expect(hpkeOpen(noble, secret, info, new Uint8Array(60))).toBeUndefined()
  })
})
