import type { Area, CircleId, MemberId } from "../base/index.js"
import { circleProfile } from "../access/index.js"
import { type BlobRef, copySteps, parseLedger } from "../documents/index.js"
import { type Blobs, type DocumentKey, type Replica, circlesReadBy } from "../replica/index.js"
import { makeCircle, shownCircles } from "./circles.js"
import { familyProfile } from "./names.js"

interface Holder {
  readonly replica: Replica
  readonly blobs: Blobs
}

/** What came along. */
export interface CarriedOver {
  readonly documents: number
  /** Beside Everyone. */
  readonly circles: number
  readonly files: number
  /** Files of which something is not on the old device: their entries show that they were there. */
  readonly missingFiles: number
}

/** Cards and what was compared hang on the old family's keys: other families are met anew. */
const carriedAreas = [
  "book",
  "ledger",
  "notes",
  "plans",
  "chat",
  "profile",
  "catalogue",
] as const satisfies readonly Area[]

/** A member's profile goes along under his old id, so that what he wrote keeps his name. */
const isCarried = ({ area, name }: DocumentKey): boolean =>
  area !== "profile" || (name !== familyProfile && name !== circleProfile)

const carryCircles = async (from: Holder, to: Holder): Promise<ReadonlyMap<CircleId, CircleId>> => {
  const { replica } = from
  const circles = new Map([[replica.everyone(), to.replica.everyone()]])
  const read = new Set(circlesReadBy(replica.session.state(), replica.device))
  for (const circle of await shownCircles(from)) {
    if (circle.isEveryone || !read.has(circle.id)) continue
    const made = await makeCircle(to, circle.name, [])
    if (!made.ok) throw new Error("a founder may not make a circle")
    circles.set(circle.id, made.value)
  }
  return circles
}

/** False: something of it is not here. What is here goes along all the same. */
const carryFile = async (from: Holder, to: Holder, ref: BlobRef, at: DocumentKey): Promise<boolean> => {
  let isWhole = true
  for (const chunk of ref.chunks) {
    const bytes = await from.blobs.chunk(chunk)
    isWhole = bytes !== undefined && (await to.blobs.put(chunk, bytes, at)) && isWhole
  }
  return isWhole
}

/**
 * Writes all that one device shows into another family, which its own member has just founded: what stands in the
 * documents, not what they said before, and everything by the founder's hand. The old family is only read.
 */
export const carryOver = async (
  from: Holder,
  to: Holder,
  onDocument: (done: number, of: number) => void,
): Promise<CarriedOver> => {
  const circles = await carryCircles(from, to)
  const keys: DocumentKey[] = []
  for (const area of carriedAreas)
    for (const key of await from.replica.documents(area))
      if (circles.has(key.circle) && isCarried(key)) keys.push(key)
  let files = 0
  let missingFiles = 0
  for (const [done, old] of keys.entries()) {
    onDocument(done, keys.length)
    const key = to.replica.keyFor(old.area, old.name, circles.get(old.circle))
    const { steps, refs } = await from.replica.read(old, doc => ({
      steps: copySteps(doc),
      refs: old.area === "ledger" ? receiptsOf(doc) : [],
    }))
    for (const step of steps) {
      const written = await to.replica.change(key, step)
      if (!written.ok) throw new Error(`a founder may not write ${key.area}`)
    }
    for (const ref of refs) {
      if (await carryFile(from, to, ref, key)) files += 1
      else missingFiles += 1
    }
  }
  onDocument(keys.length, keys.length)
  return { documents: keys.length, circles: circles.size - 1, files, missingFiles }
}

const receiptsOf = (doc: unknown): readonly BlobRef[] => {
  const ledger = parseLedger(doc)
  return ledger.ok ? [...ledger.value.entries.values()].flatMap(entry => entry.receipts) : []
}

/** The people of a family before, whose names were carried over and who are not in this one. */
export const formerMembers = async ({ replica }: Pick<Holder, "replica">): Promise<readonly MemberId[]> => {
  const { members } = replica.session.state()
  const everyone = replica.everyone()
  return (await replica.documents("profile"))
    .filter(({ circle, name }) => circle === everyone && /^[0-9a-f]{32}$/.test(name))
    .map(({ name }) => name as MemberId)
    .filter(member => !members.has(member))
}
