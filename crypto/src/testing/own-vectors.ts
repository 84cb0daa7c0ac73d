import { bytesToHex, textToBytes } from "@home/shared/base"
import type { CircleId, FeedId, GroupId, IncarnationId, MemberId } from "@home/shared/base"
import { admissionMessage } from "@home/shared/access"
import {
  certifyContact,
  contactIdOf,
  contactStatement,
  safetyNumber,
  signContactCard,
} from "@home/shared/wire"
import { floorCost } from "../argon2.js"
import { signCertificate } from "../certificate.js"
import { createDeviceIdentity, encodeIdentity, signAdmission } from "../identity.js"
import { NoiseHandshake } from "../noise/handshake.js"
import { type Pattern, patternIk, patternXxPsk3 } from "../noise/pattern.js"
import type { Primitives } from "../primitives.js"
import { recoveryIdentity, recoveryPhrase } from "../recovery.js"
import { createSealer } from "../sealer.js"
import { shortCode } from "../short-code.js"
import { createStorageSeal } from "../storage-seal.js"
import { createVault } from "../vault.js"
import { scriptedRandom } from "./bytes.js"

// The project's own vectors, for an implementation in another language: every input in hex, the random bytes in
// the order in which they are drawn, every output. Sealing is deterministic once the random bytes are given.

type Json = string | number | readonly Json[] | { readonly [key: string]: Json }
export interface VectorFile {
  readonly file: string
  readonly rules: readonly string[]
  readonly cases: readonly { readonly name: string; readonly input: Json; readonly output: Json }[]
}

/** Counting bytes: told apart at sight, and secret to nobody. */
const run = (first: number, length = 32): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (first + i) & 0xff)
const hex = bytesToHex
const sealerWith = (
  primitives: Primitives,
  ...draws: readonly Uint8Array[]
): ReturnType<typeof createSealer> => createSealer({ primitives, random: scriptedRandom(...draws) })

const epochKey = run(0x00)
const otherKey = run(0x40)
const feedSeed = run(0x80)
const nonce = run(0xa0, 24)
const ephemeral = run(0xc0)
const context = textToBytes("context")
const group = hex(run(0x10)) as GroupId
const member = hex(run(0x20, 16)) as MemberId
const circle = hex(run(0x30, 16)) as CircleId
const incarnation = hex(run(0x50, 16)) as IncarnationId

const framing = async (primitives: Primitives): Promise<VectorFile> => {
  const sealer = sealerWith(primitives)
  const parts = [run(1, 3), new Uint8Array(0), run(9, 5)]
  const message = textToBytes("message")
  return {
    file: "framing.json",
    rules: ["K10", "K11"],
    cases: [
      {
        name: "hash",
        input: { domain: "device", parts: parts.map(hex) },
        output: { hash: hex(sealer.hash("device", ...parts)) },
      },
      {
        name: "hash without parts",
        input: { domain: "device", parts: [] },
        output: { hash: hex(sealer.hash("device")) },
      },
      {
        name: "sign",
        input: { domain: "operation", seed: hex(feedSeed), message: hex(message) },
        output: {
          publicKey: hex(sealer.signingKeyOf(feedSeed)),
          signature: hex(await sealer.sign("operation", feedSeed, message)),
        },
      },
    ],
  }
}

const epoch = (primitives: Primitives): VectorFile => {
  const sealer = sealerWith(primitives)
  const recipient = sealer.agreementKeyOf(otherKey)
  return {
    file: "epoch.json",
    rules: ["K14", "K15", "K16", "K17", "K18", "K19"],
    cases: [
      {
        name: "tag and commitment",
        input: { key: hex(epochKey) },
        output: { tag: hex(sealer.epochTag(epochKey)), commitment: hex(sealer.commitment(epochKey)) },
      },
      {
        name: "combine two",
        input: { keys: [hex(otherKey), hex(epochKey)] },
        output: { key: hex(sealer.combineKeys([otherKey, epochKey])) },
      },
      {
        name: "combine three",
        input: { keys: [feedSeed, otherKey, epochKey].map(hex) },
        output: { key: hex(sealer.combineKeys([feedSeed, otherKey, epochKey])) },
      },
      {
        name: "wrap",
        input: {
          random: [hex(ephemeral)],
          recipientSecret: hex(otherKey),
          recipient: hex(recipient),
          context: hex(context),
          key: hex(epochKey),
        },
        output: { wrapped: hex(sealerWith(primitives, ephemeral).wrapKey(recipient, context, epochKey)) },
      },
      {
        name: "wrap to a key of small order",
        input: {
          random: [hex(ephemeral)],
          recipient: hex(new Uint8Array(32)),
          context: hex(context),
          key: hex(epochKey),
        },
        output: {
          wrapped: hex(sealerWith(primitives, ephemeral).wrapKey(new Uint8Array(32), context, epochKey)),
        },
      },
      {
        name: "seal under",
        input: {
          random: [hex(nonce)],
          domain: "earlier",
          key: hex(epochKey),
          context: hex(context),
          plaintext: hex(otherKey),
        },
        output: {
          sealed: hex(sealerWith(primitives, nonce).sealUnder("earlier", epochKey, context, otherKey)),
        },
      },
    ],
  }
}

const bundle = async (primitives: Primitives): Promise<VectorFile> => {
  const prev = run(0xe0)
  const bodies = [new Uint8Array(0), textToBytes("milk, bread, 2.40"), run(0, 300)]
  const cases = await Promise.all(
    bodies.map(async body => {
      const sealer = sealerWith(primitives, nonce)
      const sealed = await sealer.sealBundle({ key: epochKey, feedSeed, seq: 4_294_967_298, prev, body })
      return {
        name: `body of ${body.length} bytes`,
        input: {
          random: [hex(nonce)],
          key: hex(epochKey),
          feedSeed: hex(feedSeed),
          seq: 4_294_967_298,
          prev: hex(prev),
          body: hex(body),
        },
        output: { bundle: hex(sealed.bytes), hash: hex(sealer.bundleHash(sealed)) },
      }
    }),
  )
  return { file: "bundle.json", rules: ["K20", "K21", "K22", "K23"], cases }
}

const room = (primitives: Primitives): VectorFile => {
  const origin = "wss://relay.example"
  const keys = sealerWith(primitives).roomOf(epochKey, origin)
  const blob = textToBytes("a bundle as it is stored")
  const peer = primitives.x25519PublicKey(otherKey)
  return {
    file: "room.json",
    rules: ["K25", "K26", "K27", "K28"],
    cases: [
      {
        name: "room",
        input: { secret: hex(epochKey), origin },
        output: { id: hex(keys.id), signingSeed: hex(keys.signingSeed), outerKey: hex(keys.outerKey) },
      },
      {
        name: "outer blob",
        input: { random: [hex(nonce)], secret: hex(epochKey), origin, blob: hex(blob) },
        output: { sealed: hex(sealerWith(primitives, nonce).sealOuter(keys, blob)) },
      },
      {
        name: "pair",
        input: { secret: hex(epochKey), peerSecret: hex(otherKey), peer: hex(peer), context: hex(context) },
        output: { secret: hex(sealerWith(primitives).pairwiseSecret(epochKey, peer, context)) },
      },
      {
        name: "pair with a key of small order",
        input: { secret: hex(epochKey), peer: hex(new Uint8Array(32)), context: hex(context) },
        output: { secret: hex(sealerWith(primitives).pairwiseSecret(epochKey, new Uint8Array(32), context)) },
      },
    ],
  }
}

const identity = async (primitives: Primitives): Promise<VectorFile> => {
  const draws = [run(0x01), run(0x41), run(0x81)]
  const device = createDeviceIdentity(scriptedRandom(...draws), primitives)
  const sealer = sealerWith(primitives)
  const seed = run(0xc1)
  const feed = hex(sealer.signingKeyOf(seed)) as FeedId
  return {
    file: "identity.json",
    rules: ["K30", "K31", "K32", "K34"],
    cases: [
      {
        name: "device",
        input: { random: draws.map(hex) },
        output: {
          id: device.id,
          signing: hex(device.keys.signing),
          wrap: hex(device.keys.wrap),
          link: hex(device.keys.link),
          stored: hex(encodeIdentity(device)),
        },
      },
      {
        name: "admission",
        input: { random: draws.map(hex), group, member },
        output: {
          message: hex(admissionMessage(group, member, device.keys)),
          proof: hex(await signAdmission(sealer, device, group, member)),
        },
      },
      {
        name: "certificate of a circle's feed",
        input: { random: draws.map(hex), group, circle, incarnation, feedSeed: hex(seed) },
        output: {
          feed,
          certificate: hex(await signCertificate(sealer, device, { group, circle, incarnation, feed })),
        },
      },
      {
        name: "certificate of the log's feed",
        input: { random: draws.map(hex), group, incarnation, feed },
        output: {
          certificate: hex(
            await signCertificate(sealer, device, { group, circle: undefined, incarnation, feed }),
          ),
        },
      },
    ],
  }
}

const vault = async (primitives: Primitives): Promise<VectorFile> => {
  const [masterKey, salt, second, key] = [run(0x07), run(0x17, 16), run(0xb0, 24), run(0x77)]
  const draws = [masterKey, salt, nonce, second]
  const passphrase = "correct horse caf\u00e9"
  const made = await createVault({ primitives, random: scriptedRandom(...draws), cost: floorCost }, [
    { type: "Passphrase", passphrase },
    { type: "KeyFile", key },
  ])
  return {
    file: "vault.json",
    rules: ["K45", "K46", "K48"],
    cases: [
      {
        name: "passphrase and key file",
        input: { random: draws.map(hex), passphrase, cost: { ...floorCost }, keyFile: hex(key) },
        output: { masterKey: hex(made.masterKey), vault: hex(made.vault) },
      },
    ],
  }
}

const storage = (primitives: Primitives): VectorFile => {
  const seal = createStorageSeal({ primitives, masterKey: epochKey, random: scriptedRandom(nonce) })
  const key = ["document", "\u8d26\u672c", ""]
  const value = textToBytes("value")
  return {
    file: "storage.json",
    rules: ["K50", "K51", "K52"],
    cases: [
      {
        name: "stored value",
        input: { random: [hex(nonce)], masterKey: hex(epochKey), key, value: hex(value) },
        output: { hidden: seal.hide(key), sealed: hex(seal.seal(key, value)) },
      },
    ],
  }
}

const recovery = (primitives: Primitives): VectorFile => {
  const made = recoveryIdentity(epochKey, primitives)
  return {
    file: "recovery.json",
    rules: ["K55", "K57"],
    cases: [
      {
        name: "phrase",
        input: { entropy: hex(epochKey) },
        output: {
          phrase: recoveryPhrase(epochKey),
          signingSeed: hex(made.secrets.signing),
          wrapSecret: hex(made.secrets.wrap),
          signing: hex(made.keys.signing),
          wrap: hex(made.keys.wrap),
        },
      },
    ],
  }
}

/** A family's card and the number that two families compare (shared/wire W80 to W85). */
const contact = async (primitives: Primitives): Promise<VectorFile> => {
  const sealer = sealerWith(primitives)
  const identityOf = (entropy: Uint8Array, family: GroupId) => {
    const made = recoveryIdentity(entropy, primitives)
    const seed = sealer.hash("contact seed", made.secrets.signing)
    const secrets = {
      signing: sealer.hash("contact signing", seed),
      agreement: sealer.hash("contact agreement", seed),
    }
    const keys = {
      signing: sealer.signingKeyOf(secrets.signing),
      agreement: sealer.agreementKeyOf(secrets.agreement),
    }
    return { made, seed, secrets, identity: { group: family, recovery: made.keys.signing, keys } }
  }
  const own = identityOf(epochKey, group)
  const other = identityOf(otherKey, hex(run(0x90)) as GroupId)
  const certificate = await certifyContact(sealer, own.made.secrets.signing, own.identity)
  const hints = { issuedMs: 1_770_000_000_000, name: "Muster", relays: ["wss://relay.example.org"] }
  const card = await signContactCard(sealer, own.secrets.signing, { ...own.identity, ...hints, certificate })
  return {
    file: "contact.json",
    rules: ["W80", "W82", "W83", "W84", "W85"],
    cases: [
      {
        name: "card",
        input: { entropy: hex(epochKey), group, ...hints },
        output: {
          seed: hex(own.seed),
          signingSeed: hex(own.secrets.signing),
          agreementSecret: hex(own.secrets.agreement),
          statement: hex(contactStatement(own.identity)),
          contact: contactIdOf(sealer, own.identity),
          card: hex(card),
        },
      },
      {
        name: "safety number",
        input: {
          statements: [hex(contactStatement(own.identity)), hex(contactStatement(other.identity))],
        },
        output: { safetyNumber: safetyNumber(sealer, own.identity, other.identity) },
      },
    ],
  }
}

const noiseCase = (primitives: Primitives, pattern: Pattern): VectorFile["cases"][0] => {
  const [initiatorStatic, responderStatic, psk] = [run(0x02), run(0x42), run(0x82)]
  const [first, second] = [run(0x22), run(0x62)]
  const prologue = textToBytes("home link 1")
  const withPsk = pattern.messages.flat().includes("psk") ? { psk } : {}
  const remote = pattern.known.responder ? { remoteStatic: primitives.x25519PublicKey(responderStatic) } : {}
  const base = { primitives, pattern, prologue, ...withPsk }
  const initiator = new NoiseHandshake({
    ...base,
    ...remote,
    role: "initiator",
    random: scriptedRandom(first),
    staticSecret: initiatorStatic,
  })
  const responder = new NoiseHandshake({
    ...base,
    role: "responder",
    random: scriptedRandom(second),
    staticSecret: responderStatic,
  })
  const messages = pattern.messages.map((_, i) => {
    const [writer, reader] = i % 2 === 0 ? [initiator, responder] : [responder, initiator]
    const payload = textToBytes(`payload ${i + 1}`)
    const message = writer.write(payload)
    if (!message.ok || !reader.read(message.value).ok) throw new Error("the handshake failed")
    return { payload: hex(payload), message: hex(message.value) }
  })
  const sender = initiator.transport()
  const sealed = (): string => {
    const message = sender.seal(textToBytes("transport"))
    if (!message.ok) throw new Error("not sealed")
    return hex(message.value)
  }
  const before = sealed()
  sender.rekeySending()
  return {
    name: `Noise_${pattern.name}_25519_ChaChaPoly_SHA256`,
    input: {
      prologue: hex(prologue),
      initiator: { static: hex(initiatorStatic), ephemeral: hex(first) },
      responder: { static: hex(responderStatic), ephemeral: hex(second) },
      ...("psk" in withPsk ? { psk: hex(psk) } : {}),
      payloads: messages.map(({ payload }) => payload),
      transport: hex(textToBytes("transport")),
    },
    output: {
      messages: messages.map(({ message }) => message),
      handshakeHash: hex(sender.handshakeHash),
      shortCode: shortCode(sender.handshakeHash),
      shortCodeWithContributions: shortCode(sender.handshakeHash, [first, second]),
      initiatorSends: [before, sealed()],
    },
  }
}

const noise = (primitives: Primitives): VectorFile => ({
  file: "noise.json",
  rules: ["K60", "K63", "K64", "K66"],
  cases: [noiseCase(primitives, patternIk), noiseCase(primitives, patternXxPsk3)],
})

/** Every implementation of the primitives gives the same. */
export const ownVectors = async (primitives: Primitives): Promise<readonly VectorFile[]> => [
  await framing(primitives),
  epoch(primitives),
  await bundle(primitives),
  room(primitives),
  await identity(primitives),
  await vault(primitives),
  storage(primitives),
  recovery(primitives),
  await contact(primitives),
  noise(primitives),
]
