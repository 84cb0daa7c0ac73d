import { type ActorId, ByteReader, type ChangeHash, bytesToHex, concatBytes } from "../base/index.js"
import { limits } from "./limits.js"
import { inflateBounded } from "./payload.js"

/**
 * The head of one raw Automerge change, parsed strictly by us: what is applied afterwards is exactly what was
 * looked at. Layout: Automerge binary format, "Chunk header" and "Change chunk".
 */
export interface Change {
  readonly hash: ChangeHash
  readonly actor: ActorId
  readonly seq: number
  readonly deps: readonly ChangeHash[]
  /** The change uncompressed (chunk type 1): what is handed to Automerge. */
  readonly bytes: Uint8Array
}

const magic = "856f4a83"
const uncompressed = 1
const compressed = 2

/** Reads LEB128 numbers on top of a ByteReader; more than 8 bytes or above 2^53 fails. */
const uleb = (reader: ByteReader): number => {
  let value = 0
  for (let i = 0; i < 8; i++) {
    const byte = reader.u8()
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) {
      if (value > Number.MAX_SAFE_INTEGER) reader.fail()
      return reader.failed ? 0 : value
    }
  }
  reader.fail()
  return 0
}

const sleb = (reader: ByteReader): number => {
  let value = 0
  for (let i = 0; i < 8; i++) {
    const byte = reader.u8()
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) {
      const signed = byte & 0x40 ? value - 2 ** (7 * (i + 1)) : value
      return reader.failed ? 0 : signed
    }
  }
  reader.fail()
  return 0
}

const ulebBytes = (value: number): Uint8Array => {
  const bytes: number[] = []
  let rest = value
  do {
    const byte = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? byte + 128 : byte)
  } while (rest > 0)
  return Uint8Array.from(bytes)
}

/**
 * Whether a run-length encoded column stays within the limit of rows: a change of a few bytes may claim 2^50
 * operations and take the memory for them. Of group columns the values count too: they say how many rows other
 * columns have. Types: 0 group, 1 actor, 2 unsigned, 3 delta, 4 boolean, 5 string, 6 value metadata, 7 raw bytes.
 */
const isColumnWithinLimit = (type: number, data: Uint8Array): boolean => {
  const reader = new ByteReader(data)
  const limit = limits.operationsPerChange
  let rows = 0
  let grouped = 0
  const value = (times: number): void => {
    if (type === 3) sleb(reader)
    else if (type === 5) reader.bytes(uleb(reader))
    else {
      const number = uleb(reader)
      if (type === 0) grouped += number * times
    }
  }
  while (reader.offset < data.length && !reader.failed && rows <= limit && grouped <= limit) {
    if (type === 4) {
      rows += uleb(reader)
      continue
    }
    const run = sleb(reader)
    if (run === 0) rows += uleb(reader)
    else {
      rows += Math.abs(run)
      if (run > 0) value(run)
      else for (let i = 0; i < -run && !reader.failed && rows <= limit; i++) value(1)
    }
  }
  return !reader.failed && rows <= limit && grouped <= limit
}

const parseBodyOfChange = (body: Uint8Array): Omit<Change, "hash" | "bytes"> | undefined => {
  const reader = new ByteReader(body)
  const depCount = uleb(reader)
  if (depCount * 32 > body.length) return undefined
  const deps: ChangeHash[] = []
  for (let i = 0; i < depCount && !reader.failed; i++) deps.push(reader.hex(32) as ChangeHash)
  const actor = bytesToHex(reader.bytes(uleb(reader))) as ActorId
  const seq = uleb(reader)
  uleb(reader) // start of the operation counters
  sleb(reader) // time
  reader.bytes(uleb(reader)) // message
  const actorCount = uleb(reader)
  for (let i = 0; i < actorCount && !reader.failed; i++) reader.bytes(uleb(reader))
  const columnCount = uleb(reader)
  const columns: { type: number; length: number }[] = []
  for (let i = 0; i < columnCount && !reader.failed; i++) {
    const specification = uleb(reader)
    if (specification & 8) return undefined // a deflated column is legal in documents only
    columns.push({ type: specification % 8, length: uleb(reader) })
  }
  for (const column of columns) {
    const data = reader.bytes(column.length)
    if (reader.failed) return undefined
    if (column.type !== 7 && !isColumnWithinLimit(column.type, data)) return undefined
  }
  return reader.end() && seq >= 1 ? { actor, seq, deps } : undefined
}

/**
 * Parses one raw change: exactly one chunk of type change, no document, no bundle, nothing behind it, its
 * compressed form inflated here under the limit, its hash computed here. `undefined`: refuse the bundle.
 */
export const parseChange = (raw: Uint8Array, sha256: (bytes: Uint8Array) => Uint8Array): Change | undefined => {
  const reader = new ByteReader(raw)
  if (reader.hex(4) !== magic) return undefined
  const checksum = reader.bytes(4)
  const type = reader.u8()
  if (type !== uncompressed && type !== compressed) return undefined
  const length = uleb(reader)
  const content = reader.bytes(length)
  if (!reader.end()) return undefined
  const body = type === compressed ? inflateBounded(content, limits.inflatedBytes) : content
  if (body === undefined) return undefined
  // The hash and its checksum are over the uncompressed chunk, whatever form was sent.
  const chunk = concatBytes(Uint8Array.of(uncompressed), ulebBytes(body.length), body)
  const hash = sha256(chunk)
  if (bytesToHex(hash.subarray(0, 4)) !== bytesToHex(checksum)) return undefined
  const head = parseBodyOfChange(body)
  if (head === undefined) return undefined
  return {
    ...head,
    hash: bytesToHex(hash) as ChangeHash,
    bytes: type === uncompressed ? raw : concatBytes(raw.subarray(0, 8), chunk),
  }
}
