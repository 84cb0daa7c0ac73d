import { type BundleHash, ByteReader, ByteWriter, type FeedId } from "../base/index.js"
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
  readonly positions: readonly HavePosition[]
}

/**
 * What peers say to each other, over a link or in a relay room: one codec for both.
 * Have: what I have, send me the rest · Bundles · Sent: the answer to a Have is complete, or (not `isAll`) stopped
 * at its window: say Have again · Signal: sealed and signed by a device, never archived (receipts, presence).
 */
export type PeerMessage =
  | { readonly type: "Have"; readonly have: Have }
  | { readonly type: "Bundles"; readonly bundles: readonly Uint8Array[] }
  | { readonly type: "Sent"; readonly isAll: boolean }
  | { readonly type: "Signal"; readonly signal: Uint8Array }
  /** I do not know you (yet): show me the log that admits you. Until then nothing else is answered. */
  | { readonly type: "Introduce" }

const codes = { Have: 1, Bundles: 2, Sent: 3, Signal: 4, Introduce: 5 } as const

const writeHave = (writer: ByteWriter, have: Have): void => {
  writer.hex(have.archive).u8(have.isKeeper ? 1 : 0)
  if (have.wants.type === "Everything") writer.u8(1)
  else writer.u8(have.wants.originals ? 2 : 0).list(have.wants.tags, (list, tag) => list.hex(tag))
  writer.list(have.positions, (list, position) => {
    list.hex(position.feed).u64(position.contiguousSeq)
    if (position.hash !== undefined) list.hex(position.hash)
    list.list(position.islands, (inner, [from, to]) => inner.u64(from).u64(to))
  })
}

const readHave = (reader: ByteReader): Have => {
  const archive = reader.hex(16)
  const isKeeper = reader.u8() === 1
  const wanted = reader.u8()
  if (wanted > 2) reader.fail()
  const wants: Have["wants"] =
    wanted === 1
      ? { type: "Everything" }
      : { type: "Tags", tags: reader.list(limits.epochTags, list => list.hex(8)), originals: wanted === 2 }
  const positions = reader.list(limits.feeds, list => {
    const feed = list.hex(32) as FeedId
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
  return { archive, isKeeper, wants, positions }
}

/** `type u8 | Have: archive 16, keeper u8, wants, positions list | Bundles: list of blocks | Sent: u8 | Signal: block` */
export const encodePeerMessage = (message: PeerMessage): Uint8Array => {
  const writer = new ByteWriter().u8(codes[message.type])
  if (message.type === "Have") writeHave(writer, message.have)
  if (message.type === "Bundles") writer.list(message.bundles, (list, bundle) => list.block(bundle))
  if (message.type === "Sent") writer.u8(message.isAll ? 1 : 0)
  if (message.type === "Signal") writer.block(message.signal)
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
