import { hexToBytes, textToBytes } from "./bytes.js"

/** Writes the forms that `ByteReader` reads, big-endian, into one growing buffer. */
export class ByteWriter {
  #buffer: Uint8Array
  #length = 0

  /** `expectedBytes`: what the whole will take; exact, it is allocated once and never copied. */
  constructor(expectedBytes = 256) {
    this.#buffer = new Uint8Array(expectedBytes)
  }

  bytes(bytes: Uint8Array): this {
    this.#grow(bytes.length)
    this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  u8(value: number): this {
    this.#grow(1)
    this.#buffer[this.#length++] = value
    return this
  }

  u16(value: number): this {
    return this.u8(value >>> 8).u8(value)
  }

  u32(value: number): this {
    this.#grow(4)
    this.#buffer[this.#length++] = value >>> 24
    this.#buffer[this.#length++] = value >>> 16
    this.#buffer[this.#length++] = value >>> 8
    this.#buffer[this.#length++] = value
    return this
  }

  u64(value: number): this {
    return this.u32(Math.floor(value / 0x100000000)).u32(value)
  }

  /** `u32 length | bytes` */
  block(bytes: Uint8Array): this {
    return this.u32(bytes.length).bytes(bytes)
  }

  /** `u16 length | UTF-8` */
  text(text: string): this {
    const bytes = textToBytes(text)
    if (bytes.length > 0xffff) throw new RangeError("text too long for its length field")
    return this.u16(bytes.length).bytes(bytes)
  }

  hex(hex: string): this {
    const bytes = hexToBytes(hex)
    if (bytes === undefined) throw new TypeError("not a hex string")
    return this.bytes(bytes)
  }

  /** `u16 count | items` */
  list<T>(items: readonly T[], write: (writer: this, item: T) => void): this {
    if (items.length > 0xffff) throw new RangeError("list too long for its count field")
    this.u16(items.length)
    for (const item of items) write(this, item)
    return this
  }

  /** What was written. What is written afterwards does not change it. */
  done(): Uint8Array {
    // A full buffer is left behind by the next write, so it can be given away.
    return this.#length === this.#buffer.length ? this.#buffer : this.#buffer.slice(0, this.#length)
  }

  #grow(more: number): void {
    if (this.#length + more <= this.#buffer.length) return
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + more))
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
  }
}
