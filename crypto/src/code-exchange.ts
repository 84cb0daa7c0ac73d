import { ByteReader, ByteWriter, type Random, equalBytes, textToBytes } from "@home/shared/base"
import { type CpaceOptions, startCpace } from "./cpace.js"
import { domains, framedParts } from "./domain.js"
import { deriveKey } from "./key.js"
import { noble } from "./noble/all.js"
import { nobleRistretto } from "./noble/ristretto.js"
import { openUnder, sealUnder } from "./seal-under.js"
import type { SpokenCode } from "./spoken-code.js"

const sessionBytes = 16
const shareBytes = 32
const proofBytes = 32
const kinds = { Begin: 1, Answer: 2, Prove: 3, Give: 4, Refuse: 5 } as const

/** What is said next, if anything, and what it has come to. */
export interface HostStep {
  readonly send: Uint8Array
  /** `Burnt`: somebody tried another code. `Given`: the payload is on its way to who knew the words. */
  readonly outcome?: "Given" | "Burnt"
}
export interface NewcomerStep {
  readonly send?: Uint8Array
  readonly outcome?: { readonly type: "Opened"; readonly payload: Uint8Array } | { readonly type: "Refused" }
}

/** A message may come twice, or be another's: both sides answer what they know again and pass over the rest. */
export interface CodeHost {
  take(message: Uint8Array): HostStep | undefined
}
export interface CodeNewcomer {
  /** What is to be said until an answer comes. */
  readonly begin: Uint8Array
  take(message: Uint8Array): NewcomerStep | undefined
}

interface Keys {
  readonly proof: Uint8Array
  readonly payload: Uint8Array
}

const keysOf = (sessionKey: Uint8Array): Keys => {
  const key = noble.hkdfExtract(new Uint8Array(0), sessionKey)
  return {
    proof: deriveKey(noble, key, domains.codeProof),
    payload: deriveKey(noble, key, domains.codePayload),
  }
}

const cpace = (
  role: CpaceOptions["role"],
  { nameplate, words }: SpokenCode,
  session: Uint8Array,
  random: Random,
) =>
  startCpace({
    role,
    password: textToBytes(words.join(" ")),
    channel: framedParts(domains.code, [textToBytes(nameplate)]),
    session,
    group: nobleRistretto,
    random,
  })

/** `kind u8 | session 16 | content`; the content of Begin and Answer is a share, of Prove 32 bytes, of Give sealed. */
const messageOf = (kind: number, session: Uint8Array, content: Uint8Array = new Uint8Array(0)): Uint8Array =>
  new ByteWriter().u8(kind).bytes(session).bytes(content).done()

const parseMessage = (
  bytes: Uint8Array,
): { readonly kind: number; readonly session: Uint8Array; readonly content: Uint8Array } | undefined => {
  if (bytes.length < 1 + sessionBytes) return undefined
  const reader = new ByteReader(bytes)
  const kind = reader.u8()
  const session = reader.bytes(sessionBytes).slice()
  return { kind, session, content: bytes.slice(1 + sessionBytes) }
}

/** The words over both shares: only who computed the same key can say them, and only in this exchange. */
const proofOf = (keys: Keys, begin: Uint8Array, answer: Uint8Array): Uint8Array =>
  noble.hmacSha256(keys.proof, framedParts(domains.codeProof, [begin, answer]))

/**
 * Who shows a code. The first who begins has the one attempt: a wrong proof burns the code, a right one gets the
 * payload, and nobody else is answered (SPEC.md K91-K94).
 */
export const hostCode = (random: Random, code: SpokenCode, payload: Uint8Array): CodeHost => {
  let open: { readonly begin: Uint8Array; readonly answer: Uint8Array; readonly keys: Keys } | undefined
  let end: { readonly proof: Uint8Array; readonly step: HostStep } | undefined

  const begin = (message: Uint8Array, session: Uint8Array, share: Uint8Array): HostStep | undefined => {
    if (open !== undefined) return equalBytes(open.begin, message) ? { send: open.answer } : undefined
    if (share.length !== shareBytes) return undefined
    const own = cpace("responder", code, session, random)
    const key = own.finish(share)
    // No element of the group: this is nobody who tries words, and costs no attempt.
    if (key === undefined) return undefined
    const answer = messageOf(kinds.Answer, session, own.share)
    open = { begin: message.slice(), answer, keys: keysOf(key) }
    return { send: answer }
  }
  const prove = (session: Uint8Array, proof: Uint8Array): HostStep | undefined => {
    if (open === undefined || !equalBytes(session, open.begin.subarray(1, 1 + sessionBytes))) return undefined
    if (end !== undefined) return equalBytes(end.proof, proof) ? end.step : undefined
    const isRight =
      proof.length === proofBytes && equalBytes(proof, proofOf(open.keys, open.begin, open.answer))
    const step: HostStep = isRight
      ? {
          send: messageOf(
            kinds.Give,
            session,
            sealUnder(
              { primitives: noble, random },
              domains.codePayload,
              open.keys.payload,
              session,
              payload,
            ),
          ),
          outcome: "Given",
        }
      : { send: messageOf(kinds.Refuse, session), outcome: "Burnt" }
    end = { proof: proof.slice(), step }
    return step
  }

  return {
    take: message => {
      const parsed = parseMessage(message)
      if (parsed === undefined) return undefined
      if (parsed.kind === kinds.Begin) return begin(message, parsed.session, parsed.content)
      if (parsed.kind === kinds.Prove) return prove(parsed.session, parsed.content)
      return undefined
    },
  }
}

/** Who typed a code: proves the words, and opens what the other gives for it. */
export const enterCode = (random: Random, code: SpokenCode): CodeNewcomer => {
  const session = random.bytes(sessionBytes)
  const own = cpace("initiator", code, session, random)
  const begin = messageOf(kinds.Begin, session, own.share)
  let keys: Keys | undefined
  let proving: Uint8Array | undefined
  let isOver = false
  const over = (outcome: NonNullable<NewcomerStep["outcome"]>): NewcomerStep => {
    isOver = true
    return { outcome }
  }
  return {
    begin,
    take: message => {
      const parsed = parseMessage(message)
      if (parsed === undefined || isOver || !equalBytes(parsed.session, session)) return undefined
      if (parsed.kind === kinds.Answer) {
        if (proving !== undefined) return { send: proving }
        const key = parsed.content.length === shareBytes ? own.finish(parsed.content) : undefined
        if (key === undefined) return over({ type: "Refused" })
        keys = keysOf(key)
        proving = messageOf(kinds.Prove, session, proofOf(keys, begin, message))
        return { send: proving }
      }
      if (parsed.kind === kinds.Refuse) return over({ type: "Refused" })
      if (parsed.kind !== kinds.Give || keys === undefined) return undefined
      const payload = openUnder(noble, domains.codePayload, keys.payload, session, parsed.content)
      return over(payload === undefined ? { type: "Refused" } : { type: "Opened", payload })
    },
  }
}
