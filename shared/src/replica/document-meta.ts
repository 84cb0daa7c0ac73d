import {
  ByteReader,
  ByteWriter,
  type CircleId,
  type DocumentId,
  type DocumentName,
  type StoreChange,
  areaCodes,
  areaFromCode,
} from "../base/index.js"
import { limits } from "../wire/index.js"

/** A document and where it lives: the id is a hash of group, circle, area and name. */
export interface DocumentKey extends DocumentName {
  readonly id: DocumentId
  readonly circle: CircleId
}

export interface Meta {
  readonly key: DocumentKey
  /** Counts rebuilds: each has a local id of its own, so stale tabs cannot bring refused changes back. */
  readonly generation: number
}

/** `circle 16 | area u8 | name text | generation u32` */
const encodeMeta = (meta: Meta): Uint8Array =>
  new ByteWriter()
    .hex(meta.key.circle)
    .u8(areaCodes[meta.key.area])
    .text(meta.key.name)
    .u32(meta.generation)
    .done()

export const parseMeta = (id: DocumentId, bytes: Uint8Array): Meta | undefined => {
  const reader = new ByteReader(bytes)
  const circle = reader.hex(16) as CircleId
  const area = areaFromCode(reader.u8())
  const name = reader.text(limits.nameBytes)
  const generation = reader.u32()
  return reader.end() && area !== undefined ? { key: { id, circle, area, name }, generation } : undefined
}

export const metaPut = (meta: Meta): StoreChange => ({
  type: "Put",
  key: ["document", meta.key.id],
  value: encodeMeta(meta),
})
