import {
  type BundleHash,
  ByteReader,
  ByteWriter,
  type CircleId,
  type Clock,
  type DeviceId,
  type DocumentId,
  type FeedId,
  type Store,
  type StoreChange,
} from "../base/index.js"
import { may } from "../access/index.js"
import { type Have, type HavePosition, parseCertificate, tellsOf } from "../wire/index.js"
import type { Archive } from "./archive.js"
import type { GroupSession } from "./group-session.js"
import { createReceiptStore } from "./receipt-store.js"
import { type Floor, type Manifest, encodeManifest, parseManifest, wantsOriginals } from "./snapshot.js"

/** A manifest as this store keeps it: the latest of each feed that signs them. */
export interface KeptManifest {
  readonly circle: CircleId
  /** Who signed it, in which feed, as which of its bundles. */
  readonly device: DeviceId
  readonly feed: FeedId
  readonly seq: number
  readonly bundle: BundleHash
  readonly manifest: Manifest
}

const manifestKey = (circle: CircleId, feed: FeedId): readonly string[] => ["manifest", circle, feed]

/** `device 16 | seq u64 | bundle hash 32 | manifest` */
export const manifestPut = ({ circle, device, feed, seq, bundle, manifest }: KeptManifest): StoreChange => ({
  type: "Put",
  key: manifestKey(circle, feed),
  value: new ByteWriter().hex(device).u64(seq).hex(bundle).bytes(encodeManifest(manifest)).done(),
})

const headBytes = 16 + 8 + 32

/** What is kept of a feed's manifests, also by changes that are not written yet: its seq, 0 for none. */
export const keptSeq = async (
  store: Store,
  pending: readonly StoreChange[],
  circle: CircleId,
  feed: FeedId,
): Promise<number> => {
  const key = manifestKey(circle, feed)
  const put = pending.findLast(change => change.type === "Put" && change.key.join(" ") === key.join(" "))
  const value = put?.type === "Put" ? put.value : await store.get(key)
  return value === undefined ? 0 : new ByteReader(value.subarray(16)).u64()
}

/** The manifests whose signers may make snapshots as of now: who was removed or demoted speaks for nothing any more. */
export const manifestsThatCount = async (
  store: Store,
  session: Pick<GroupSession, "state">,
): Promise<readonly KeptManifest[]> => {
  const state = session.state()
  const kept: KeptManifest[] = []
  for (const { key, value } of await store.list(["manifest"])) {
    const circle = key[1] as CircleId
    const reader = new ByteReader(value)
    const device = reader.hex(16) as DeviceId
    const seq = reader.u64()
    const bundle = reader.hex(32) as BundleHash
    const manifest = parseManifest(value.subarray(headBytes))
    const target = { circle, document: "" as DocumentId, area: "catalogue", name: "" } as const
    if (manifest === undefined || !may(state, device, "snapshot", target)) continue
    kept.push({ circle, device, feed: key[2] as FeedId, seq, bundle, manifest })
  }
  return kept
}

const deviceByFeed = async (store: Store): Promise<ReadonlyMap<FeedId, DeviceId>> => {
  const found = new Map<FeedId, DeviceId>()
  for (const { value } of await store.list(["certificate"])) {
    const certificate = parseCertificate(value)
    if (certificate !== undefined) found.set(certificate.feed, certificate.device)
  }
  return found
}

/** Nobody's snapshots stand for more of a feed than its own author has said to have: what he writes next must come. */
const within = (floor: Floor, said: HavePosition | undefined): Floor | undefined => {
  if (said === undefined || said.contiguousSeq >= floor.seq) return floor
  return said.hash === undefined ? undefined : { feed: floor.feed, seq: said.contiguousSeq, hash: said.hash }
}

/** Up to where snapshots stand for the bundles of each feed here. None while the originals are wanted. */
export const readFloors = async (deps: {
  readonly store: Store
  readonly session: Pick<GroupSession, "state">
  readonly clock: Clock
  readonly device: DeviceId
}): Promise<ReadonlyMap<FeedId, Floor>> => {
  const { store } = deps
  const floors = new Map<FeedId, Floor>()
  if (await wantsOriginals(store)) return floors
  const kept = (await manifestsThatCount(store, deps.session)).filter(({ device }) => device !== deps.device)
  if (kept.length === 0) return floors
  const authors = await deviceByFeed(store)
  const receipts = createReceiptStore(store, deps.clock)
  for (const { circle, manifest } of kept) {
    for (const claimed of manifest.floors) {
      const author = authors.get(claimed.feed)
      const said = author && (await receipts.of(author, circle))?.have.positions
      const floor = within(
        claimed,
        said?.find(({ feed }) => feed === claimed.feed),
      )
      if (floor !== undefined && floor.seq > (floors.get(floor.feed)?.seq ?? 0)) floors.set(floor.feed, floor)
    }
  }
  return floors
}

/** Below this a newcomer is as well served by the bundles themselves. */
const worthwhileBundles = 32

/** What is given to a peer first, by name, and his Have as it will be after it. */
export interface Offer {
  /** In the order in which it goes out: it is read only then, for all of it may be tens of megabytes. */
  readonly first: readonly BundleHash[]
  readonly have: Have
}

const nothing = (feed: FeedId): HavePosition => ({ feed, contiguousSeq: 0, hash: undefined, islands: [] })

const hasSeq = ({ contiguousSeq, islands }: HavePosition, seq: number): boolean =>
  seq <= contiguousSeq || islands.some(([from, to]) => from <= seq && seq <= to)

/** The position once these bundles have come as well. */
const withSeqs = (position: HavePosition, seqs: readonly number[]): HavePosition => {
  const news = seqs.filter(seq => !hasSeq(position, seq)).map(seq => [seq, seq] as const)
  const islands: [number, number][] = []
  for (const [from, to] of [...position.islands, ...news].sort(([one], [other]) => one - other)) {
    const last = islands.at(-1)
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else islands.push([from, to])
  }
  return { ...position, islands }
}

const raisedTo = (position: HavePosition, { feed, seq, hash }: Floor): HavePosition =>
  position.contiguousSeq >= seq
    ? position
    : { feed, contiguousSeq: seq, hash, islands: position.islands.filter(([from]) => from > seq) }

/** Feed and number of the bundles, without keeping them in memory; `undefined`: one is not here. */
const placesOf = async (
  archive: Archive,
  hashes: readonly BundleHash[],
): Promise<
  readonly { readonly hash: BundleHash; readonly feed: FeedId; readonly seq: number }[] | undefined
> => {
  const places: { hash: BundleHash; feed: FeedId; seq: number }[] = []
  for (const hash of hashes) {
    const bundle = await archive.get(hash)
    if (bundle === undefined) return undefined
    places.push({ hash, feed: bundle.feed, seq: bundle.seq })
  }
  return places
}

/**
 * What to give to one who lacks much: the snapshots of a manifest and itself, and his Have as it will be after
 * them. Nothing when he lacks little, or wants everything (a box keeps the originals). What a manifest claims beyond
 * the bundles that are here is not taken off the Have.
 */
export const offerSnapshots = async (
  deps: { readonly store: Store; readonly archive: Archive; readonly session: Pick<GroupSession, "state"> },
  theirs: Have,
): Promise<Offer> => {
  const { archive } = deps
  const { wants } = theirs
  if (wants.type === "Everything" || wants.originals) return { first: [], have: theirs }
  const positions = new Map(theirs.positions.map(position => [position.feed, position]))
  const positionOf = (feed: FeedId): HavePosition => positions.get(feed) ?? nothing(feed)
  const lackingOf = (floors: readonly Floor[]): number =>
    floors.reduce((sum, { feed, seq }) => sum + Math.max(seq - positionOf(feed).contiguousSeq, 0), 0)

  const candidates: { bundle: BundleHash; manifest: Manifest; floors: Floor[]; lacking: number }[] = []
  for (const { bundle: hash, manifest } of await manifestsThatCount(deps.store, deps.session)) {
    const bundle = await archive.get(hash)
    if (bundle === undefined || !wants.tags.includes(bundle.epochTag)) continue
    const floors: Floor[] = []
    for (const floor of manifest.floors) {
      if (!tellsOf(theirs, floor.feed)) continue
      const here = await archive.position(floor.feed)
      if (here !== undefined) floors.push(within(floor, { ...here, feed: floor.feed }) ?? floor)
    }
    candidates.push({ bundle: hash, manifest, floors, lacking: lackingOf(floors) })
  }
  const first: BundleHash[] = []
  // The one that stands for most goes first: after it the others are hardly ever worth their snapshots.
  for (const { bundle, manifest, floors } of candidates.sort((one, other) => other.lacking - one.lacking)) {
    if (lackingOf(floors) < worthwhileBundles + 2 * manifest.snapshots.length) continue
    // The manifest first: it carries the certificate that all of them stand upon.
    const places = await placesOf(archive, [bundle, ...manifest.snapshots])
    if (places === undefined) continue
    for (const { hash, feed, seq } of places) if (!hasSeq(positionOf(feed), seq)) first.push(hash)
    for (const floor of floors) positions.set(floor.feed, raisedTo(positionOf(floor.feed), floor))
    for (const feed of new Set(places.map(place => place.feed))) {
      const seqs = places.filter(place => place.feed === feed).map(({ seq }) => seq)
      positions.set(feed, withSeqs(positionOf(feed), seqs))
    }
  }
  return { first, have: { ...theirs, positions: [...positions.values()] } }
}
