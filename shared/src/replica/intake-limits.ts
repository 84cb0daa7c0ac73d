import {
  ByteReader,
  ByteWriter,
  type CircleId,
  type DeviceId,
  type FeedId,
  type Store,
  type StoreChange,
} from "../base/index.js"
import { type Certificate, type SealedBundle, limits, parseCertificate } from "../wire/index.js"
import type { GroupSession } from "./group-session.js"
import type { OpenBundle } from "./opened-bundle.js"

/**
 * What may be filled here by whom. A feed is **known** when its certificate is: what its device writes there is taken.
 * Bundles of other feeds share one allowance. Nothing is evicted, so nobody pushes out what is here; and what there
 * was no room for is lacking in the next Have, so it is offered again.
 */
export interface IntakeLimits {
  /** Whether there is no room for a bundle that is not here. Its feed's signature was checked. */
  refusal(bundle: SealedBundle): Promise<"TooManyFeeds" | "TooManyParked" | undefined>
  /** Counts a bundle that is going to be stored; the changes keep the count. */
  count(bundle: SealedBundle): readonly StoreChange[]
  /** A feed turned out to be this certificate's: what it holds is not a stranger's any more. */
  known(certificate: Certificate): readonly StoreChange[]
}

/** Bundles of feeds that are not known, ... */
const strangersBundles = 10_000
/** ... and their bytes: an import that came before its author's admission, many times over. */
const strangersBytes = 64 * 1024 * 1024

interface Held {
  readonly bundles: number
  readonly bytes: number
}

export const createIntakeLimits = (deps: {
  readonly store: Store
  readonly session: GroupSession
  readonly open: OpenBundle
  readonly isKeeper: boolean
}): IntakeLimits => {
  const { store, session } = deps
  const feeds = new Map<string, Set<FeedId>>()
  const knownFeeds = new Set<FeedId>()
  const strangers = new Map<FeedId, Held>()
  let held: Held = { bundles: 0, bytes: 0 }
  let isLoaded = false

  const feedsOf = (device: DeviceId, circle: CircleId | undefined): Set<FeedId> => {
    const name = `${device} ${circle ?? "log"}`
    const found = feeds.get(name) ?? new Set()
    feeds.set(name, found)
    return found
  }
  const remember = ({ device, circle, feed }: Certificate): void => {
    knownFeeds.add(feed)
    feedsOf(device, circle).add(feed)
  }
  const hold = (feed: FeedId, more: Held): Held => {
    const before = strangers.get(feed) ?? { bundles: 0, bytes: 0 }
    const after = { bundles: before.bundles + more.bundles, bytes: before.bytes + more.bytes }
    strangers.set(feed, after)
    held = { bundles: held.bundles + more.bundles, bytes: held.bytes + more.bytes }
    return after
  }

  const load = async (): Promise<void> => {
    if (isLoaded) return
    isLoaded = true
    for (const { value } of await store.list(["certificate"])) {
      const certificate = parseCertificate(value)
      if (certificate !== undefined) remember(certificate)
    }
    for (const { key, value } of await store.list(["stranger"])) {
      const reader = new ByteReader(value)
      if (knownFeeds.has(key[1] as FeedId)) continue
      hold(key[1] as FeedId, { bundles: reader.u64(), bytes: reader.u64() })
    }
  }

  /** A keeper takes what it has no key for: it is the archive of circles that it does not read. */
  const isBlind = (bundle: SealedBundle): boolean =>
    deps.isKeeper && session.keyring.keyOf(bundle.epochTag) === undefined

  return {
    refusal: async bundle => {
      await load()
      if (knownFeeds.has(bundle.feed) || isBlind(bundle)) return undefined
      const opened = await deps.open(bundle)
      if (!opened.ok) {
        const isFull = held.bundles >= strangersBundles || held.bytes + bundle.bytes.length > strangersBytes
        return isFull ? "TooManyParked" : undefined
      }
      const { device, circle } = opened.value.certificate
      // Of a device that is gone the rest is taken from those who had room: nobody makes more, and all end the same.
      const isLive = session.state().devices.get(device)?.live === true
      if (isLive && feedsOf(device, circle).size >= limits.feedsPerDevice) return "TooManyFeeds"
      remember(opened.value.certificate)
      return undefined
    },
    count: bundle => {
      if (knownFeeds.has(bundle.feed) || isBlind(bundle)) return []
      const after = hold(bundle.feed, { bundles: 1, bytes: bundle.bytes.length })
      const value = new ByteWriter().u64(after.bundles).u64(after.bytes).done()
      return [{ type: "Put", key: ["stranger", bundle.feed], value }]
    },
    known: certificate => {
      if (!knownFeeds.has(certificate.feed)) remember(certificate)
      const was = strangers.get(certificate.feed)
      if (was === undefined) return []
      strangers.delete(certificate.feed)
      held = { bundles: held.bundles - was.bundles, bytes: held.bytes - was.bytes }
      return [{ type: "Remove", key: ["stranger", certificate.feed] }]
    },
  }
}
