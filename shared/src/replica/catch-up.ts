import { type BundleHash, type FeedId, bytesToHex } from "../base/index.js"
import { type Have, type HavePosition, firstFeed, limits, tellsOf } from "../wire/index.js"
import type { Archive, FeedPosition } from "./archive.js"
import { type HaveHead, pageFrom } from "./have-pages.js"
import type { Floor } from "./snapshot.js"

/** A stretch of a feed that the other side lacks. */
export interface Stretch {
  readonly feed: FeedId
  readonly from: number
  /** Inclusive; `Infinity`: to the end. */
  readonly to: number
  /** It is offered because the feed forked: what to count in `ForkOffers` when it is given. */
  readonly fork?: string
}

/** A position and a floor under it: what a snapshot stands for counts as here. */
const raised = (position: Omit<FeedPosition, "tags">, floor: Floor | undefined): HavePosition => {
  const { feed, contiguousSeq, hash } = position
  const islands = position.islands.slice(0, limits.islands)
  if (floor === undefined || floor.seq <= contiguousSeq) return { feed, contiguousSeq, hash, islands }
  const [first, ...rest] = islands.filter(([, to]) => to > floor.seq)
  if (first === undefined || first[0] > floor.seq + 1) {
    return {
      feed,
      contiguousSeq: floor.seq,
      hash: floor.hash,
      islands: first === undefined ? [] : [first, ...rest],
    }
  }
  // The bundles that are here follow on the floor: name the floor itself, the rest as an island.
  return { feed, contiguousSeq: floor.seq, hash: floor.hash, islands: [[floor.seq + 1, first[1]], ...rest] }
}

export interface HaveOptions {
  readonly isKeeper: boolean
  readonly tags: readonly string[]
  /** What snapshots stand for; a keeper wants the originals all the same. */
  readonly floors?: ReadonlyMap<FeedId, Floor>
  readonly originals?: boolean
}

/** The log's tag, that of what is open to all (a keyring names them first), and of the others the newest. */
const askable = (tags: readonly string[]): readonly string[] =>
  tags.length <= limits.epochTags ? tags : [...tags.slice(0, 2), ...tags.slice(2 - limits.epochTags)]

export const headOf = (archive: Archive, options: HaveOptions): HaveHead => ({
  archive: bytesToHex(archive.identity),
  isKeeper: options.isKeeper,
  wants: options.isKeeper
    ? { type: "Everything" }
    : { type: "Tags", tags: askable(options.tags), originals: options.originals ?? false },
})

/** What is here, snapshots counted in, in the order of feeds. */
export const positionsOf = async (
  archive: Archive,
  options: Pick<HaveOptions, "floors">,
): Promise<readonly HavePosition[]> => {
  const floors = new Map(options.floors ?? [])
  const own = await archive.positions()
  await archive.settled()
  const positions = own.map(position => {
    const floor = floors.get(position.feed)
    floors.delete(position.feed)
    return raised(position, floor)
  })
  for (const floor of floors.values()) {
    positions.push(raised({ feed: floor.feed, contiguousSeq: 0, hash: undefined, islands: [] }, floor))
  }
  return positions.sort((one, other) => (one.feed < other.feed ? -1 : 1))
}

/** What this store tells another: what it has, and under which tags it wants more. The page that begins at `from`. */
export const haveOf = async (
  archive: Archive,
  options: HaveOptions,
  from: FeedId = firstFeed,
): Promise<Have> =>
  pageFrom(headOf(archive, options), await positionsOf(archive, options), from, limits.havePageBytes)

/** Whether a store has something behind what another has of a feed. */
export const namesMore = (theirs: Have, mine: readonly HavePosition[]): boolean => {
  const here = new Map(mine.map(({ feed, contiguousSeq }) => [feed, contiguousSeq]))
  return theirs.positions.some(({ feed, contiguousSeq }) => contiguousSeq > (here.get(feed) ?? 0))
}

/**
 * How often something was offered because a feed forked: numbers do not tell whether it arrived, so it is offered a
 * few times to one peer, or in one room, and not at every Have.
 */
export type ForkOffers = Map<string, number>

const offersOfForks = 3

const isOfferedAgain = (offers: ForkOffers, name: string): boolean => {
  const count = offers.get(name) ?? 0
  return count < offersOfForks
}

/** Counts what is given now because a feed forked. What was only thought of, and then not given, does not count. */
export const countForkOffers = (offers: ForkOffers, given: readonly Stretch[]): void => {
  for (const name of new Set(given.flatMap(({ fork }) => (fork === undefined ? [] : [fork]))))
    offers.set(name, (offers.get(name) ?? 0) + 1)
}

/**
 * What a store with `mine` can give to one that has `theirs`: for each feed that the other wants, the gaps below
 * its islands and everything behind. A feed whose bundle at the other's position is not known here under the same
 * hash has forked: then all of it is offered, and both branches meet.
 */
const stretchesFor = (
  theirs: Have,
  mine: readonly FeedPosition[],
  isKnown: (feed: FeedId, seq: number, hash: string) => boolean,
  logTag: string | undefined,
  offers: ForkOffers,
): readonly Stretch[] => {
  const theirsByFeed = new Map(theirs.positions.map(position => [position.feed, position]))
  const wanted = theirs.wants.type === "Tags" ? new Set(theirs.wants.tags) : undefined
  const stretches: { stretch: Stretch; isLog: boolean }[] = []
  for (const position of mine) {
    // Another page tells whether the other has it.
    if (!tellsOf(theirs, position.feed)) continue
    if (wanted !== undefined && !position.tags.some(tag => wanted.has(tag))) continue
    const their = theirsByFeed.get(position.feed)
    const top = Math.max(position.contiguousSeq, ...position.islands.map(([, to]) => to))
    const isLog = logTag !== undefined && position.tags.includes(logTag)
    let fork: Pick<Stretch, "fork"> = {}
    const offer = (from: number, to: number): void => {
      if (from <= to && from <= top)
        stretches.push({ stretch: { feed: position.feed, from, to, ...fork }, isLog })
    }
    if (their === undefined || their.contiguousSeq === 0) {
      offerAround(their?.islands ?? [], 1, offer)
      continue
    }
    const reaches = position.contiguousSeq >= their.contiguousSeq
    const isOther = reaches && !isKnown(position.feed, their.contiguousSeq, their.hash ?? "")
    const hasForked = isOther && isOfferedAgain(offers, position.feed)
    if (hasForked) fork = { fork: position.feed }
    offerAround(their.islands, hasForked ? 1 : their.contiguousSeq + 1, offer)
  }
  // Membership first: content that arrives before its author's admission would only be parked.
  return [...stretches.filter(({ isLog }) => isLog), ...stretches.filter(({ isLog }) => !isLog)].map(
    ({ stretch }) => stretch,
  )
}

const offerAround = (
  islands: readonly (readonly [number, number])[],
  from: number,
  offer: (from: number, to: number) => void,
): void => {
  let next = from
  for (const [start, end] of islands) {
    offer(next, start - 1)
    next = end + 1
  }
  offer(next, Infinity)
}

async function* bundlesIn(archive: Archive, stretches: readonly Stretch[]): AsyncGenerator<Uint8Array> {
  for (const { feed, from, to } of stretches) {
    let next = from
    while (next <= to) {
      const page = await archive.read(feed, next, limits.bundlesPerMessageBytes)
      if (page.length === 0) break
      await archive.settled()
      for (const { bundle } of page) {
        if (bundle.seq > to) break
        yield bundle.bytes
      }
      next = (page.at(-1)?.bundle.seq ?? to) + 1
    }
  }
}

/** Messages of at most `limits.bundlesPerMessageBytes`; the first of at most `firstBytes`, each next of twice that. */
async function* packed(
  bundles: AsyncIterable<Uint8Array>,
  firstBytes: number = limits.bundlesPerMessageBytes,
): AsyncGenerator<readonly Uint8Array[]> {
  let limitBytes = firstBytes
  let message: Uint8Array[] = []
  let bytes = 0
  for await (const bundle of bundles) {
    if (bytes + bundle.length > limitBytes && message.length > 0) {
      yield message
      message = []
      bytes = 0
      limitBytes = Math.min(2 * limitBytes, limits.bundlesPerMessageBytes)
    }
    message.push(bundle)
    bytes += bundle.length
  }
  if (message.length > 0) yield message
}

/** The stretches as messages, read page by page. */
export const readStretches = (
  archive: Archive,
  stretches: readonly Stretch[],
): AsyncGenerator<readonly Uint8Array[]> => packed(bundlesIn(archive, stretches))

/** A message is taken in as a whole: what is needed first must not wait for what is needed later. */
const firstMessageBytes = 16 * 1024

/** The bundles of these hashes in this order, then the stretches; small messages first. */
export const readOffer = (
  archive: Archive,
  first: readonly BundleHash[],
  stretches: readonly Stretch[],
): AsyncGenerator<readonly Uint8Array[]> => {
  const bundles = async function* (): AsyncGenerator<Uint8Array> {
    for (const hash of first) {
      const bundle = await archive.get(hash)
      await archive.settled()
      if (bundle !== undefined) yield bundle.bytes
    }
    yield* bundlesIn(archive, stretches)
  }
  return packed(bundles(), first.length === 0 ? undefined : firstMessageBytes)
}

/** Everything that `theirs` lacks and wants, from this archive. */
export const missingFor = async (
  archive: Archive,
  theirs: Have,
  logTag: string | undefined,
  offers: ForkOffers = new Map(),
): Promise<readonly Stretch[]> => {
  const mine = await archive.positions()
  const known = new Set<string>()
  const ownHash = new Map(mine.map(({ feed, hash }) => [feed, hash]))
  for (const their of theirs.positions) {
    if (their.hash === undefined) continue
    if (ownHash.get(their.feed) === their.hash || (await archive.has(their.hash)))
      known.add(`${their.feed} ${their.contiguousSeq}`)
  }
  const stretches = stretchesFor(theirs, mine, (feed, seq) => known.has(`${feed} ${seq}`), logTag, offers)
  const wanted = theirs.wants.type === "Tags" ? new Set(theirs.wants.tags) : undefined
  const isWanted = (feed: FeedId): boolean =>
    tellsOf(theirs, feed) &&
    (wanted === undefined ||
      mine.some(position => position.feed === feed && position.tags.some(tag => wanted.has(tag))))
  const isOffered = (feed: FeedId, seq: number): boolean =>
    stretches.some(stretch => stretch.feed === feed && stretch.from <= seq && seq <= stretch.to)
  // Which variants the other has, its position does not say.
  const forks = (await archive.forks())
    .filter(({ feed, seq }) => isWanted(feed) && !isOffered(feed, seq))
    .map(({ feed, seq }) => ({ feed, from: seq, to: seq, fork: `${feed} ${seq}` }))
    .filter(({ fork }) => isOfferedAgain(offers, fork))
  return [...stretches, ...forks]
}
