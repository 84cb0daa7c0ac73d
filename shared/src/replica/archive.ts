import type { BundleHash, FeedId } from "../base/index.js"
import type { SealedBundle } from "../wire/index.js"

/** A bundle and its hash. Who appends has computed the hash (and verified the feed's signature) before. */
export interface StoredBundle {
  readonly hash: BundleHash
  readonly bundle: SealedBundle
}

/** How many islands a position names at most: the lowest ones. What lies above is asked for in a later round. */
export const positionIslands = 64

/** Forked places that an archive names at most: who makes more has only himself to blame. */
export const archiveForks = 1_000

/** Where a feed stands in one archive: a pure function of the bundles that are here. */
export interface FeedPosition {
  readonly feed: FeedId
  /** All of 1..contiguousSeq are here; 0 when the first is missing. */
  readonly contiguousSeq: number
  /** Of the bundle at contiguousSeq; with variants the smallest hash. Undefined when contiguousSeq is 0. */
  readonly hash: BundleHash | undefined
  /** Seqs above contiguousSeq that are here, ascending, as [from, to] ranges; at most `positionIslands`. */
  readonly islands: readonly (readonly [number, number])[]
  /** Epoch tags (hex) that were seen in the feed, sorted. They stay when their bundles are removed. */
  readonly tags: readonly string[]
}

/**
 * A place in the order in which an archive took its bundles in; 0 is before the first. Only for the archive
 * (by `identity`) that gave it. Places are never used twice, so a cursor stays right when bundles are removed.
 */
export type ArrivalCursor = number

export interface ArrivalPage {
  readonly bundles: readonly StoredBundle[]
  /** Hand it in as `after` for the next page. A page without bundles is the end for now. */
  readonly next: ArrivalCursor
}

/**
 * A store of bundles. It knows no keys: what it can index by stands in the clear headers.
 * Pages are limited in bytes of bundles and hold at least one, so that the largest bundle passes.
 * A rejected promise means that the disk failed: nothing of the call was stored.
 */
export interface Archive {
  /** 16 bytes, new when the archive is created or restored: receipts and cursors of another identity are void. */
  readonly identity: Uint8Array
  /**
   * Durable when it resolves. A bundle that is here already changes nothing. All variants of one (feed, seq)
   * are kept. Gives back those that were new, in the order given.
   */
  append(bundles: readonly StoredBundle[]): Promise<readonly StoredBundle[]>
  /**
   * The same, but it may resolve before the disk has them: they are read from now on, and durable once any later
   * `append`, or write to the store beside, is. Before that a crash takes them together with all that came after.
   */
  appendSoon(bundles: readonly StoredBundle[]): Promise<readonly StoredBundle[]>
  /** Resolves when the disk has all that could be read before the call: nothing is told of, or sent, before. */
  settled(): Promise<void>
  has(hash: BundleHash): Promise<boolean>
  get(hash: BundleHash): Promise<SealedBundle | undefined>
  /** One per feed, in no order. Costs by the number of feeds, not of bundles. */
  positions(): Promise<readonly FeedPosition[]>
  position(feed: FeedId): Promise<FeedPosition | undefined>
  /**
   * In order of (seq, hash) from `fromSeq`; the next page begins behind the last bundle:
   * `read(feed, last.seq, limitBytes, lastHash)`. A page ends between two seqs, unless the variants of its
   * first seq alone are above the limit (somebody floods): then only `afterHash` reaches the rest of them.
   */
  read(
    feed: FeedId,
    fromSeq: number,
    limitBytes: number,
    afterHash?: BundleHash,
  ): Promise<readonly StoredBundle[]>
  /** The bundles under an epoch tag in the order of arrival: what waits for a key. */
  byTag(tag: string, after: ArrivalCursor, limitBytes: number): Promise<ArrivalPage>
  /** Everything, in the order of arrival. */
  readSince(after: ArrivalCursor, limitBytes: number): Promise<ArrivalPage>
  /**
   * Places at which more than one bundle was ever seen: somebody's profile was copied, or somebody cheats. Numbers
   * and one hash cannot tell a peer that it lacks a variant, so those are offered to all. At most `archiveForks`.
   */
  forks(): Promise<readonly { readonly feed: FeedId; readonly seq: number }[]>
  /** The place of the last arrival; 0 when nothing has come yet. */
  latest(): Promise<ArrivalCursor>
  count(): Promise<{ readonly bundles: number; readonly bytes: number }>
  /** Unknown hashes are passed over. Positions fall back accordingly. */
  remove(hashes: readonly BundleHash[]): Promise<void>
  close(): Promise<void>
}
