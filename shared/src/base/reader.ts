import { bytesToHex, bytesToText } from "./bytes.js"

const nothing = new Uint8Array(0)

/**
 * Reads untrusted bytes, big-endian. The first read beyond the end (or above a stated limit) makes the reader
 * fail; from then on every read gives zeros and `end()` is false, so a parser reads straight on and asks once.
 * Nothing is allocated for a length before that length is known to be there. `bytes()` gives views, not copies.
 */
export class ByteReader {
  #at = 0
  #failed = false

  constructor(readonly source: Uint8Array) {}

  get offset(): number {
    return this.#at
  }

  get failed(): boolean {
    return this.#failed
  }

  /** Marks what was read as malformed: for checks of the parser itself. */
  fail(): void {
    this.#failed = true
  }

  /** True when nothing failed and nothing is left over. */
  end(): boolean {
    return !this.#failed && this.#at === this.source.length
  }

  bytes(length: number): Uint8Array {
    if (this.#failed || length > this.source.length - this.#at) {
      this.#failed = true
      return nothing
    }
    this.#at += length
    return this.source.subarray(this.#at - length, this.#at)
  }

  u8(): number {
    // Without a view: every number of a change's columns is read byte by byte.
    if (this.#failed || this.#at >= this.source.length) {
      this.#failed = true
      return 0
    }
    return this.source[this.#at++] ?? 0
  }

  u16(): number {
    if (!this.#has(2)) return 0
    return this.u8() * 0x100 + this.u8()
  }

  u32(): number {
    if (!this.#has(4)) return 0
    return this.u8() * 0x1000000 + this.u8() * 0x10000 + this.u8() * 0x100 + this.u8()
  }

  /** An unsigned 64-bit number that must be a safe integer (below 2^53), else the reader fails. */
  u64(): number {
    const value = this.u32() * 0x100000000 + this.u32()
    if (value > Number.MAX_SAFE_INTEGER) this.#failed = true
    return this.#failed ? 0 : value
  }

  /** `u32 length | bytes`, at most `limit`. */
  block(limit: number): Uint8Array {
    const length = this.u32()
    if (length > limit) this.#failed = true
    return this.bytes(length)
  }

  /** `u16 length | UTF-8`, at most `limit` bytes. */
  text(limit: number): string {
    const length = this.u16()
    if (length > limit) this.#failed = true
    const text = bytesToText(this.bytes(length))
    if (text === undefined) this.#failed = true
    return text ?? ""
  }

  hex(length: number): string {
    return bytesToHex(this.bytes(length))
  }

  /** `u16 count | items`, at most `limit` items; stops at the first failure. */
  list<T>(limit: number, item: (reader: ByteReader) => T): T[] {
    const count = this.u16()
    if (count > limit) this.#failed = true
    const items: T[] = []
    for (let i = 0; i < count && !this.#failed; i++) items.push(item(this))
    return items
  }

  #has(length: number): boolean {
    if (length > this.source.length - this.#at) this.#failed = true
    return !this.#failed
  }
}
