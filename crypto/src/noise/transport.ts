import { type Result, err, ok } from "@home/shared/base"
import type { CipherState } from "./symmetric.js"

/** Section 3: no Noise message is longer. */
export const maxMessageBytes = 65_535
const tagBytes = 16
/** The longest plaintext of a transport message. */
export const maxPlaintextBytes = maxMessageBytes - tagBytes

/** After any of these the connection is dead: close it and begin a new handshake. */
export type NoiseError =
  /** Altered, lost, doubled, or from somebody with other keys: the two are not told apart. */
  | { readonly type: "Rejected" }
  | { readonly type: "MessageTooLarge" }
  /** The program wrote when it should have read, or the reverse. */
  | { readonly type: "OutOfTurn" }
  /** An earlier error ended it. */
  | { readonly type: "Aborted" }

/**
 * What a finished handshake gives: messages in order, each under the next nonce (section 5.1), so that a lost,
 * doubled or moved one shows. Both sides call `rekeySending` and `rekeyReceiving` at the same message of a direction.
 */
export class NoiseTransport {
  #aborted = false
  readonly #sending: CipherState
  readonly #receiving: CipherState

  constructor(
    ciphers: { readonly sending: CipherState; readonly receiving: CipherState },
    /** Section 11.2: the same on both sides and nowhere else; binds what is said outside to this channel. */
    readonly handshakeHash: Uint8Array,
    /** The other side's link key, proved by the handshake. */
    readonly remoteStatic: Uint8Array | undefined,
  ) {
    this.#sending = ciphers.sending
    this.#receiving = ciphers.receiving
  }

  get sentMessages(): number {
    return this.#sending.messages
  }

  get receivedMessages(): number {
    return this.#receiving.messages
  }

  seal(plaintext: Uint8Array): Result<Uint8Array, NoiseError> {
    if (this.#aborted) return err({ type: "Aborted" })
    if (plaintext.length > maxPlaintextBytes) return this.#abort("MessageTooLarge")
    return ok(this.#sending.encrypt(new Uint8Array(0), plaintext))
  }

  open(message: Uint8Array): Result<Uint8Array, NoiseError> {
    if (this.#aborted) return err({ type: "Aborted" })
    if (message.length > maxMessageBytes) return this.#abort("MessageTooLarge")
    const plaintext = this.#receiving.decrypt(new Uint8Array(0), message)
    return plaintext === undefined ? this.#abort("Rejected") : ok(plaintext)
  }

  /** Section 11.3. */
  rekeySending(): void {
    this.#sending.rekey()
  }

  rekeyReceiving(): void {
    this.#receiving.rekey()
  }

  #abort(type: NoiseError["type"]): Result<never, NoiseError> {
    this.#aborted = true
    return err({ type })
  }
}
