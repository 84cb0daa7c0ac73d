import * as A from "@automerge/automerge"
import { type BundleHash, type DocumentId, type FeedId, areas } from "@home/shared/base"
import { type GroupState, liveDevicesOf } from "@home/shared/access"
import { type DocumentKey, type Replica, circlesReadBy } from "@home/shared/replica"
import type { SimulatedDevice } from "./device.js"
import type { World } from "./world.js"

/** What one device holds, in a form that two devices can be compared by. */
export interface View {
  readonly device: SimulatedDevice
  readonly replica: Replica
  readonly membership: string
  readonly operations: string
  readonly bundles: ReadonlyMap<
    BundleHash,
    { readonly tag: string; readonly feed: FeedId; readonly seq: number }
  >
  readonly documents: ReadonlyMap<DocumentId, DocumentView>
}

interface DocumentView {
  readonly key: DocumentKey
  readonly accepted: string
  readonly heads: string
  readonly content: string
}

const plain = (value: unknown): unknown => {
  if (value instanceof Map) return [...value].map(([key, inner]) => [key, plain(inner)]).sort()
  if (value instanceof Set) return [...value].sort()
  if (value instanceof Uint8Array) return Array.from(value).join(" ")
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== "object") return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, plain(inner)]),
  )
}

/** Running devices in good faith; some may have been removed without their knowledge. */
export const honest = (world: World): readonly SimulatedDevice[] =>
  world.devices.filter(device => !device.isRogue && !device.isLost && device.running !== undefined)

const isReader = (view: View, key: Pick<DocumentKey, "circle">): boolean =>
  liveDevicesOf(view.replica.session.state(), key.circle).includes(view.device.identity.id)

const viewOf = async (device: SimulatedDevice): Promise<View | undefined> => {
  const replica = device.running?.replica
  if (replica === undefined) return undefined
  const { session } = replica
  const documents = new Map<DocumentId, DocumentView>()
  if (!device.isKeeper) {
    for (const area of areas) {
      for (const key of await replica.documents(area)) {
        const index = await replica.index(key)
        const shown = await replica.read(key, doc => ({
          heads: [...A.getHeads(doc)].sort().join(" "),
          content: JSON.stringify(A.toJS(doc)),
        }))
        documents.set(key.id, { key, accepted: [...index.accepted].sort().join(" "), ...shown })
      }
    }
  }
  const page = await device.profile.archive.readSince(0, Number.MAX_SAFE_INTEGER)
  return {
    device,
    replica,
    operations: [...session.log.heads()].sort().join(" "),
    membership: JSON.stringify(plain(session.state())),
    bundles: new Map(
      page.bundles.map(({ hash, bundle: { epochTag: tag, feed, seq } }) => [hash, { tag, feed, seq }]),
    ),
    documents,
  }
}

/** Of the devices that must end equal: those that are live by all that anybody knows. */
export const viewsOf = async (world: World, state: GroupState | undefined): Promise<readonly View[]> => {
  const views: View[] = []
  for (const device of honest(world)) {
    if (state?.devices.get(device.identity.id)?.live !== true) continue
    const view = await world.finish(`looking at ${device.name}`, viewOf(device), device)
    if (view !== undefined) views.push(view)
  }
  return views
}

/** Every way in which live honest devices differ; none: they agree. */
export const differences = (views: readonly View[]): readonly string[] => {
  const found: string[] = []
  const [first, ...others] = views
  if (first === undefined) return found
  for (const view of others) {
    const pair = `${first.device.name} and ${view.device.name}`
    if (view.operations !== first.operations) found.push(`operations of ${pair}`)
    else if (view.membership !== first.membership) found.push(`membership of ${pair}`)
  }
  const persons = views.filter(view => !view.device.isKeeper)
  const ids = new Set(persons.flatMap(view => [...view.documents.keys()]))
  for (const id of ids) {
    const key = persons.map(view => view.documents.get(id)?.key).find(known => known !== undefined)
    if (key === undefined) continue
    const readers = persons.filter(view => isReader(view, key))
    const [one, ...rest] = readers
    for (const other of rest) {
      const a = one?.documents.get(id)
      const b = other.documents.get(id)
      const pair = `${key.area}/${key.name} at ${one?.device.name} and ${other.device.name}`
      // A document that was only opened holds its fixed changes, and so does one that was never heard of.
      if (a === undefined || b === undefined) {
        if (((a ?? b)?.accepted ?? "") !== "") found.push(`existence of ${pair}`)
        continue
      }
      if (a.accepted !== b.accepted) found.push(`accepted changes of ${pair}`)
      if (a.heads !== b.heads) found.push(`heads of ${pair}`)
      else if (a.content !== b.content) found.push(`content of ${pair}`)
    }
  }
  return found
}

/**
 * Bundles that one live honest device holds and another, whose keys open them (or who keeps all), does not.
 * `byRelay`: a relay's rooms bring nobody what his circles do not hold, and take it
 * from nobody who is in them no more.
 */
export const lostBundles = (views: readonly View[], byRelay: boolean): ReadonlySet<BundleHash> => {
  const lost = new Set<BundleHash>()
  for (const holder of views) {
    for (const [hash, { tag }] of holder.bundles) {
      if (byRelay && !mustHold(holder, tag, true)) continue
      for (const view of views) {
        if (!view.bundles.has(hash) && mustHold(view, tag, byRelay)) lost.add(hash)
      }
    }
  }
  return lost
}

export const mustHold = ({ device, replica }: View, tag: string, byRelay: boolean): boolean => {
  const key = replica.session.keyring.keyOf(tag)
  if (!byRelay) return key !== undefined || device.isKeeper
  const circles = circlesReadBy(replica.session.state(), device.identity.id)
  if (key?.circle === undefined) return key !== undefined && circles.length > 0
  return circles.includes(key.circle)
}
