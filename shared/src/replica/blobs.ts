import {
  ByteReader,
  ByteWriter,
  type ChunkId,
  type CircleId,
  type Clock,
  type Random,
  type Result,
  type Store,
  areaCodes,
  areaFromCode,
  blobLimits,
  bytesToHex,
  err,
  hexToBytes,
  ok,
} from "../base/index.js"
import type { BlobRef } from "../documents/blob-ref.js"
import { type BlobPlace, type BlobSealer, type Sealer, limits } from "../wire/index.js"
import type { BlobStore } from "./blob-store.js"

/**
 * Here: all of it. OnBox: a box has said that it keeps all that is not here. Elsewhere: some device has it, the one
 * that attached it for sure; the box may too, and tells when it is asked. TooBig: more than this device may hold.
 */
export type BlobState = "Here" | "OnBox" | "Elsewhere" | "TooBig"

export type BlobError =
  /** Longer than a blob may be. */
  | { readonly type: "TooLong" }
  /** This device may hold no more, and nothing of it may be let go before a box keeps it. */
  | { readonly type: "NoRoom" }

/** The chunks that this device or box holds: sealing, opening, what a box keeps of them, and the quota. */
export interface Blobs {
  /**
   * Seals and stores a file for a document that is about to show it. Nobody learns of it before that. Rejects when
   * the disk fails or the source does: nothing of it stays.
   */
  add(
    place: BlobPlace,
    source: AsyncIterable<Uint8Array>,
    about: { readonly type: string; readonly name: string },
  ): Promise<Result<BlobRef, BlobError>>
  state(ref: BlobRef): Promise<BlobState>
  /** The chunks of a blob that are not here. */
  missing(ref: BlobRef): Promise<readonly ChunkId[]>
  /** The content, a chunk at a time. Throws when a chunk is not here: ask `missing` before. */
  content(ref: BlobRef): AsyncGenerator<Uint8Array>
  has(id: ChunkId): Promise<boolean>
  /** `undefined`: it is not here, or the disk has altered it: then it is taken out, to be asked for again. */
  chunk(id: ChunkId): Promise<Uint8Array | undefined>
  idOf(bytes: Uint8Array): ChunkId
  /** Stores a chunk that somebody here has asked for. False: there is no room. */
  put(id: ChunkId, bytes: Uint8Array, place: BlobPlace): Promise<boolean>
  /** A box has them on its disk: this device need not. */
  markKept(ids: readonly ChunkId[]): Promise<void>
  /** What is here and kept by no box, as far as is known: by document, in messages' lengths. */
  unkept(): Promise<readonly { readonly place: BlobPlace; readonly chunks: readonly ChunkId[] }[]>
  /** What is here and came before this time. */
  before(ms: number): Promise<readonly ChunkId[]>
  /** Forgets chunks that no document shows; they were added for one that never came to be, or were detached. */
  forget(ids: readonly ChunkId[]): Promise<void>
  count(): Promise<{ readonly chunks: number; readonly bytes: number; readonly unkept: number }>
}

/** `sizeBytes u32 | isHere u8 | isKept u8 | addedMs u64 | circle 16 | area u8 | name text` under `["chunk", id]`. */
interface ChunkRecord {
  readonly id: ChunkId
  readonly sizeBytes: number
  readonly isHere: boolean
  readonly isKept: boolean
  readonly addedMs: number
  readonly place: BlobPlace
}

const encodeRecord = ({ sizeBytes, isHere, isKept, addedMs, place }: ChunkRecord): Uint8Array =>
  new ByteWriter()
    .u32(sizeBytes)
    .u8(isHere ? 1 : 0)
    .u8(isKept ? 1 : 0)
    .u64(addedMs)
    .hex(place.circle)
    .u8(areaCodes[place.area])
    .text(place.name)
    .done()

const parseRecord = (id: ChunkId, bytes: Uint8Array): ChunkRecord => {
  const reader = new ByteReader(bytes)
  const sizeBytes = reader.u32()
  const [isHere, isKept] = [reader.u8() === 1, reader.u8() === 1]
  const addedMs = reader.u64()
  const circle = reader.hex(16) as CircleId
  const area = areaFromCode(reader.u8())
  const name = reader.text(limits.nameBytes)
  if (area === undefined || !reader.end()) throw new Error("a chunk's record of our own does not parse")
  return { id, sizeBytes, isHere, isKept, addedMs, place: { circle, area, name } }
}

export const createBlobs = (deps: {
  readonly store: Store
  readonly blobs: BlobStore
  readonly sealer: Pick<Sealer, "sha256">
  readonly blobSealer: BlobSealer
  readonly random: Random
  readonly clock: Clock
  /** What this device or box may hold, in bytes. */
  readonly quotaBytes: number
}): Blobs => {
  const { store, blobs, blobSealer, random } = deps
  const keyOf = (id: ChunkId): readonly string[] => ["chunk", id]

  const recordOf = async (id: ChunkId): Promise<ChunkRecord | undefined> => {
    const stored = await store.get(keyOf(id))
    return stored && parseRecord(id, stored)
  }
  const records = async (): Promise<readonly ChunkRecord[]> =>
    (await store.list(["chunk"])).map(({ key, value }) => parseRecord(key[1] as ChunkId, value))
  const write = (changed: readonly ChunkRecord[]): Promise<void> =>
    store.write(changed.map(record => ({ type: "Put", key: keyOf(record.id), value: encodeRecord(record) })))

  // One change at a time: two that make room at once would let go twice as much, or hold too much.
  let last: Promise<unknown> = Promise.resolve()
  const run = <T>(job: () => Promise<T>): Promise<T> => {
    const done = last.then(job)
    last = done.catch(() => {})
    return done
  }

  const idOf = (bytes: Uint8Array): ChunkId => bytesToHex(deps.sealer.sha256(bytes)) as ChunkId
  const sum = (held: readonly ChunkRecord[]): number =>
    held.reduce((total, { sizeBytes }) => total + sizeBytes, 0)

  /** Bytes of the chunks that are here: counted once, then kept. */
  let heldBytes: number | undefined
  const heldNow = async (): Promise<readonly ChunkRecord[]> =>
    (await records()).filter(({ isHere }) => isHere)

  /** First the record: what it says is here must be here. */
  const letGo = async (gone: readonly ChunkRecord[]): Promise<void> => {
    await write(gone.map(record => ({ ...record, isHere: false })))
    await blobs.remove(gone.map(({ id }) => id))
    heldBytes = undefined
  }

  /** Lets go of the oldest that a box keeps until `moreBytes` fit. */
  const makeRoom = async (moreBytes: number): Promise<boolean> => {
    heldBytes ??= sum(await heldNow())
    let excess = heldBytes + moreBytes - deps.quotaBytes
    if (excess <= 0) return true
    const least: ChunkRecord[] = []
    for (const record of (await heldNow())
      .filter(({ isKept }) => isKept)
      .sort((a, b) => a.addedMs - b.addedMs)) {
      if (excess <= 0) break
      least.push(record)
      excess -= record.sizeBytes
    }
    if (excess > 0) return false
    await letGo(least)
    return true
  }

  const putNow = async (id: ChunkId, bytes: Uint8Array, place: BlobPlace): Promise<boolean> => {
    const known = await recordOf(id)
    if (known?.isHere === true) return true
    if (!(await makeRoom(bytes.length))) return false
    await blobs.put(id, bytes)
    heldBytes = (heldBytes ?? 0) + bytes.length
    const addedMs = deps.clock.now()
    await write([
      { id, sizeBytes: bytes.length, isHere: true, isKept: known?.isKept === true, addedMs, place },
    ])
    return true
  }

  const forgetNow = async (ids: readonly ChunkId[]): Promise<void> => {
    await store.write(ids.map(id => ({ type: "Remove", key: keyOf(id) })))
    await blobs.remove(ids)
    heldBytes = undefined
  }

  const chunkNow = async (id: ChunkId): Promise<Uint8Array | undefined> => {
    const bytes = await blobs.get(id)
    if (bytes !== undefined && idOf(bytes) === id) return bytes
    const record = await recordOf(id)
    if (record?.isHere === true) await letGo([record])
    return undefined
  }

  const missing = async (ref: BlobRef): Promise<readonly ChunkId[]> => {
    const lacking: ChunkId[] = []
    for (const id of ref.chunks) if ((await recordOf(id))?.isHere !== true) lacking.push(id)
    return lacking
  }

  return {
    idOf,
    missing,
    add: async (place, source, about) => {
      const key = blobSealer.newKey()
      const chunks: ChunkId[] = []
      let sizeBytes = 0
      const counted = async function* (): AsyncGenerator<Uint8Array> {
        for await (const piece of source) {
          sizeBytes += piece.length
          yield piece
        }
      }
      const fail = async (error: BlobError): Promise<Result<never, BlobError>> => {
        await run(() => forgetNow(chunks))
        return err(error)
      }
      try {
        for await (const { id, bytes } of blobSealer.seal(key, counted())) {
          const chunk = bytesToHex(id) as ChunkId
          if (chunks.length === blobLimits.chunks) return await fail({ type: "TooLong" })
          chunks.push(chunk)
          if (!(await run(() => putNow(chunk, bytes, place)))) return await fail({ type: "NoRoom" })
        }
      } catch (error) {
        // A full disk may refuse this as well: then the sweep finds what lies there.
        await run(() => forgetNow(chunks)).catch(() => {})
        throw error
      }
      return ok({ id: bytesToHex(random.bytes(16)), key: bytesToHex(key), sizeBytes, ...about, chunks })
    },
    state: async ref => {
      const lacking = await missing(ref)
      if (lacking.length === 0) return "Here"
      const held = await records()
      const pinned = sum(held.filter(({ isHere, isKept }) => isHere && !isKept))
      if (pinned + ref.sizeBytes + ref.chunks.length * 16 > deps.quotaBytes) return "TooBig"
      const kept = new Set(held.filter(({ isKept }) => isKept).map(({ id }) => id))
      return lacking.every(id => kept.has(id)) ? "OnBox" : "Elsewhere"
    },
    content: async function* (ref) {
      const key = hexToBytes(ref.key)
      for (const [index, id] of ref.chunks.entries()) {
        const bytes = await run(() => chunkNow(id))
        const content =
          key && bytes && (await blobSealer.open(key, index, index === ref.chunks.length - 1, bytes))
        if (content === undefined) throw new Error("a chunk is missing or is not this blob's")
        yield content
      }
    },
    has: async id => (await recordOf(id))?.isHere === true,
    chunk: id => run(() => chunkNow(id)),
    put: (id, bytes, place) => run(() => putNow(id, bytes, place)),
    markKept: ids =>
      run(async () => {
        const changed: ChunkRecord[] = []
        for (const id of ids) {
          const record = await recordOf(id)
          if (record?.isKept === false) changed.push({ ...record, isKept: true })
        }
        if (changed.length > 0) await write(changed)
      }),
    unkept: async () => {
      const byPlace = new Map<string, { readonly place: BlobPlace; readonly chunks: ChunkId[] }>()
      for (const { id, isHere, isKept, place } of await records()) {
        if (!isHere || isKept) continue
        const name = `${place.circle} ${place.area} ${place.name}`
        const group = byPlace.get(name) ?? { place, chunks: [] }
        byPlace.set(name, group)
        group.chunks.push(id)
      }
      return [...byPlace.values()].flatMap(({ place, chunks }) =>
        Array.from({ length: Math.ceil(chunks.length / limits.chunksPerMessage) }, (_, i) => ({
          place,
          chunks: chunks.slice(i * limits.chunksPerMessage, (i + 1) * limits.chunksPerMessage),
        })),
      )
    },
    before: async ms => (await heldNow()).filter(({ addedMs }) => addedMs < ms).map(({ id }) => id),
    forget: ids => run(() => forgetNow(ids)),
    count: async () => {
      const held = await heldNow()
      return { chunks: held.length, bytes: sum(held), unkept: held.filter(({ isKept }) => !isKept).length }
    },
  }
}
