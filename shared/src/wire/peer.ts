import {
  type Area,
  type BundleHash,
  ByteReader,
  ByteWriter,
  type ChunkId,
  type CircleId,
  type FeedId,
  areaCodes,
  areaFromCode,
  blobLimits,
} from "../base/index.js"
import { limits } from "./limits.js"

/** Where a store stands in one feed. */
export interface HavePosition {
  readonly feed: FeedId
  readonly contiguousSeq: number
  /** Of the bundle at `contiguousSeq`; undefined when that is 0. */
  readonly hash: BundleHash | undefined
  readonly islands: readonly (readonly [number, number])[]
}

/** What a store has and what it wants: everything, or the bundles under certain epoch tags. */
export interface Have {
  /** The archive that these positions are of: another identity means it was restored. */
  readonly archive: string
  /** It keeps everything for ever: the box. */
  readonly isKeeper: boolean
  readonly wants:
    | { readonly type: "Everything" }
    /** `originals`: snapshots do not help, who wrote what must be seen. */
    | { readonly type: "Tags"; readonly tags: readonly string[]; readonly originals: boolean }
  /** A page tells of the feeds from here on, ... */
  readonly from: FeedId
  /** ... up to this one, which begins the next page; undefined: this is the last. */
  readonly before: FeedId | undefined
  /** In the order of feeds. Of a feed in the page's range that is not named nothing is here. */
  readonly positions: readonly HavePosition[]
}

/** Where the first page of a Have begins. */
export const firstFeed = "00".repeat(32) as FeedId

/** Whether a page says something of a feed. */
export const tellsOf = ({ from, before }: Pick<Have, "from" | "before">, feed: FeedId): boolean =>
  feed >= from && (before === undefined || feed < before)

/**
 * What peers say to each other, over a link or in a relay room: one codec for both.
 * Have: what I have, send me the rest; in pages, the next one after the answer · Bundles · Sent: the answer to a
 * page is complete, or (not `isAll`) stopped at its window: say it again · Signal: sealed and signed by a device, never archived (receipts, presence).
 */
export type PeerMessage =
  | { readonly type: "Have"; readonly have: Have }
  | { readonly type: "Bundles"; readonly bundles: readonly Uint8Array[] }
  | { readonly type: "Sent"; readonly isAll: boolean }
  | { readonly type: "Signal"; readonly signal: Uint8Array }
  /** I do not know you (yet): show me the log that admits you. Until then nothing else is answered. */
  | { readonly type: "Introduce" }
  | BlobMessage

/** The document that shows a blob: a keeper looks there before it asks for the chunks. */
export interface BlobPlace {
  readonly circle: CircleId
  readonly area: Area
  readonly name: string
}

/**
 * What peers say about chunks of blobs. Offer: I have these, no keeper does as far as I know, and this document shows
 * them · Want: send me these · Chunk · Kept: a keeper has them on its disk · Lack: I have not, or will not take, these.
 */
export type BlobMessage =
  | { readonly type: "Offer"; readonly place: BlobPlace; readonly chunks: readonly ChunkId[] }
  | { readonly type: "Want"; readonly chunks: readonly ChunkId[] }
  | { readonly type: "Chunk"; readonly bytes: Uint8Array }
  | { readonly type: "Kept"; readonly chunks: readonly ChunkId[] }
  | { readonly type: "Lack"; readonly chunks: readonly ChunkId[] }
  | BlobAsk

/**
 * Over a relay, in a signal: post me these into the room of this secret (32 bytes, `Sealer.roomOf`). What a device
 * asks for anew takes the place of what it asked for in the same circle before; nothing: I have it all.
 */
export interface BlobAsk {
  readonly type: "Ask"
  readonly secret: Uint8Array
  readonly chunks: readonly ChunkId[]
}

const codes = {
  Have: 1,
  Bundles: 2,
  Sent: 3,
  Signal: 4,
  Introduce: 5,
  Offer: 6,
  Want: 7,
  Chunk: 8,
  Kept: 9,
  Lack: 10,
  Ask: 11,
} as const

const writeHave = (writer: ByteWriter, have: Have): void => {
  writer.hex(have.archive).u8(have.isKeeper ? 1 : 0)
  if (have.wants.type === "Everything") writer.u8(1)
  else writer.u8(have.wants.originals ? 2 : 0).list(have.wants.tags, (list, tag) => list.hex(tag))
  writer.hex(have.from).u8(have.before === undefined ? 0 : 1)
  if (have.before !== undefined) writer.hex(have.before)
  writer.list(have.positions, (list, position) => {
    list.hex(position.feed).u64(position.contiguousSeq)
    if (position.hash !== undefined) list.hex(position.hash)
    list.list(position.islands, (inner, [from, to]) => inner.u64(from).u64(to))
  })
}

/** What a position takes in a message. */
export const positionBytes = ({ hash, islands }: HavePosition): number =>
  32 + 8 + (hash === undefined ? 0 : 32) + 2 + 16 * islands.length

const readHave = (reader: ByteReader): Have => {
  const archive = reader.hex(16)
  const isKeeper = reader.u8() === 1
  const wanted = reader.u8()
  if (wanted > 2) reader.fail()
  const wants: Have["wants"] =
    wanted === 1
      ? { type: "Everything" }
      : { type: "Tags", tags: reader.list(limits.epochTags, list => list.hex(8)), originals: wanted === 2 }
  const from = reader.hex(32) as FeedId
  const isFollowed = reader.u8()
  if (isFollowed > 1) reader.fail()
  const before = isFollowed === 1 ? (reader.hex(32) as FeedId) : undefined
  if (before !== undefined && before <= from) reader.fail()
  let last: FeedId | undefined
  const positions = reader.list(limits.haveFeeds, list => {
    const feed = list.hex(32) as FeedId
    if (!tellsOf({ from, before }, feed) || (last !== undefined && feed <= last)) list.fail()
    last = feed
    const contiguousSeq = list.u64()
    const hash = contiguousSeq === 0 ? undefined : (list.hex(32) as BundleHash)
    const islands = list.list(limits.islands, inner => {
      const from = inner.u64()
      const to = inner.u64()
      if (from > to || from <= contiguousSeq) inner.fail()
      return [from, to] as const
    })
    return { feed, contiguousSeq, hash, islands }
  })
  return { archive, isKeeper, wants, from, before, positions }
}

const writeChunks = (writer: ByteWriter, chunks: readonly ChunkId[]): void => {
  writer.list(chunks, (list, chunk) => list.hex(chunk))
}
const readChunks = (reader: ByteReader): readonly ChunkId[] =>
  reader.list(limits.chunksPerMessage, list => list.hex(32) as ChunkId)

const writePlace = (writer: ByteWriter, place: BlobPlace): void => {
  writer.hex(place.circle).u8(areaCodes[place.area]).text(place.name)
}
const readPlace = (reader: ByteReader): BlobPlace | undefined => {
  const circle = reader.hex(16) as CircleId
  const area = areaFromCode(reader.u8())
  const name = reader.text(limits.nameBytes)
  return area === undefined ? undefined : { circle, area, name }
}

const readBlobMessage = (code: number, reader: ByteReader): BlobMessage | undefined => {
  switch (code) {
    case codes.Offer: {
      const place = readPlace(reader)
      const chunks = readChunks(reader)
      return place && { type: "Offer", place, chunks }
    }
    case codes.Want:
      return { type: "Want", chunks: readChunks(reader) }
    case codes.Chunk:
      return { type: "Chunk", bytes: reader.block(blobLimits.sealedChunkBytes) }
    case codes.Kept:
      return { type: "Kept", chunks: readChunks(reader) }
    case codes.Lack:
      return { type: "Lack", chunks: readChunks(reader) }
    case codes.Ask:
      return { type: "Ask", secret: reader.bytes(32), chunks: readChunks(reader) }
    default:
      return undefined
  }
}

/**
 * `type u8 | Have: archive 16, keeper u8, wants, page, positions list | Bundles: list of blocks | Sent: u8 | Signal: block |
 * Offer: circle 16, area u8, name text, list of 32 | Want, Kept, Lack: list of 32 | Chunk: block |
 * Ask: secret 32, list of 32`
 */
export const encodePeerMessage = (message: PeerMessage): Uint8Array => {
  const writer = new ByteWriter().u8(codes[message.type])
  if (message.type === "Have") writeHave(writer, message.have)
  if (message.type === "Bundles") writer.list(message.bundles, (list, bundle) => list.block(bundle))
  if (message.type === "Sent") writer.u8(message.isAll ? 1 : 0)
  if (message.type === "Signal") writer.block(message.signal)
  if (message.type === "Chunk") writer.block(message.bytes)
  if (message.type === "Offer") writePlace(writer, message.place)
  if (message.type === "Ask") writer.bytes(message.secret)
  if ("chunks" in message) writeChunks(writer, message.chunks)
  return writer.done()
}

/** `undefined`: not a message of this version; from an authenticated peer it is passed over. */
export const parsePeerMessage = (bytes: Uint8Array): PeerMessage | undefined => {
  const reader = new ByteReader(bytes)
  const code = reader.u8()
  let message: PeerMessage | undefined
  if (code === codes.Have) message = { type: "Have", have: readHave(reader) }
  if (code === codes.Bundles) {
    message = {
      type: "Bundles",
      bundles: reader.list(limits.bundlesPerMessage, list => list.block(limits.bundleBytes)),
    }
  }
  if (code === codes.Sent) message = { type: "Sent", isAll: reader.u8() === 1 }
  if (code === codes.Signal) message = { type: "Signal", signal: reader.block(limits.signalBytes) }
  if (code === codes.Introduce) message = { type: "Introduce" }
  message ??= readBlobMessage(code, reader)
  return reader.end() ? message : undefined
}

/** The Have alone, as a receipt carries it. */
export const encodeHave = (have: Have): Uint8Array => {
  const writer = new ByteWriter()
  writeHave(writer, have)
  return writer.done()
}

export const parseHave = (bytes: Uint8Array): Have | undefined => {
  const reader = new ByteReader(bytes)
  const have = readHave(reader)
  return reader.end() ? have : undefined
}
