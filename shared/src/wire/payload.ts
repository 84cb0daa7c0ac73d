import { Inflate, deflateSync, inflateSync } from "fflate"
import { ByteReader, ByteWriter } from "../base/index.js"
import { limits } from "./limits.js"

/** DEFLATE grows by at most 1032: so many bytes make 4 MiB at the very most. */
const pieceBytes = 4096
const growth = 1032

/**
 * Inflates raw DEFLATE (RFC 1951) into at most `limit` bytes; `undefined` when it would be more, or is damaged.
 * The input is fed in small pieces and given up at the limit, so a bomb costs at most one piece's expansion. What is
 * no larger than a piece, as almost every bundle, is inflated at one go, without the 96 KiB that pieces need.
 */
export const inflateBounded = (deflated: Uint8Array, limit: number): Uint8Array | undefined =>
  deflated.length > 0 && deflated.length <= pieceBytes
    ? inflatePiece(deflated, limit)
    : inflatePieces(deflated, limit)

const inflatePiece = (deflated: Uint8Array, limit: number): Uint8Array | undefined => {
  // One byte more than may be shows what is too long; what lies beyond is not written anywhere.
  const out = new Uint8Array(Math.min(limit + 1, growth * deflated.length))
  try {
    const whole = inflateSync(deflated, { out })
    return whole.length > limit ? undefined : whole
  } catch {
    return undefined
  }
}

const inflatePieces = (deflated: Uint8Array, limit: number): Uint8Array | undefined => {
  const pieces: Uint8Array[] = []
  let length = 0
  let ended = false
  const inflate = new Inflate((piece, final) => {
    length += piece.length
    if (length <= limit) pieces.push(piece)
    ended ||= final
  })
  try {
    for (let at = 0; at < deflated.length && length <= limit; at += pieceBytes) {
      inflate.push(deflated.subarray(at, at + pieceBytes), at + pieceBytes >= deflated.length)
    }
  } catch {
    return undefined
  }
  if (!ended || length > limit) return undefined
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/**
 * The payload of kind `changes`: `inflated length u32 | raw DEFLATE of (count u32, blocks)`, each block one raw
 * Automerge change. Deflated together, because single changes share most of their bytes.
 */
export const encodeChanges = (changes: readonly Uint8Array[]): Uint8Array => {
  const writer = new ByteWriter().u32(changes.length)
  for (const change of changes) writer.block(change)
  const plain = writer.done()
  return new ByteWriter()
    .u32(plain.length)
    .bytes(deflateSync(plain, { level: 6 }))
    .done()
}

/** The raw changes, or `undefined`: too large, too many, damaged, or a length that does not match. */
export const parseChanges = (payload: Uint8Array): readonly Uint8Array[] | undefined => {
  const outer = new ByteReader(payload)
  const inflatedLength = outer.u32()
  if (outer.failed || inflatedLength > limits.inflatedBytes) return undefined
  const plain = inflateBounded(outer.bytes(payload.length - 4), inflatedLength)
  if (plain === undefined || plain.length !== inflatedLength) return undefined
  const reader = new ByteReader(plain)
  const count = reader.u32()
  if (count > limits.changesPerBundle) return undefined
  const changes: Uint8Array[] = []
  for (let i = 0; i < count && !reader.failed; i++) changes.push(reader.block(limits.inflatedBytes))
  return reader.end() ? changes : undefined
}
