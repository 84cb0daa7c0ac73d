import {
  ByteReader,
  ByteWriter,
  type ChunkId,
  type CircleId,
  type Random,
  type RoomId,
  type Store,
  areaCodes,
  areaFromCode,
  bytesToHex,
} from "../base/index.js"
import {
  type BlobAsk,
  type BlobPlace,
  type RelaySession,
  type RoomKeys,
  type Sealer,
  limits,
  parsePeerMessage,
} from "../wire/index.js"
import type { Blobs } from "./blobs.js"

/**
 * The relay room into which others post the chunks that this device asked for. Its secret stands in the Ask and
 * nowhere else, so whoever cannot read the Ask neither finds the room nor opens what lies in it. It is given up for
 * another one when it has held much, or when somebody fills it with what was not asked for.
 */
export interface Tray {
  readonly keys: RoomKeys | undefined
  /** Asks for chunks that a document at `place` shows. They may come in this run or in a later one. */
  want(chunks: readonly ChunkId[], place: BlobPlace): Promise<void>
  /** After a restart: what was asked for may lie there. */
  resume(): Promise<void>
  joined(store: string, from: number): void
  /** The relay has lost something: it may have been an answer. */
  forgotten(): void
  take(room: RoomId, offset: number, blob: Uint8Array): Promise<void>
  caughtUp(): Promise<void>
}

/** Blobs that may come before we ask for more: 4 MiB. */
const windowBlobs = 4
/** Chunks asked for at once; of more the oldest wait for whoever looks at them again. */
const maxAsked = limits.chunksPerMessage
/** Blobs after which a tray that nobody waits for is given up: its room at the relay has a quota. */
const maxTaken = 128
/** What nobody asked for before a tray is given up for another. */
const maxUnasked = 8

interface TrayRecord {
  readonly secret: Uint8Array
  store: string | undefined
  after: number
  taken: number
  readonly asked: Map<ChunkId, BlobPlace>
}

/** `secret 32 | isKnown u8 | store 16 | after u64 | taken u32 | list of (chunk 32, circle 16, area u8, name text)`. */
const encodeTray = ({ secret, store, after, taken, asked }: TrayRecord): Uint8Array =>
  new ByteWriter()
    .bytes(secret)
    .u8(store === undefined ? 0 : 1)
    .hex(store ?? "00".repeat(16))
    .u64(after)
    .u32(taken)
    .list([...asked], (list, [id, { circle, area, name }]) =>
      list.hex(id).hex(circle).u8(areaCodes[area]).text(name),
    )
    .done()

const parseTray = (bytes: Uint8Array): TrayRecord => {
  const reader = new ByteReader(bytes)
  const secret = reader.bytes(32).slice()
  const isKnown = reader.u8() === 1
  const store = reader.hex(16)
  const [after, taken] = [reader.u64(), reader.u32()]
  const asked = reader.list(maxAsked, list => {
    const [id, circle] = [list.hex(32) as ChunkId, list.hex(16) as CircleId]
    const area = areaFromCode(list.u8())
    const name = list.text(limits.nameBytes)
    if (area === undefined) throw new Error("a tray's record of our own does not parse")
    return [id, { circle, area, name }] as const
  })
  if (!reader.end()) throw new Error("a tray's record of our own does not parse")
  return { secret, store: isKnown ? store : undefined, after, taken, asked: new Map(asked) }
}

export const createTray = (deps: {
  readonly store: Store
  readonly sealer: Sealer
  readonly random: Random
  readonly blobs: Blobs
  readonly session: () => RelaySession
  readonly origin: string
  readonly say: (circle: CircleId, ask: BlobAsk) => Promise<void>
  /** A chunk that was asked for is on the disk. */
  readonly onStored: (id: ChunkId, place: BlobPlace) => Promise<void>
}): Tray => {
  const { store, sealer, blobs } = deps
  const key = ["tray", deps.origin]
  const fresh = (asked = new Map<ChunkId, BlobPlace>()): TrayRecord => ({
    secret: deps.random.bytes(32),
    store: undefined,
    after: 0,
    taken: 0,
    asked,
  })
  let record: TrayRecord | undefined
  let keys: RoomKeys | undefined
  let isOpen = false
  let isCaughtUp = false
  let unasked = 0
  /** What the last Ask in each circle named. */
  let said = new Map<CircleId, ReadonlySet<ChunkId>>()

  const idOf = ({ id }: RoomKeys): RoomId => bytesToHex(id) as RoomId
  const use = (next: TrayRecord): TrayRecord => {
    record = next
    keys = sealer.roomOf(next.secret, deps.origin)
    said = new Map()
    unasked = 0
    return next
  }
  const load = async (): Promise<TrayRecord> => {
    if (record !== undefined) return record
    const stored = await store.get(key)
    return record ?? use(stored === undefined ? fresh() : parseTray(stored))
  }
  const save = (tray: TrayRecord): Promise<void> =>
    store.write([{ type: "Put", key, value: encodeTray(tray) }])

  const open = (tray: TrayRecord): void => {
    if (isOpen || keys === undefined) return
    isOpen = true
    deps.session().join(idOf(keys), { store: tray.store, after: tray.after }, windowBlobs)
  }
  const shut = (): void => {
    if (keys !== undefined && isOpen) deps.session().leave(idOf(keys))
    isOpen = isCaughtUp = false
  }

  /** Says what is wanted where that is more than was said, or nothing any more: late answers are spared. */
  const ask = async (tray: TrayRecord): Promise<void> => {
    const wanted = new Map<CircleId, ChunkId[]>([...said.keys()].map(circle => [circle, []]))
    for (const [id, { circle }] of tray.asked) wanted.set(circle, [...(wanted.get(circle) ?? []), id])
    for (const [circle, chunks] of wanted) {
      const before = said.get(circle) ?? new Set()
      const isNews = chunks.some(id => !before.has(id)) || (chunks.length === 0 && before.size > 0)
      if (!isNews) continue
      said.set(circle, new Set(chunks))
      await deps.say(circle, { type: "Ask", secret: tray.secret, chunks })
    }
  }

  const settle = async (tray: TrayRecord): Promise<void> => {
    await save(tray)
    if (tray.asked.size > 0) return isCaughtUp ? ask(tray) : open(tray)
    await ask(tray)
    shut()
    if (tray.taken >= maxTaken) await save(use(fresh()))
  }

  const takeChunk = async (tray: TrayRecord, bytes: Uint8Array): Promise<void> => {
    const id = blobs.idOf(bytes)
    const place = tray.asked.get(id)
    if (place === undefined) {
      // Two may have answered: what is here already is no offence.
      if (!(await blobs.has(id))) unasked += 1
      return
    }
    // A disk that is full or broken is no reason to go on asking: whoever looks again asks again.
    const isHere = await blobs.put(id, bytes, place).catch(() => false)
    tray.asked.delete(id)
    if (isHere) await deps.onStored(id, place)
  }

  return {
    get keys() {
      return isOpen ? keys : undefined
    },
    want: async (chunks, place) => {
      const tray = await load()
      for (const id of chunks) {
        if (tray.asked.has(id) || (await blobs.has(id))) continue
        const [oldest] = tray.asked.keys()
        if (tray.asked.size >= maxAsked && oldest !== undefined) tray.asked.delete(oldest)
        tray.asked.set(id, place)
      }
      if (tray.asked.size > 0) await settle(tray)
    },
    resume: async () => {
      const tray = await load()
      for (const id of [...tray.asked.keys()]) if (await blobs.has(id)) tray.asked.delete(id)
      if (tray.asked.size > 0) open(tray)
    },
    joined: (joinedStore, from) => {
      if (record !== undefined) Object.assign(record, { store: joinedStore, after: from })
    },
    forgotten: () => {
      said = new Map()
    },
    take: async (room, offset, blob) => {
      const tray = await load()
      // It may be of the one that was given up.
      if (!isOpen || keys === undefined || idOf(keys) !== room) return
      const plain = sealer.openOuter(keys, blob)
      const message = plain && parsePeerMessage(plain)
      if (message?.type === "Chunk") await takeChunk(tray, message.bytes)
      else unasked += 1
      tray.after = Math.max(tray.after, offset)
      tray.taken += 1
      if (unasked >= maxUnasked) {
        shut()
        return settle(use(fresh(tray.asked)))
      }
      await settle(tray)
      if (isOpen && tray.taken % windowBlobs === 0) deps.session().read(idOf(keys), tray.after, windowBlobs)
    },
    caughtUp: async () => {
      isCaughtUp = true
      await settle(await load())
    },
  }
}
