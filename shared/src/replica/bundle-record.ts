import {
  type ActorId,
  type BundleHash,
  ByteReader,
  ByteWriter,
  type ChangeHash,
  type CircleId,
  type DeviceId,
  type DocumentName,
  type FeedId,
  type OperationId,
  areaCodes,
  areaFromCode,
} from "../base/index.js"
import { type ObjectUse, type Reference, limits } from "../wire/index.js"

/** Kinds of bundles that bring changes of a document. The place is the code that is stored. */
const recordKinds = ["changes", "snapshot", "moved"] as const
export type RecordKind = (typeof recordKinds)[number]

/**
 * What the verdict needs to know of one opened bundle of a document; kept sealed beside the archive, because
 * opening thousands of bundles again for every removal would take minutes.
 */
export interface BundleRecord {
  readonly hash: BundleHash
  readonly feed: FeedId
  readonly seq: number
  readonly device: DeviceId
  readonly circle: CircleId
  readonly document: DocumentName
  readonly kind: RecordKind
  /** The author's membership heads, together with those of the bundle's ancestors in its feed. */
  readonly heads: readonly OperationId[]
  readonly changes: readonly RecordedChange[]
}

export interface RecordedChange {
  readonly hash: ChangeHash
  readonly actor: ActorId
  readonly seq: number
  readonly deps: readonly ChangeHash[]
  readonly startOp: number
  readonly operationCount: number
  readonly references: readonly Reference[]
  readonly makes: readonly Omit<ObjectUse, "actor">[]
  readonly uses: readonly ObjectUse[]
}

/**
 * `hash 32 | feed 32 | seq u64 | device 16 | circle 16 | area u8 | name text | kind u8 | heads list |
 * change count u32 | (hash 32 | actor 16 | seq u64 | deps list)*`
 */
export const encodeRecord = (record: BundleRecord): Uint8Array => {
  const writer = new ByteWriter()
    .hex(record.hash)
    .hex(record.feed)
    .u64(record.seq)
    .hex(record.device)
    .hex(record.circle)
    .u8(areaCodes[record.document.area])
    .text(record.document.name)
    .u8(recordKinds.indexOf(record.kind))
    .list(record.heads, (list, head) => list.hex(head))
    .u32(record.changes.length)
  for (const { hash, actor, seq, deps, startOp, operationCount, references, makes, uses } of record.changes) {
    writer
      .hex(hash)
      .hex(actor)
      .u64(seq)
      .list(deps, (list, dep) => list.hex(dep))
      .u64(startOp)
      .u32(operationCount)
    writer.list(references, (list, named) => list.hex(named.actor).u64(named.counter))
    writer.u32(makes.length)
    for (const { counter, isSequence } of makes) writer.u64(counter).u8(isSequence ? 1 : 0)
    writer.u32(uses.length)
    for (const { actor: of, counter, isSequence } of uses)
      writer
        .hex(of)
        .u64(counter)
        .u8(isSequence ? 1 : 0)
  }
  return writer.done()
}

/** `count u32`, then so many. */
const many = <T>(reader: ByteReader, one: (reader: ByteReader) => T): readonly T[] => {
  const count = reader.u32()
  const found: T[] = []
  for (let i = 0; i < count && !reader.failed; i++) found.push(one(reader))
  return found
}

/** `undefined`: written by another version; the caller makes the record again from the bundle. */
export const parseRecord = (bytes: Uint8Array): BundleRecord | undefined => {
  const reader = new ByteReader(bytes)
  const hash = reader.hex(32) as BundleHash
  const feed = reader.hex(32) as FeedId
  const seq = reader.u64()
  const device = reader.hex(16) as DeviceId
  const circle = reader.hex(16) as CircleId
  const area = areaFromCode(reader.u8())
  const name = reader.text(limits.nameBytes)
  const kind = recordKinds[reader.u8()]
  const heads = reader.list(0xffff, list => list.hex(32) as OperationId)
  const count = reader.u32()
  const changes: RecordedChange[] = []
  for (let i = 0; i < count && !reader.failed; i++) {
    changes.push({
      hash: reader.hex(32) as ChangeHash,
      actor: reader.hex(16) as ActorId,
      seq: reader.u64(),
      deps: reader.list(0xffff, list => list.hex(32) as ChangeHash),
      startOp: reader.u64(),
      operationCount: reader.u32(),
      references: reader.list(0xffff, list => ({ actor: list.hex(16) as ActorId, counter: list.u64() })),
      makes: many(reader, list => ({ counter: list.u64(), isSequence: list.u8() === 1 })),
      uses: many(reader, list => ({
        actor: list.hex(16) as ActorId,
        counter: list.u64(),
        isSequence: list.u8() === 1,
      })),
    })
  }
  if (!reader.end() || area === undefined || kind === undefined) return undefined
  return { hash, feed, seq, device, circle, document: { area, name }, kind, heads, changes }
}
