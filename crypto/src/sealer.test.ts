import { type Random, bytesToHex, compareBytes, concatBytes, textToBytes } from "@home/shared/base"
import { limits, paddedLength, parseBundle } from "@home/shared/wire"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { domains, framedParts, hashDomain, signDomain, signedMessage, underDomain } from "./domain.js"
import { pad, unpad } from "./padded.js"
import { createSealer } from "./sealer.js"
import { flipBit, fromHex, scriptedRandom, seededRandom } from "./testing/bytes.js"

const random = seededRandom("sealer")
const sealer = createSealer({ random })
const key = random.bytes(32)
const otherKey = random.bytes(32)
const feedSeed = random.bytes(32)
const smallOrder = new Uint8Array(32)
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const body = textToBytes("milk, bread, 2.40")
const bundleOf = (content: Uint8Array): ReturnType<typeof sealer.sealBundle> =>
  sealer.sealBundle({ key, feedSeed, seq: 7, prev: new Uint8Array(32).fill(9), body: content })

describe("domains", () => {
  it("[K10] a hash takes its domain and each part with its length", () => {
    expect(bytesToHex(framedParts("ab", [fromHex("0102"), new Uint8Array(0)]))).toBe(
      "00026162000000020102" + "00000000",
    )
    expect(sealer.hash("x", fromHex("0102"))).not.toEqual(sealer.hash("x", fromHex("01"), fromHex("02")))
    expect(sealer.hash("x", fromHex("01"))).toEqual(
      sealer.sha256(framedParts("home/1/hash/x", [fromHex("01")])),
    )
  })

  it("[K10] parts never slide into one another or into the domain", () => {
    const input = fc.tuple(fc.string(), fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 3 }))
    fc.assert(
      fc.property(input, input, ([domain, parts], [otherDomain, otherParts]) => {
        const same = JSON.stringify([domain, parts]) === JSON.stringify([otherDomain, otherParts])
        const equal =
          bytesToHex(sealer.hash(domain, ...parts)) === bytesToHex(sealer.hash(otherDomain, ...otherParts))
        expect(equal).toBe(same)
      }),
    )
  })

  it("[K11] a signature counts for its own domain, key and message only", async () => {
    const message = textToBytes("let Anna in")
    const publicKey = sealer.signingKeyOf(feedSeed)
    const signature = await sealer.sign("operation", feedSeed, message)
    expect(await sealer.verify("operation", publicKey, message, signature)).toBe(true)
    expect(await sealer.verify("certificate", publicKey, message, signature)).toBe(false)
    expect(await sealer.verify("operation", sealer.signingKeyOf(key), message, signature)).toBe(false)
    for (let bit = 0; bit < 8 * message.length; bit += 17)
      expect(await sealer.verify("operation", publicKey, flipBit(message, bit), signature)).toBe(false)
    expect(bytesToHex(signedMessage("ab", fromHex("ff")))).toBe("00026162ff")
  })

  it("[K9] no two domains are equal, and callers' domains never meet the package's own", () => {
    const own = Object.values(domains)
    expect(new Set(own).size).toBe(own.length)
    const prefixes = [signDomain(""), hashDomain(""), underDomain("")]
    for (const domain of own) for (const prefix of prefixes) expect(domain.startsWith(prefix)).toBe(false)
  })

  it("[K7] the same random bytes give the same bundle: nothing else is drawn", async () => {
    const nonce = new Uint8Array(24).fill(3)
    const seal = async (): Promise<Uint8Array> => {
      const scripted = createSealer({ random: scriptedRandom(nonce) })
      return (await scripted.sealBundle({ key, feedSeed, seq: 1, prev: new Uint8Array(32), body })).bytes
    }
    expect(await seal()).toEqual(await seal())
  })
})

describe("epoch keys", () => {
  it("[K14] [K15] tag and commitment are hashes of their own domains, and never the same", () => {
    expect(sealer.epochTag(key)).toEqual(sealer.sha256(framedParts(domains.epochTag, [key])).slice(0, 8))
    expect(sealer.commitment(key)).toEqual(sealer.sha256(framedParts(domains.commitment, [key])))
    expect(sealer.commitment(key).slice(0, 8)).not.toEqual(sealer.epochTag(key))
    expect(() => sealer.epochTag(key.subarray(1))).toThrow()
  })

  it("[K16] combined keys depend on every key, not on order or doubles; one key is itself", () => {
    fc.assert(
      fc.property(fc.array(bytes32, { minLength: 2, maxLength: 4 }), keys => {
        const combined = sealer.combineKeys(keys)
        expect(sealer.combineKeys(keys.toReversed())).toEqual(combined)
        expect(sealer.combineKeys([...keys, ...keys])).toEqual(combined)
        const distinct = new Set(keys.map(bytesToHex))
        if (distinct.size > 1) for (const one of keys) expect(combined).not.toEqual(one)
        if (distinct.size > 2)
          expect(sealer.combineKeys(keys.filter(one => one !== keys[0]))).not.toEqual(combined)
      }),
    )
    expect(sealer.combineKeys([key])).toEqual(key)
    expect(() => sealer.combineKeys([])).toThrow()
  })

  it("[K17] a wrap opens for its recipient and context only, and only whole", () => {
    const secret = random.bytes(32)
    const context = textToBytes("group circle epoch")
    const wrapped = sealer.wrapKey(sealer.agreementKeyOf(secret), context, key)
    expect(wrapped).toHaveLength(80)
    expect(sealer.unwrapKey(secret, context, wrapped)).toEqual(key)
    expect(sealer.unwrapKey(otherKey, context, wrapped)).toBeUndefined()
    expect(sealer.unwrapKey(secret, textToBytes("another"), wrapped)).toBeUndefined()
    // The top bit of an X25519 key does not count (RFC 7748 section 5), but enc enters the shared secret as sent.
    for (let bit = 0; bit < 8 * wrapped.length; bit += 5)
      expect(sealer.unwrapKey(secret, context, flipBit(wrapped, bit)), `bit ${bit}`).toBeUndefined()
    expect(sealer.unwrapKey(secret, context, flipBit(wrapped, 255))).toBeUndefined()
    for (const length of [0, 31, 48, 79])
      expect(sealer.unwrapKey(secret, context, wrapped.slice(0, length))).toBeUndefined()
    expect(sealer.unwrapKey(secret, context, concatBytes(wrapped, Uint8Array.of(0)))).toBeUndefined()
  })

  it("[K18] a recipient key of small order neither stops the rekey nor receives the key", () => {
    const wrapped = sealer.wrapKey(smallOrder, new Uint8Array(0), key)
    expect(wrapped).toEqual(new Uint8Array(80))
    expect(sealer.unwrapKey(otherKey, new Uint8Array(0), wrapped)).toBeUndefined()
  })

  it("[K19] what is sealed under a key opens under that key, domain and context only", () => {
    const context = textToBytes("epoch 2")
    const sealed = sealer.sealUnder("earlier", key, context, body)
    expect(sealed).toHaveLength(24 + body.length + 16)
    expect(sealer.openUnder("earlier", key, context, sealed)).toEqual(body)
    expect(sealer.openUnder("later", key, context, sealed)).toBeUndefined()
    expect(sealer.openUnder("earlier", otherKey, context, sealed)).toBeUndefined()
    expect(sealer.openUnder("earlier", key, textToBytes("epoch 3"), sealed)).toBeUndefined()
    for (let bit = 0; bit < 8 * sealed.length; bit++)
      expect(sealer.openUnder("earlier", key, context, flipBit(sealed, bit))).toBeUndefined()
    expect(sealer.openUnder("earlier", key, context, new Uint8Array(39))).toBeUndefined()
  })
})

describe("bundles", () => {
  it("[K20] a bundle carries tag, feed, seq, prev and nonce in clear and its body nowhere", async () => {
    const bundle = await bundleOf(body)
    expect(bundle.epochTag).toBe(bytesToHex(sealer.epochTag(key)))
    expect(bundle.feed).toBe(bytesToHex(sealer.signingKeyOf(feedSeed)))
    expect(bundle.seq).toBe(7)
    expect(Buffer.from(bundle.bytes).includes("milk")).toBe(false)
    expect(sealer.openBundle(bundle, key)).toEqual(body)
  })

  it("[K20] two bundles of the same body never share a nonce", async () => {
    const [first, second] = [await bundleOf(body), await bundleOf(body)]
    expect(first.nonce).not.toEqual(second.nonce)
    expect(first.ciphertext).not.toEqual(second.ciphertext)
  })

  it("[K22] an array that is filled with another key opens what that key opens, and nothing else", async () => {
    const bundle = await bundleOf(body)
    const array = key.slice()
    expect(sealer.openBundle(bundle, array)).toEqual(body)
    array.set(otherKey)
    expect(sealer.openBundle(bundle, array)).toBeUndefined()
    expect(sealer.epochTag(array)).toEqual(sealer.epochTag(otherKey.slice()))
  })

  it("[K21] the feed's signature and the hash cover header and ciphertext", async () => {
    const bundle = await bundleOf(body)
    const message = signedMessage(
      domains.bundle,
      concatBytes(bundle.header, sealer.sha256(bundle.ciphertext)),
    )
    expect(sealer.bundleHash(bundle)).toEqual(sealer.sha256(message))
    expect(await sealer.verifyBundle(bundle)).toBe(true)
    const other = await sealer.sealBundle({ key, feedSeed: otherKey, seq: 7, prev: new Uint8Array(32), body })
    expect(await sealer.verifyBundle({ ...bundle, signature: other.signature })).toBe(false)
  })

  it("[K22] any flipped bit is refused by the parser, the signature, or both signature and key", async () => {
    const bundle = await bundleOf(body)
    let parsed = 0
    for (let bit = 0; bit < 8 * bundle.bytes.length; bit += 7) {
      const altered = parseBundle(flipBit(bundle.bytes, bit))
      if (!altered.ok) continue
      parsed++
      expect(await sealer.verifyBundle(altered.value), `bit ${bit}`).toBe(false)
      const inSignature = bit >= 8 * (bundle.bytes.length - 64)
      if (!inSignature) expect(sealer.openBundle(altered.value, key), `bit ${bit}`).toBeUndefined()
    }
    expect(parsed).toBeGreaterThan(200)
  })

  it("[K22] another key opens nothing, and re-sealing by another feed shows", async () => {
    const bundle = await bundleOf(body)
    expect(sealer.openBundle(bundle, otherKey)).toBeUndefined()
    const thief = await sealer.sealBundle({ key, feedSeed: otherKey, seq: 7, prev: bundle.prev, body })
    const spliced = { ...bundle, header: thief.header, feed: thief.feed }
    expect(sealer.openBundle(spliced, key)).toBeUndefined()
    expect(await sealer.verifyBundle(spliced)).toBe(false)
  })

  it("[K23] bodies of any length come back, in ciphertexts of Padmé's lengths", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async content => {
        const bundle = await bundleOf(content)
        expect(sealer.openBundle(bundle, key)).toEqual(content)
        expect(bundle.ciphertext).toHaveLength(paddedLength(4 + content.length) + 16)
      }),
      { numRuns: 25 },
    )
  })

  it("[K23] padding has one form: zeros, of Padmé's length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (content, noise) => {
        const padded = pad(content)
        expect(unpad(padded)).toEqual(content)
        expect(unpad(concatBytes(padded, Uint8Array.of(0)))).toBeUndefined()
        if (padded.length > 4 + content.length)
          expect(unpad(flipBit(padded, 8 * padded.length - 1))).toBeUndefined()
        const read = unpad(noise)
        if (read !== undefined) expect(pad(read)).toEqual(noise)
      }),
    )
    expect(unpad(fromHex("ffffffff00"))).toBeUndefined()
  })

  it("[K20] a body too large for a bundle throws before it is sent", async () => {
    await expect(bundleOf(new Uint8Array(limits.bundleBytes))).rejects.toThrow(RangeError)
  })
})

describe("rooms", () => {
  const room = sealer.roomOf(key, "wss://relay.example")

  it("[K25] a room follows from secret and origin, and its id is the key of its seed", () => {
    expect(sealer.roomOf(key, "wss://relay.example")).toEqual(room)
    expect(sealer.roomOf(key, "wss://relay.example:444").id).not.toEqual(room.id)
    expect(sealer.roomOf(otherKey, "wss://relay.example").id).not.toEqual(room.id)
    expect(sealer.signingKeyOf(room.signingSeed)).toEqual(room.id)
    expect(room.outerKey).not.toEqual(room.signingSeed)
  })

  it("[K26] an outer blob shows no feed, opens in its room only, and any flipped bit is refused", async () => {
    const blob = (await bundleOf(body)).bytes
    const sealed = sealer.sealOuter(room, blob)
    expect(sealed).toHaveLength(1 + 24 + paddedLength(4 + blob.length) + 16)
    expect(Buffer.from(sealed).includes(Buffer.from(sealer.signingKeyOf(feedSeed)))).toBe(false)
    expect(sealer.openOuter(room, sealed)).toEqual(blob)
    expect(sealer.openOuter(sealer.roomOf(otherKey, "wss://relay.example"), sealed)).toBeUndefined()
    expect(sealer.openOuter({ ...room, id: otherKey }, sealed)).toBeUndefined()
    for (let bit = 0; bit < 8 * sealed.length; bit += 3)
      expect(sealer.openOuter(room, flipBit(sealed, bit)), `bit ${bit}`).toBeUndefined()
    for (let length = 0; length < 60; length++)
      expect(sealer.openOuter(room, sealed.slice(0, length))).toBeUndefined()
  })

  it("[K27] both sides of a pair get one secret, bound to the context", () => {
    fc.assert(
      fc.property(bytes32, bytes32, fc.uint8Array({ maxLength: 8 }), (alice, box, context) => {
        const atAlice = sealer.pairwiseSecret(alice, sealer.agreementKeyOf(box), context)
        expect(sealer.pairwiseSecret(box, sealer.agreementKeyOf(alice), context)).toEqual(atAlice)
        const elsewhere = concatBytes(context, Uint8Array.of(1))
        expect(sealer.pairwiseSecret(alice, sealer.agreementKeyOf(box), elsewhere)).not.toEqual(atAlice)
      }),
      { numRuns: 10 },
    )
  })

  it("[K28] with a peer key of small order the pair's secret is one that strangers cannot compute", () => {
    const secrets = [key, otherKey].map(own => sealer.pairwiseSecret(own, smallOrder, body))
    expect(compareBytes(secrets[0] ?? key, secrets[1] ?? key)).not.toBe(0)
  })
})

describe("foreign bytes", () => {
  it("[K22] [K26] openers take anything without throwing", () => {
    const noise: Random = seededRandom("noise")
    const room = sealer.roomOf(key, "x")
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
        expect(sealer.openOuter(room, bytes)).toBeUndefined()
        expect(sealer.openUnder("d", key, noise.bytes(4), bytes)).toBeUndefined()
        expect(sealer.unwrapKey(key, noise.bytes(4), bytes)).toBeUndefined()
        const bundle = parseBundle(bytes)
        if (bundle.ok) expect(sealer.openBundle(bundle.value, key)).toBeUndefined()
      }),
    )
  })
})
