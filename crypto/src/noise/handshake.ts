import { type Random, type Result, concatBytes, err, ok } from "@home/shared/base"
import { checkKey, keyBytes, tagBytes } from "../key.js"
import { noble } from "../noble/all.js"
import type { Primitives } from "../primitives.js"
import type { Pattern, Token } from "./pattern.js"
import { SymmetricState } from "./symmetric.js"
import { type NoiseError, NoiseTransport, maxMessageBytes } from "./transport.js"

export interface HandshakeOptions {
  readonly pattern: Pattern
  readonly role: "initiator" | "responder"
  /** Both sides must have the same bytes: version, origin, roles. */
  readonly prologue: Uint8Array
  readonly random: Random
  /** X25519 secret of the own link key, where the pattern has one. */
  readonly staticSecret?: Uint8Array
  /** The other side's link key, where the pattern has it known beforehand. */
  readonly remoteStatic?: Uint8Array
  /** 32 bytes, for patterns with psk. */
  readonly psk?: Uint8Array
  readonly primitives?: Primitives
}

/**
 * Noise revision 34, section 5.3, HandshakeState with suite 25519_ChaChaPoly_SHA256. Write and read take turns;
 * when `finished`, `transport()` gives the channel. Any error aborts for good. A payload of message 1 of IK can
 * be replayed by anybody who saw it: nothing may act on it (section 7.7).
 */
export class NoiseHandshake {
  readonly #options: HandshakeOptions
  readonly #primitives: Primitives
  readonly #symmetric: SymmetricState
  #ephemeralSecret: Uint8Array | undefined
  #remoteEphemeral: Uint8Array | undefined
  #remoteStatic: Uint8Array | undefined
  #nextMessage = 0
  #aborted = false

  /** Throws when the options lack a key that the pattern needs: a bug of the caller. */
  constructor(options: HandshakeOptions) {
    const { pattern, role, primitives = noble } = options
    this.#options = options
    this.#primitives = primitives
    this.#remoteStatic = options.remoteStatic
    this.#symmetric = new SymmetricState(primitives, `Noise_${pattern.name}_25519_ChaChaPoly_SHA256`)
    this.#symmetric.mixHash(options.prologue)
    // Initialize: static keys known beforehand enter the hash, the initiator's first.
    for (const owner of ["initiator", "responder"] as const)
      if (pattern.known[owner])
        this.#symmetric.mixHash(owner === role ? this.#ownStatic() : requireKey(options.remoteStatic))
  }

  get finished(): boolean {
    return this.#nextMessage === this.#options.pattern.messages.length
  }

  /** The other side's link key, as soon as it is known; it is proved only when the handshake has finished. */
  get remoteStatic(): Uint8Array | undefined {
    return this.#remoteStatic
  }

  /** Section 5.3, WriteMessage. */
  write(payload: Uint8Array): Result<Uint8Array, NoiseError> {
    const tokens = this.#turn("write")
    if (!tokens.ok) return tokens
    const parts: Uint8Array[] = []
    for (const token of tokens.value) {
      if (token === "e") {
        this.#ephemeralSecret = this.#options.random.bytes(keyBytes)
        const publicKey = this.#primitives.x25519PublicKey(this.#ephemeralSecret)
        parts.push(publicKey)
        this.#mixEphemeral(publicKey)
      } else if (token === "s") parts.push(this.#symmetric.encryptAndHash(this.#ownStatic()))
      else if (!this.#mixToken(token)) return this.#abort("Rejected")
    }
    parts.push(this.#symmetric.encryptAndHash(payload))
    const message = concatBytes(...parts)
    if (message.length > maxMessageBytes) return this.#abort("MessageTooLarge")
    this.#nextMessage++
    return ok(message)
  }

  /** Section 5.3, ReadMessage: the payload. */
  read(message: Uint8Array): Result<Uint8Array, NoiseError> {
    const tokens = this.#turn("read")
    if (!tokens.ok) return tokens
    if (message.length > maxMessageBytes) return this.#abort("MessageTooLarge")
    let rest = message
    const take = (length: number): Uint8Array | undefined => {
      if (rest.length < length) return undefined
      const taken = rest.subarray(0, length)
      rest = rest.subarray(length)
      return taken
    }
    for (const token of tokens.value) {
      if (token === "e") {
        const key = take(keyBytes)?.slice()
        if (key === undefined) return this.#abort("Rejected")
        this.#remoteEphemeral = key
        this.#mixEphemeral(key)
      } else if (token === "s") {
        const sealed = take(keyBytes + (this.#symmetric.hasKey ? tagBytes : 0))
        this.#remoteStatic = sealed && this.#symmetric.decryptAndHash(sealed)
        if (this.#remoteStatic === undefined) return this.#abort("Rejected")
      } else if (!this.#mixToken(token)) return this.#abort("Rejected")
    }
    const payload = this.#symmetric.decryptAndHash(rest)
    if (payload === undefined) return this.#abort("Rejected")
    this.#nextMessage++
    return ok(payload)
  }

  /** Section 5.2, Split. Once, after the last message; throws before. */
  transport(): NoiseTransport {
    if (!this.finished || this.#aborted) throw new Error("the handshake has not finished")
    this.#aborted = true
    this.#ephemeralSecret = undefined
    const [first, second] = this.#symmetric.split()
    const ciphers =
      this.#options.role === "initiator"
        ? { sending: first, receiving: second }
        : { sending: second, receiving: first }
    return new NoiseTransport(ciphers, this.#symmetric.handshakeHash, this.#remoteStatic)
  }

  #turn(act: "write" | "read"): Result<readonly Token[], NoiseError> {
    if (this.#aborted) return err({ type: "Aborted" })
    const tokens = this.#options.pattern.messages[this.#nextMessage]
    const writes = (this.#nextMessage % 2 === 0) === (this.#options.role === "initiator")
    if (tokens === undefined || writes !== (act === "write")) return this.#abort("OutOfTurn")
    return ok(tokens)
  }

  /** Section 9.2: with a psk in the pattern, ephemeral keys enter the chaining key as well. */
  #mixEphemeral(publicKey: Uint8Array): void {
    this.#symmetric.mixHash(publicKey)
    if (this.#options.pattern.messages.flat().includes("psk")) this.#symmetric.mixKey(publicKey)
  }

  /** False when the other side's key is of small order. */
  #mixToken(token: Exclude<Token, "e" | "s">): boolean {
    if (token === "psk") {
      this.#symmetric.mixKeyAndHash(requireKey(this.#options.psk))
      return true
    }
    // The first letter names the initiator's key, the second the responder's.
    const [own, remote] = this.#options.role === "initiator" ? [token[0], token[1]] : [token[1], token[0]]
    const secret = own === "e" ? this.#ephemeralSecret : this.#options.staticSecret
    const publicKey = remote === "e" ? this.#remoteEphemeral : this.#remoteStatic
    const shared = this.#primitives.x25519(requireKey(secret), requireKey(publicKey))
    if (shared !== undefined) this.#symmetric.mixKey(shared)
    return shared !== undefined
  }

  #ownStatic(): Uint8Array {
    return this.#primitives.x25519PublicKey(requireKey(this.#options.staticSecret))
  }

  #abort(type: NoiseError["type"]): Result<never, NoiseError> {
    this.#aborted = true
    this.#ephemeralSecret = undefined
    return err({ type })
  }
}

const requireKey = (key: Uint8Array | undefined): Uint8Array => {
  if (key === undefined) throw new TypeError("the pattern needs a key that was not given")
  return checkKey(key)
}
