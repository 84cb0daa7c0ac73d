import { type Dialer, type RoomId, type Socket, bytesToHex } from "../../base/index.js"
import { type ClientFrame, type RelayFrame, encodeRelayFrame, parseClientFrame } from "../../wire/index.js"
import { sha256 } from "./plain-family.js"

/** A relay that keeps everything in order and checks no signature: the device's side is what is looked at here. */
export const createMemoryRelay = () => {
  let store = "aa".repeat(16)
  let isUp = true
  let isSilent = false
  const expired = new Set<Uint8Array>()
  const blobs = new Map<RoomId, Uint8Array[]>()
  const lines = new Set<{ give(frame: RelayFrame): void; close(): void; readonly rooms: Set<RoomId> }>()
  const reads: { room: RoomId; after: number }[] = []

  const put = (room: RoomId, blob: Uint8Array, by?: object): void => {
    const kept = blobs.get(room) ?? []
    blobs.set(room, kept)
    kept.push(blob)
    for (const other of lines)
      if (other !== by && other.rooms.has(room)) other.give({ type: "Blob", room, offset: kept.length, blob })
  }

  const handle = (line: { give(frame: RelayFrame): void; rooms: Set<RoomId> }, frame: ClientFrame): void => {
    if (frame.type === "Ping") return line.give({ type: "Pong" })
    const { room } = frame
    const kept = blobs.get(room) ?? []
    blobs.set(room, kept)
    const read = (after: number): void => {
      reads.push({ room, after })
      kept.slice(after).forEach((blob, i) => {
        if (!expired.has(blob)) line.give({ type: "Blob", room, offset: after + i + 1, blob })
      })
      line.give({ type: "CaughtUp", room, next: kept.length + 1 })
    }
    if (frame.type === "Join") {
      const from = frame.store === store ? Math.min(frame.after, kept.length) : 0
      line.rooms.add(room)
      line.give({ type: "Joined", room, store, from, first: 1, next: kept.length + 1 })
      read(from)
    }
    if (frame.type === "Read") read(frame.after)
    if (frame.type === "Cast") {
      for (const other of lines) {
        if (other !== line && other.rooms.has(room)) other.give({ type: "CastBlob", room, blob: frame.blob })
      }
    }
    if (frame.type === "Leave") line.rooms.delete(room)
    if (frame.type === "Post" && !isSilent) {
      put(room, frame.blob, line)
      line.give({ type: "Ack", request: frame.request, offset: kept.length, caughtUp: true })
    }
  }

  const dialer: Dialer = {
    connect: async () => {
      if (!isUp) throw new Error("nobody answers")
      const early: Uint8Array[] = []
      let receive: (bytes: Uint8Array) => void = bytes => early.push(bytes)
      let closed: () => void = () => {}
      const line = {
        rooms: new Set<RoomId>(),
        give: (frame: RelayFrame) =>
          queueMicrotask(() => lines.has(line) && receive(encodeRelayFrame(frame))),
        close: () => {
          if (lines.delete(line)) queueMicrotask(() => closed())
        },
      }
      lines.add(line)
      const socket: Socket = {
        send: bytes => {
          const frame = parseClientFrame(bytes)
          if (frame.ok && lines.has(line)) handle(line, frame.value)
        },
        close: line.close,
        bufferedBytes: () => 0,
        onMessage: listener => {
          receive = listener
          for (const bytes of early.splice(0)) listener(bytes)
        },
        onClose: listener => (closed = listener),
      }
      line.give({
        type: "Challenge",
        nonce: new Uint8Array(32),
        blobBytes: 5 * 1024 * 1024,
        castBytes: 64 * 1024,
      })
      return socket
    },
  }
  return {
    dialer,
    reads,
    /** Somebody's blob. */
    put: (room: RoomId, blob: Uint8Array): void => put(room, blob),
    rooms: () => [...blobs.keys()],
    count: () => [...blobs.values()].reduce((sum, kept) => sum + kept.length, 0),
    bytes: () => [...blobs.values()].flat(),
    bytesIn: (room: RoomId): readonly Uint8Array[] => blobs.get(room) ?? [],
    expire: () => [...blobs.values()].flat().forEach(blob => expired.add(blob)),
    /** Takes posts, and neither keeps nor answers them. */
    set isSilent(silent: boolean) {
      isSilent = silent
    },
    cut: () => [...lines].forEach(line => line.close()),
    forget: () => {
      store = bytesToHex(sha256(new TextEncoder().encode(store))).slice(0, 32)
      blobs.clear()
    },
    down: () => {
      isUp = false
      for (const line of [...lines]) line.close()
    },
  }
}
