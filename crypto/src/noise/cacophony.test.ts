import { bytesToHex } from "@home/shared/base"
import { describe, expect, it } from "vitest"
import { fromHex, scriptedRandom } from "../testing/bytes.js"
import { readSample, report } from "../testing/samples.js"
import { noble } from "../noble/all.js"
import { NoiseHandshake } from "./handshake.js"
import { type Pattern, type Token, patternIk, patternXxPsk3 } from "./pattern.js"

interface Vector {
  readonly protocol_name: string
  readonly init_prologue: string
  readonly init_static?: string
  readonly init_ephemeral?: string
  readonly init_remote_static?: string
  readonly init_psks?: readonly string[]
  readonly resp_prologue: string
  readonly resp_static?: string
  readonly resp_ephemeral?: string
  readonly resp_remote_static?: string
  readonly resp_psks?: readonly string[]
  readonly handshake_hash: string
  readonly messages: readonly { readonly payload: string; readonly ciphertext: string }[]
}

/** Noise section 7.4, 7.5 and 18.1 as they are printed: known keys of initiator and responder, then messages. */
const patternLines: Readonly<Record<string, string>> = {
  N: "-s|e es",
  K: "ss|e es ss",
  X: "-s|e es s ss",
  NN: "--|e|e ee",
  NK: "-s|e es|e ee",
  NX: "--|e|e ee s es",
  KN: "s-|e|e ee se",
  KK: "ss|e es ss|e ee se",
  KX: "s-|e|e ee se s es",
  XN: "--|e|e ee|s se",
  XK: "-s|e es|e ee|s se",
  XX: "--|e|e ee s es|s se",
  IN: "--|e s|e ee se",
  IK: "-s|e es s ss|e ee se",
  IX: "--|e s|e ee se s es",
  NK1: "-s|e|e ee es",
  NX1: "--|e|e ee s|es",
  X1N: "--|e|e ee|s|se",
  X1K: "-s|e es|e ee|s|se",
  XK1: "-s|e|e ee es|s se",
  X1K1: "-s|e|e ee es|s|se",
  X1X: "--|e|e ee s es|s|se",
  XX1: "--|e|e ee s|es s se",
  X1X1: "--|e|e ee s|es s|se",
  K1N: "s-|e|e ee|se",
  K1K: "ss|e es|e ee|se",
  KK1: "ss|e|e ee se es",
  K1K1: "ss|e|e ee es|se",
  K1X: "s-|e|e ee s es|se",
  KX1: "s-|e|e ee se s|es",
  K1X1: "s-|e|e ee s|se es",
  I1N: "--|e s|e ee|se",
  I1K: "-s|e es s|e ee|se",
  IK1: "-s|e s|e ee se es",
  I1K1: "-s|e s|e ee es|se",
  I1X: "--|e s|e ee s es|se",
  IX1: "--|e s|e ee se s|es",
  I1X1: "--|e s|e ee s|se es",
}

/** Section 9.4: `psk0` stands before the first message's tokens, `pskN` behind those of message N. */
const patternOf = (name: string): Pattern | undefined => {
  const [, base = "", psk] = /^([A-Z0-9]+?)(?:psk(\d))?$/.exec(name) ?? []
  const [known = "", ...lines] = patternLines[base]?.split("|") ?? []
  if (lines.length === 0) return undefined
  const messages = lines.map(line => line.split(" ") as Token[])
  if (psk === "0") messages[0]?.unshift("psk")
  else if (psk !== undefined) messages[Number(psk) - 1]?.push("psk")
  return { name, known: { initiator: known[0] === "s", responder: known[1] === "s" }, messages }
}

const key = (hex: string | undefined): Uint8Array | undefined =>
  hex === undefined ? undefined : fromHex(hex)

const handshakeOf = (vector: Vector, pattern: Pattern, role: "initiator" | "responder"): NoiseHandshake => {
  const side = role === "initiator" ? "init" : "resp"
  const staticSecret = key(vector[`${side}_static`])
  const remoteStatic = key(vector[`${side}_remote_static`])
  const psk = key(vector[`${side}_psks`]?.[0])
  const ephemeral = key(vector[`${side}_ephemeral`])
  return new NoiseHandshake({
    pattern,
    role,
    prologue: fromHex(vector[`${side}_prologue`]),
    random: scriptedRandom(...(ephemeral === undefined ? [] : [ephemeral])),
    ...(staticSecret && { staticSecret }),
    ...(remoteStatic && pattern.known[role === "initiator" ? "responder" : "initiator"] && { remoteStatic }),
    ...(psk && { psk }),
  })
}

const value = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

const play = (vector: Vector, pattern: Pattern): void => {
  const initiator = handshakeOf(vector, pattern, "initiator")
  const responder = handshakeOf(vector, pattern, "responder")
  const handshakes = pattern.messages.length
  vector.messages.slice(0, handshakes).forEach((message, i) => {
    const [writer, reader] = i % 2 === 0 ? [initiator, responder] : [responder, initiator]
    expect(bytesToHex(value(writer.write(fromHex(message.payload))))).toBe(message.ciphertext)
    expect(bytesToHex(value(reader.read(fromHex(message.ciphertext))))).toBe(message.payload)
  })
  const [first, second] = [initiator.transport(), responder.transport()]
  expect(bytesToHex(first.handshakeHash)).toBe(vector.handshake_hash)
  expect(second.handshakeHash).toEqual(first.handshakeHash)
  // One-way patterns (section 7.4) go on from the initiator; the others take turns.
  const oneWay = handshakes === 1
  vector.messages.slice(handshakes).forEach((message, i) => {
    const initiates = oneWay || (handshakes + i) % 2 === 0
    const [sender, receiver] = initiates ? [first, second] : [second, first]
    expect(bytesToHex(value(sender.seal(fromHex(message.payload))))).toBe(message.ciphertext)
    expect(bytesToHex(value(receiver.open(fromHex(message.ciphertext))))).toBe(message.payload)
  })
}

/** cacophony, two vectors in full, so that a clone without the samples proves something. */
const literals: readonly { readonly pattern: Pattern; readonly vector: Vector }[] = [
  {
    pattern: patternIk,
    vector: {
      protocol_name: "Noise_IK_25519_ChaChaPoly_SHA256",
      init_prologue: "4a6f686e2047616c74",
      init_static: "e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1",
      init_ephemeral: "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a",
      init_remote_static: "31e0303fd6418d2f8c0e78b91f22e8caed0fbe48656dcf4767e4834f701b8f62",
      resp_prologue: "4a6f686e2047616c74",
      resp_static: "4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893",
      resp_ephemeral: "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b",
      handshake_hash: "0b0f68fb0c27e03ce9b97565995ed4838cc0581b762ef72b062f6a546419fad7",
      messages: [
        {
          payload: "4c756477696720766f6e204d69736573",
          ciphertext:
            "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944718da798efbcd91528520204f904b9bd6c7413dccdc214d951e15253e39987f18146e8cd0873654207148333479d4d16c289f0294b29960a72f48e0b7bba2e89083169825e59642148d492020664ccf7",
        },
        {
          payload: "4d757272617920526f746862617264",
          ciphertext:
            "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f1448088435361e70b2ed446e6c9ec387d1d6b3b840f194e373979d241b203c4acafccf5",
        },
        {
          payload: "462e20412e20486179656b",
          ciphertext: "050e9f3c8fac16b68dbce8f8c4bfbf6617c897f9ada4aa29aa19c8",
        },
        {
          payload: "4361726c204d656e676572",
          ciphertext: "344233a6cabb7141d80f3da2fedc311d9646bbb0f505afe403a667",
        },
        {
          payload: "4a65616e2d426170746973746520536179",
          ciphertext: "62cdeeb172ad7ade7aa7d9e069da5790f12331bfa00177787a1d0810c67dc3b2b4",
        },
        {
          payload: "457567656e2042f6686d20766f6e2042617765726b",
          ciphertext: "029bead1b40992327044d409d9a1f3ad8f36c3c452775d557e18bbeb2e8dfcead32d514024",
        },
      ],
    },
  },
  {
    pattern: patternXxPsk3,
    vector: {
      protocol_name: "Noise_XXpsk3_25519_ChaChaPoly_SHA256",
      init_prologue: "4a6f686e2047616c74",
      init_psks: ["54686973206973206d7920417573747269616e20706572737065637469766521"],
      init_static: "e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1",
      init_ephemeral: "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a",
      resp_prologue: "4a6f686e2047616c74",
      resp_psks: ["54686973206973206d7920417573747269616e20706572737065637469766521"],
      resp_static: "4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893",
      resp_ephemeral: "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b",
      handshake_hash: "a477edf6a131bbdb54707f6ea30eab6cd935d9b560f0e5fd1f053a95a99669fb",
      messages: [
        {
          payload: "4c756477696720766f6e204d69736573",
          ciphertext:
            "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944c9f5ff0e8079630cb7e270c20bbf480821b77a384a645c71a2fd9b3db1c16a5f",
        },
        {
          payload: "4d757272617920526f746862617264",
          ciphertext:
            "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f144808843b123def17f71e6ae8e57e0e1dec5949c5f7415c6f33517398747d821a06dc23ad430aa1fd7381d46195c378a819fd574425462cbb2d4ca339e738a0b7001dc91423fbf55a99af0c6f1df21012ceb2f",
        },
        {
          payload: "462e20412e20486179656b",
          ciphertext:
            "52187316111b118d4c060364f7b975dc0809b2590779aff2d63113c564f11744493384db7bf32d5ae6686df6ab06d508d2e07caaf1d6afc010b978735fc78900e71ae1d314130d042e729a",
        },
        {
          payload: "4361726c204d656e676572",
          ciphertext: "eaedc672d4c21e0e2955758756fb98f194c4e90d5deb5b6cf30b27",
        },
        {
          payload: "4a65616e2d426170746973746520536179",
          ciphertext: "522d543c5fe799d09a3d9da7ff54d0dc03c8af1dc7751d2ff708339d2290943e98",
        },
        {
          payload: "457567656e2042f6686d20766f6e2042617765726b",
          ciphertext: "7d4e2c3873eef6a213b04e72f9df60a91666072d3544c5d96c34a09e2329b5030bee796741",
        },
      ],
    },
  },
]

describe("noise vectors", () => {
  for (const { pattern, vector } of literals)
    it(`[K60] ${vector.protocol_name}: handshake, hash and transport`, () => {
      play(vector, pattern)
    })

  const sample = readSample<{ readonly vectors: readonly Vector[] }>("noise-cacophony.txt")
  it.skipIf(sample === undefined)("[K60] cacophony: every pattern of the suite", () => {
    const suite = /^Noise_(\w+)_25519_ChaChaPoly_SHA256$/
    let passed = 0
    const names = new Set<string>()
    for (const vector of sample?.vectors ?? []) {
      const name = suite.exec(vector.protocol_name)?.[1]
      if (name === undefined) continue
      const pattern = patternOf(name)
      if (pattern === undefined) throw new Error(`no pattern ${name}`)
      play(vector, pattern)
      names.add(name)
      passed++
    }
    for (const name of ["NN", "KK", "IK", "XX", "XXpsk3", "IKpsk2", "NNpsk0", "KKpsk2"])
      expect(names).toContain(name)
    expect(patternOf("IK")).toEqual(patternIk)
    expect(patternOf("XXpsk3")).toEqual(patternXxPsk3)
    report("noise/cacophony", passed)
  })

  it("[K60] the suite's public keys in the vectors are those of the secrets", () => {
    const { vector } = literals[0] as (typeof literals)[0]
    expect(bytesToHex(noble.x25519PublicKey(fromHex(vector.resp_static ?? "")))).toBe(
      vector.init_remote_static,
    )
  })
})
