import { type ChunkId, blobLimits } from "../base/index.js"
import { documentLimits } from "./document-limits.js"
import { type MapDraft, isMap, itemOf, textOf } from "./scalar.js"

/**
 * Where a file is and what opens it. The key stands here and nowhere else: who reads the document reads the file.
 * Treat it as a secret: never into a log, an address or an error.
 */
export interface BlobRef {
  /** Random, 16 bytes in hex. */
  readonly id: string
  /** 32 bytes in hex; seals this blob and nothing else. */
  readonly key: string
  readonly sizeBytes: number
  /** A media type without parameters, `image/jpeg`. Said by whoever attached it: to be shown, never to be run. */
  readonly type: string
  /** "": it had none. */
  readonly name: string
  /** SHA-256 of each sealed chunk in hex, in order. */
  readonly chunks: readonly ChunkId[]
}

const hexDigits = 64
const isHex = (text: string, digits: number): boolean => text.length === digits && /^[0-9a-f]*$/.test(text)

/** How many chunks a blob of a size has: an empty one has one. */
export const chunkCountOf = (sizeBytes: number): number =>
  Math.max(1, Math.ceil(sizeBytes / blobLimits.chunkBytes))

const isMediaType = (text: string): boolean => /^[a-z0-9][\w!#$&^.+-]{0,62}\/[\w!#$&^.+-]{1,63}$/i.test(text)

export const isBlobRef = (ref: BlobRef): boolean =>
  isHex(ref.id, 32) &&
  isHex(ref.key, hexDigits) &&
  Number.isSafeInteger(ref.sizeBytes) &&
  ref.sizeBytes >= 0 &&
  isMediaType(ref.type) &&
  ref.name.length <= documentLimits.name &&
  ref.chunks.length <= blobLimits.chunks &&
  ref.chunks.length === chunkCountOf(ref.sizeBytes) &&
  ref.chunks.every(chunk => isHex(chunk, hexDigits))

/** `undefined`: it is none, whoever wrote it. */
export const parseBlobRef = (id: string, value: unknown): BlobRef | undefined => {
  if (!isMap(value)) return undefined
  const [key, type, joined] = [textOf(value["key"]), textOf(value["type"]), textOf(value["chunks"])]
  const sizeBytes = value["sizeBytes"]
  if (key === undefined || type === undefined || joined === undefined || typeof sizeBytes !== "number")
    return undefined
  if (joined.length > blobLimits.chunks * hexDigits || joined.length % hexDigits !== 0) return undefined
  const chunks = Array.from(
    { length: joined.length / hexDigits },
    (_, i) => joined.slice(i * hexDigits, (i + 1) * hexDigits) as ChunkId,
  )
  const ref = { id, key, sizeBytes, type, name: textOf(value["name"]) ?? "", chunks }
  return isBlobRef(ref) ? ref : undefined
}

/** The ref as an item: the ids run together in one register, for each value of a document has its cost. */
export const blobRefDraft = ({ key, sizeBytes, type, name, chunks }: BlobRef): MapDraft =>
  itemOf({ key, sizeBytes, type, name: name === "" ? undefined : name, chunks: chunks.join("") })
