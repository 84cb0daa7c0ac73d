import { type ActorId, ByteReader, type ChangeHash, bytesToHex, concatBytes } from "../base/index.js"
import {
  type Column,
  type ObjectUse,
  type Reference,
  isColumnWithinLimit,
  isOverwriting,
  objectsOf,
  operationCountOf,
  referencesOf,
  sleb,
  uleb,
} from "./change-columns.js"
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
  /** The counter of the first operation; the others follow without gaps. */
  readonly startOp: number
  readonly operationCount: number
  /** Of every actor whose operations this change names, the highest counter named. */
  readonly references: readonly Reference[]
  /** The objects that this change makes, by counter. */
  readonly makes: readonly Omit<ObjectUse, "actor">[]
  /** The objects that it writes to, but for its own. */
  readonly uses: readonly ObjectUse[]
  /** Whether an operation replaces or deletes an earlier one. */
  readonly overwrites: boolean
  /** The change uncompressed (chunk type 1): what is handed to Automerge. */
  readonly bytes: Uint8Array
}

const magic = "856f4a83"
const uncompressed = 1
const compressed = 2

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

const parseBodyOfChange = (body: Uint8Array): Omit<Change, "hash" | "bytes"> | undefined => {
  const reader = new ByteReader(body)
  const depCount = uleb(reader)
  if (depCount * 32 > body.length) return undefined
  const deps: ChangeHash[] = []
  for (let i = 0; i < depCount && !reader.failed; i++) deps.push(reader.hex(32) as ChangeHash)
  const actor = bytesToHex(reader.bytes(uleb(reader))) as ActorId
  const seq = uleb(reader)
  const startOp = uleb(reader)
  sleb(reader) // time
  reader.bytes(uleb(reader)) // message
  const actorCount = uleb(reader)
  const actors: ActorId[] = [actor]
  for (let i = 0; i < actorCount && !reader.failed; i++)
    actors.push(bytesToHex(reader.bytes(uleb(reader))) as ActorId)
  const columnCount = uleb(reader)
  const heads: { specification: number; length: number }[] = []
  for (let i = 0; i < columnCount && !reader.failed; i++) {
    const specification = uleb(reader)
    if (specification & 8) return undefined // a deflated column is legal in documents only
    heads.push({ specification, length: uleb(reader) })
  }
  const columns: Column[] = []
  for (const { specification, length } of heads) {
    const data = reader.bytes(length)
    if (reader.failed) return undefined
    const type = specification % 8
    if (type !== 7 && !isColumnWithinLimit(type, data)) return undefined
    columns.push({ specification, data })
  }
  if (!reader.end() || seq < 1) return undefined
  const references = referencesOf(columns, actors)
  const operationCount = operationCountOf(columns)
  if (references === undefined) return undefined
  const overwrites = isOverwriting(columns)
  return {
    actor,
    seq,
    deps,
    startOp,
    operationCount,
    references,
    ...objectsOf(columns, actors, startOp),
    overwrites,
  }
}

const document = 0

/** Whether the bytes are exactly one chunk of type document: no change in front of it or behind. */
export const isDocumentChunk = (bytes: Uint8Array): boolean => {
  const reader = new ByteReader(bytes)
  if (reader.hex(4) !== magic) return false
  reader.bytes(4)
  if (reader.u8() !== document) return false
  reader.bytes(uleb(reader))
  return reader.end()
}

/**
 * Parses one raw change: exactly one chunk of type change, no document, no bundle, nothing behind it, its
 * compressed form inflated here under the limit, its hash computed here. `undefined`: refuse the bundle.
 */
export const parseChange = (
  raw: Uint8Array,
  sha256: (bytes: Uint8Array) => Uint8Array,
): Change | undefined => {
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
