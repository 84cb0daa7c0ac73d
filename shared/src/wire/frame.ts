import { ByteReader, ByteWriter, type Result, type RoomId, err, ok } from "../base/index.js"

/** Sizes that no frame exceeds, whatever a relay allows; a relay may allow less and says so in `Challenge`. */
export const frameLimits = {
  /** One outer blob, bytes: the largest bundle (4 MiB), padded by at most 12 %, sealed once more. */
  blobBytes: 5 * 1024 * 1024,
  /** One cast, bytes: presence and signalling are below 4 kB. */
  castBytes: 64 * 1024,
  /** A relay's origin, UTF-8 bytes: a host name has at most 253. */
  originBytes: 300,
  /** Everything of a frame that is not its blob, bytes: `Join` with its origin is the longest. */
  overheadBytes: 512,
} as const

export const protocolVersion = 1
export const nonceBytes = 32
export const roomBytes = 32
export const joinSignatureBytes = 64
export const storeBytes = 16

/** Why a relay refuses. Codes go on the wire and never change. */
export const refusalCodes = {
  /** The frame could not be parsed; the relay closes the connection. */
  Malformed: 1,
  /** The signature does not prove the room's key. Says nothing about whether the room exists. */
  NotProven: 2,
  /** Post, cast or read in a room that this connection has not joined. */
  NotJoined: 3,
  BlobTooLarge: 4,
  /** The room holds as many bytes or blobs as it may; old ones expire. */
  RoomFull: 5,
  /** The relay holds as many rooms or bytes as it may. */
  RelayFull: 6,
  /** This connection has joined as many rooms as it may. */
  TooManyRooms: 7,
  /** As many connections as may be are in this room. */
  RoomBusy: 8,
  /** As many connections as may be come from this address. */
  AddressBusy: 9,
  /** Too many requests or bytes in a short time; `retryMs` says when to go on. */
  RateLimited: 10,
  /** The relay could not store the blob; nothing of it is kept. */
  StoreFailed: 11,
  /** No room was proven in time. */
  TooSlow: 12,
  /** More waits to be sent to this connection than may. */
  NotReading: 13,
  ShuttingDown: 14,
  /** This address has had as many bytes stored, or rooms made, as it may for now; `retryMs` says when to go on. */
  AddressFull: 15,
} as const

export type RefusalReason = keyof typeof refusalCodes

const refusalReasons = Object.keys(refusalCodes) as readonly RefusalReason[]

/** What was refused: one post (by its request), a room, or the whole connection, which the relay then closes. */
export type RefusalSubject =
  | { readonly type: "Connection" }
  | { readonly type: "Room"; readonly room: RoomId }
  | { readonly type: "Post"; readonly request: number }

/**
 * Client to relay. Offsets are the relay's numbers of a room, from 1; `after` is the last one taken, 0 for none.
 * `window` is how many blobs may come before the relay waits for the next `Read`, 0 for no such limit.
 */
export type ClientFrame =
  | {
      readonly type: "Join"
      readonly room: RoomId
      /** The relay's name for itself as the client knows it: it is in the room's keys and under the signature. */
      readonly origin: string
      /** Ed25519 by the room's key over `challengeMessage`. */
      readonly signature: Uint8Array
      /** The store (hex, 16 bytes) that `after` counts in; `undefined` when the client never read here. */
      readonly store: string | undefined
      readonly after: number
      readonly window: number
    }
  | { readonly type: "Leave"; readonly room: RoomId }
  | { readonly type: "Post"; readonly request: number; readonly room: RoomId; readonly blob: Uint8Array }
  | { readonly type: "Cast"; readonly room: RoomId; readonly blob: Uint8Array }
  | { readonly type: "Read"; readonly room: RoomId; readonly after: number; readonly window: number }
  | { readonly type: "Ping" }

/** Relay to client. */
export type RelayFrame =
  | {
      readonly type: "Challenge"
      readonly nonce: Uint8Array
      /** The largest blob and cast that this relay takes, bytes. */
      readonly blobBytes: number
      readonly castBytes: number
    }
  | {
      readonly type: "Joined"
      readonly room: RoomId
      /** The identity of the relay's store, hex, 16 bytes: another one has forgotten everything. */
      readonly store: string
      /** Where the relay starts: the `after` of the join, or 0 when it was counted in another store. */
      readonly from: number
      /** Nothing at or above this offset was ever dropped. */
      readonly first: number
      /** Above every offset that was given so far. */
      readonly next: number
    }
  | { readonly type: "Blob"; readonly room: RoomId; readonly offset: number; readonly blob: Uint8Array }
  /** All below `next` was sent; what follows is live. */
  | { readonly type: "CaughtUp"; readonly room: RoomId; readonly next: number }
  | { readonly type: "CastBlob"; readonly room: RoomId; readonly blob: Uint8Array }
  /** The blob is durable. "Stored", never "delivered". */
  | {
      readonly type: "Ack"
      readonly request: number
      readonly offset: number
      /** This connection was sent everything below `offset`, and the blob itself does not come back to it. */
      readonly caughtUp: boolean
    }
  | {
      readonly type: "Refused"
      readonly subject: RefusalSubject
      readonly reason: RefusalReason
      /** When trying again may help, milliseconds from now; 0: time alone does not. */
      readonly retryMs: number
    }
  | { readonly type: "Pong" }

export type FrameError =
  | { readonly type: "FrameTooLarge" }
  | { readonly type: "FrameMalformed" }
  /** A type or version that this program does not know. A client ignores such a frame, a relay refuses it. */
  | { readonly type: "FrameUnknown"; readonly code: number }

const clientCodes = { Join: 1, Leave: 2, Post: 3, Cast: 4, Read: 5, Ping: 6 } as const
const relayCodes = {
  Challenge: 65,
  Joined: 66,
  Blob: 67,
  CaughtUp: 68,
  CastBlob: 69,
  Ack: 70,
  Refused: 71,
  Pong: 72,
} as const
const subjectCodes = { Connection: 0, Room: 1, Post: 2 } as const

/** What stands before the blob in frames that carry one, bytes. */
const clientBlobHeads: Readonly<Record<string, number>> = { Post: 1 + 4 + 32 + 4, Cast: 1 + 32 + 4 }
const relayBlobHeads: Readonly<Record<string, number>> = { Blob: 1 + 32 + 8 + 4, CastBlob: 1 + 32 + 4 }

/** Exact for frames that carry a blob, so that a blob is copied once; the others fit into a small buffer. */
const expectedBytes = (
  frame: { readonly type: string; readonly blob?: Uint8Array },
  heads: Readonly<Record<string, number>>,
): number => (frame.blob === undefined ? 128 : (heads[frame.type] ?? 0) + frame.blob.length)

const noStore = "00".repeat(storeBytes)

/** The domain that the room's key signs a challenge under. */
export const challengeDomain = "relay challenge"

/** What proves a room's key at one relay, once: `version u8 | nonce 32 | room 32 | origin u16 + UTF-8`. */
export const challengeMessage = (nonce: Uint8Array, room: RoomId, origin: string): Uint8Array =>
  new ByteWriter().u8(protocolVersion).bytes(nonce).hex(room).text(origin).done()

/**
 * `type u8`, then
 * Join `room 32 | origin u16 + UTF-8 | signature 64 | store 16 (zeros: none) | after u64 | window u32` ·
 * Leave `room 32` · Post `request u32 | room 32 | blob u32 + bytes` · Cast `room 32 | blob u32 + bytes` ·
 * Read `room 32 | after u64 | window u32` · Ping nothing.
 */
export const encodeClientFrame = (frame: ClientFrame): Uint8Array => {
  const writer = new ByteWriter(expectedBytes(frame, clientBlobHeads)).u8(clientCodes[frame.type])
  switch (frame.type) {
    case "Join":
      writer.hex(frame.room).text(frame.origin).bytes(frame.signature)
      return writer
        .hex(frame.store ?? noStore)
        .u64(frame.after)
        .u32(frame.window)
        .done()
    case "Leave":
      return writer.hex(frame.room).done()
    case "Post":
      return writer.u32(frame.request).hex(frame.room).block(frame.blob).done()
    case "Cast":
      return writer.hex(frame.room).block(frame.blob).done()
    case "Read":
      return writer.hex(frame.room).u64(frame.after).u32(frame.window).done()
    case "Ping":
      return writer.done()
  }
}

/**
 * `type u8`, then
 * Challenge `version u8 | nonce 32 | blobBytes u32 | castBytes u32` ·
 * Joined `room 32 | store 16 | from u64 | first u64 | next u64` · Blob `room 32 | offset u64 | blob u32 + bytes` ·
 * CaughtUp `room 32 | next u64` · CastBlob `room 32 | blob u32 + bytes` · Ack `request u32 | offset u64 | caughtUp u8 (0 or 1)` ·
 * Refused `subject u8 (0 connection | 1 room 32 | 2 request u32) | reason u8 | retryMs u32` · Pong nothing.
 */
export const encodeRelayFrame = (frame: RelayFrame): Uint8Array => {
  const writer = new ByteWriter(expectedBytes(frame, relayBlobHeads)).u8(relayCodes[frame.type])
  switch (frame.type) {
    case "Challenge":
      return writer.u8(protocolVersion).bytes(frame.nonce).u32(frame.blobBytes).u32(frame.castBytes).done()
    case "Joined":
      return writer.hex(frame.room).hex(frame.store).u64(frame.from).u64(frame.first).u64(frame.next).done()
    case "Blob":
      return writer.hex(frame.room).u64(frame.offset).block(frame.blob).done()
    case "CaughtUp":
      return writer.hex(frame.room).u64(frame.next).done()
    case "CastBlob":
      return writer.hex(frame.room).block(frame.blob).done()
    case "Ack":
      return writer
        .u32(frame.request)
        .u64(frame.offset)
        .u8(frame.caughtUp ? 1 : 0)
        .done()
    case "Refused":
      writer.u8(subjectCodes[frame.subject.type])
      if (frame.subject.type === "Room") writer.hex(frame.subject.room)
      if (frame.subject.type === "Post") writer.u32(frame.subject.request)
      return writer.u8(refusalCodes[frame.reason]).u32(frame.retryMs).done()
    case "Pong":
      return writer.done()
  }
}

const readRoom = (reader: ByteReader): RoomId => reader.hex(roomBytes) as RoomId

const readClientFrame = (reader: ByteReader, code: number): ClientFrame | undefined => {
  switch (code) {
    case clientCodes.Join: {
      const room = readRoom(reader)
      const origin = reader.text(frameLimits.originBytes)
      const signature = reader.bytes(joinSignatureBytes)
      const store = reader.hex(storeBytes)
      const after = reader.u64()
      const window = reader.u32()
      return {
        type: "Join",
        room,
        origin,
        signature,
        store: store === noStore ? undefined : store,
        after,
        window,
      }
    }
    case clientCodes.Leave:
      return { type: "Leave", room: readRoom(reader) }
    case clientCodes.Post: {
      const request = reader.u32()
      const room = readRoom(reader)
      return { type: "Post", request, room, blob: reader.block(frameLimits.blobBytes) }
    }
    case clientCodes.Cast: {
      const room = readRoom(reader)
      return { type: "Cast", room, blob: reader.block(frameLimits.castBytes) }
    }
    case clientCodes.Read: {
      const room = readRoom(reader)
      const after = reader.u64()
      return { type: "Read", room, after, window: reader.u32() }
    }
    case clientCodes.Ping:
      return { type: "Ping" }
    default:
      return undefined
  }
}

const readSubject = (reader: ByteReader): RefusalSubject => {
  const code = reader.u8()
  if (code === subjectCodes.Room) return { type: "Room", room: readRoom(reader) }
  if (code === subjectCodes.Post) return { type: "Post", request: reader.u32() }
  if (code !== subjectCodes.Connection) reader.fail()
  return { type: "Connection" }
}

const readReason = (reader: ByteReader): RefusalReason => {
  const code = reader.u8()
  const reason = refusalReasons.find(name => refusalCodes[name] === code)
  if (reason === undefined) reader.fail()
  return reason ?? "Malformed"
}

const readRelayFrame = (reader: ByteReader, code: number): RelayFrame | undefined => {
  switch (code) {
    case relayCodes.Challenge: {
      if (reader.u8() !== protocolVersion) return undefined
      const nonce = reader.bytes(nonceBytes)
      const blobBytes = reader.u32()
      return { type: "Challenge", nonce, blobBytes, castBytes: reader.u32() }
    }
    case relayCodes.Joined: {
      const room = readRoom(reader)
      const store = reader.hex(storeBytes)
      const from = reader.u64()
      const first = reader.u64()
      return { type: "Joined", room, store, from, first, next: reader.u64() }
    }
    case relayCodes.Blob: {
      const room = readRoom(reader)
      const offset = reader.u64()
      return { type: "Blob", room, offset, blob: reader.block(frameLimits.blobBytes) }
    }
    case relayCodes.CaughtUp: {
      const room = readRoom(reader)
      return { type: "CaughtUp", room, next: reader.u64() }
    }
    case relayCodes.CastBlob: {
      const room = readRoom(reader)
      return { type: "CastBlob", room, blob: reader.block(frameLimits.castBytes) }
    }
    case relayCodes.Ack: {
      const request = reader.u32()
      const offset = reader.u64()
      const caughtUp = reader.u8()
      if (caughtUp > 1) reader.fail()
      return { type: "Ack", request, offset, caughtUp: caughtUp === 1 }
    }
    case relayCodes.Refused: {
      const subject = readSubject(reader)
      const reason = readReason(reader)
      return { type: "Refused", subject, reason, retryMs: reader.u32() }
    }
    case relayCodes.Pong:
      return { type: "Pong" }
    default:
      return undefined
  }
}

const parseWith = <T>(
  bytes: Uint8Array,
  read: (reader: ByteReader, code: number) => T | undefined,
): Result<T, FrameError> => {
  if (bytes.length > frameLimits.blobBytes + frameLimits.overheadBytes) return err({ type: "FrameTooLarge" })
  const reader = new ByteReader(bytes)
  const code = reader.u8()
  const frame = read(reader, code)
  if (frame === undefined) return err({ type: "FrameUnknown", code })
  return reader.end() ? ok(frame) : err({ type: "FrameMalformed" })
}

/** Parses what a relay received: exact layout, nothing left over; blobs are views into `bytes`. */
export const parseClientFrame = (bytes: Uint8Array): Result<ClientFrame, FrameError> =>
  parseWith(bytes, readClientFrame)

/** Parses what a client received: exact layout, nothing left over; blobs are views into `bytes`. */
export const parseRelayFrame = (bytes: Uint8Array): Result<RelayFrame, FrameError> =>
  parseWith(bytes, readRelayFrame)
