import {
  type BundleHash,
  ByteReader,
  type CircleId,
  type FeedId,
  type GroupId,
  type IncarnationId,
  type Random,
  type Store,
  bytesToHex,
  concatBytes,
} from "../base/index.js"
import {
  type BundleBody,
  type Certificate,
  type Sealer,
  certificateDomain,
  encodeBody,
  encodeCertificate,
  parseCertificate,
} from "../wire/index.js"
import type { Archive, StoredBundle } from "./archive.js"
import type { DeviceIdentity } from "./identity.js"
import type { SealingKey } from "./keyring.js"
import type { OpenedBundle } from "./opened-bundle.js"

/** A feed of this device's present incarnation: for one circle, or (undefined) for membership operations. */
interface OwnFeed {
  readonly seed: Uint8Array
  readonly certificate: Certificate
  readonly certificateHash: string
  seq: number
  prev: Uint8Array
  /** The epoch of the last bundle: the first bundle of each carries the whole certificate. */
  lastTag: string | undefined
}

/** A bundle of our own with what is in it: nobody here has to open it again. */
export interface MadeBundle extends StoredBundle {
  readonly opened: OpenedBundle
}

/**
 * This device's feeds. A bundle is made and durable in the archive before anyone sees it, and the feed moves on when it
 * is there: a number is never given to two different bundles.
 */
export interface Feeds {
  readonly incarnation: IncarnationId
  /** Somebody knows bundles of ours that we do not: this profile is a copy. Goes on under fresh feeds. */
  renew(incarnation: IncarnationId): void
  /** Durable when it resolves; `isSoon`: when a later append is, which must come before anyone sees the bundle. */
  publish(
    key: SealingKey,
    body: Omit<BundleBody, "certificate" | "group">,
    isSoon?: boolean,
  ): Promise<MadeBundle>
  /** Whether the feed belongs to this device's present incarnation. */
  isOwn(feed: FeedId): boolean
  /** The present incarnation's feed for a circle, or (undefined) for the log, once there is one. */
  feedOf(circle: CircleId | undefined): FeedId | undefined
}

const zeros = new Uint8Array(32)

/**
 * A manifest stands for the feed's earlier bundles too, the one with the certificate among them: a newcomer opens it
 * by its own. The catalogue comes first, and so whatever follows it need not wait for the manifest.
 */
const isOpenedFirst = ({ kind, document }: Pick<BundleBody, "kind" | "document">): boolean =>
  kind === "manifest" || (kind === "snapshot" && document?.area === "catalogue")

export const openFeeds = async (
  deps: {
    readonly sealer: Sealer
    readonly random: Random
    readonly store: Store
    readonly archive: Archive
  },
  own: { readonly identity: DeviceIdentity; readonly group: GroupId; readonly incarnation: IncarnationId },
): Promise<Feeds> => {
  const { sealer, store, archive } = deps
  let { incarnation } = own
  const feeds = new Map<CircleId | "log", OwnFeed>()
  const ownIds = new Set<FeedId>()

  const make = async (circle: CircleId | undefined): Promise<Uint8Array> => {
    const seed = deps.random.bytes(32)
    const feed = bytesToHex(sealer.signingKeyOf(seed)) as FeedId
    const unsigned = encodeCertificate({
      group: own.group,
      device: own.identity.id,
      circle,
      incarnation,
      feed,
    })
    const signature = await sealer.sign(certificateDomain, own.identity.secrets.signing, unsigned)
    return concatBytes(seed, unsigned, signature)
  }

  const load = async (circle: CircleId | undefined): Promise<OwnFeed> => {
    const name = circle ?? "log"
    const known = feeds.get(name)
    if (known !== undefined) return known
    const key = ["feed", incarnation, name]
    let stored = await store.get(key)
    if (stored === undefined) {
      stored = await make(circle)
      await store.write([{ type: "Put", key, value: stored }])
    }
    const reader = new ByteReader(stored)
    const seed = reader.bytes(32)
    const certificate = parseCertificate(stored.subarray(32))
    if (certificate === undefined) throw new Error("a feed in the store is damaged")
    const position = await archive.position(certificate.feed)
    const last = position?.hash === undefined ? undefined : await archive.get(position.hash)
    const feed: OwnFeed = {
      seed,
      certificate,
      certificateHash: bytesToHex(sealer.hash(certificateDomain, certificate.bytes)),
      seq: position?.contiguousSeq ?? 0,
      prev: last === undefined ? zeros : sealer.bundleHash(last),
      lastTag: last?.epochTag,
    }
    feeds.set(name, feed)
    ownIds.add(certificate.feed)
    return feed
  }

  for (const { key } of await store.list(["feed", incarnation])) {
    await load(key[2] === "log" ? undefined : (key[2] as CircleId))
  }

  return {
    get incarnation() {
      return incarnation
    },
    renew: fresh => {
      incarnation = fresh
      feeds.clear()
      ownIds.clear()
    },
    isOwn: feed => ownIds.has(feed),
    feedOf: circle => feeds.get(circle ?? "log")?.certificate.feed,
    publish: async (key, content, isSoon = false) => {
      const feed = await load(key.circle)
      const certificate: BundleBody["certificate"] =
        feed.lastTag === key.tag && !isOpenedFirst(content)
          ? { type: "Hash", hash: feed.certificateHash }
          : { type: "Full", bytes: feed.certificate.bytes }
      const body = { ...content, certificate, group: own.group }
      const bundle = await sealer.sealBundle({
        key: key.key,
        feedSeed: feed.seed,
        seq: feed.seq + 1,
        prev: feed.prev,
        body: encodeBody(body),
      })
      const prev = sealer.bundleHash(bundle)
      const stored: StoredBundle = { hash: bytesToHex(prev) as BundleHash, bundle }
      await (isSoon ? archive.appendSoon([stored]) : archive.append([stored]))
      feed.seq += 1
      feed.prev = prev
      feed.lastTag = key.tag
      const { certificate: known, certificateHash } = feed
      return { ...stored, opened: { body, certificate: known, certificateHash, circle: key.circle } }
    },
  }
}
