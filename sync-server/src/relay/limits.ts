import { frameLimits } from "@home/shared/wire"

/** A token bucket: `burst` at once, then `perSecond` on average. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** Every bound of the relay. All can be set when it is opened. */
export interface RelayLimits {
  /** Bytes of one blob. */
  readonly blobBytes: number
  /** Bytes of one cast. */
  readonly castBytes: number
  /** Bytes kept for one room. */
  readonly roomBytes: number
  /** Blobs kept for one room. */
  readonly roomBlobs: number
  /** Rooms kept, with or without blobs. */
  readonly rooms: number
  /** Bytes kept for all rooms together. */
  readonly storeBytes: number
  /** How long a blob is kept, and a room after its last post, milliseconds. */
  readonly ttlMs: number
  readonly connections: number
  readonly connectionsPerAddress: number
  readonly connectionsPerRoom: number
  readonly roomsPerConnection: number
  /** Wrong signatures on one connection before it is closed. */
  readonly failedJoins: number
  /** Time for a connection to prove a first room, milliseconds; the same after it has left its last one. */
  readonly challengeMs: number
  /** A connection that is silent for so long is closed, milliseconds. */
  readonly idleMs: number
  /** Live blobs go to a socket only while fewer bytes than this wait in it; one blob may come on top. */
  readonly sendBufferBytes: number
  /** Further bytes of answers before a connection that does not read is closed. */
  readonly answerBytes: number
  /** One read of the store: bytes and blobs. At least one blob is read whatever its size. */
  readonly pageBytes: number
  readonly pageBlobs: number
  /** Bytes of all posts that wait for the store; beyond it posts are refused for a second. */
  readonly pendingBytes: number
  /** Frames of one connection. */
  readonly requestRate: Rate
  /** Bytes of posts and casts of one connection. */
  readonly byteRate: Rate
  /** Joins from one address: each costs a signature check and may make a room. */
  readonly joinRate: Rate
  /** Bytes that one address may have stored. Over a day it is `perSecond` that counts. */
  readonly addressByteRate: Rate
  /** Rooms that one address may make: a room is made by the first post into an empty one. */
  readonly addressRoomRate: Rate
  /** A commit starts with so many posts waiting, or so long after the first of them, milliseconds. */
  readonly commitPosts: number
  readonly commitDelayMs: number
  /** How often deadlines are looked at and expired blobs removed, milliseconds. */
  readonly tickMs: number
}

const MiB = 1024 * 1024
const secondMs = 1000
const hourSeconds = 60 * 60
const dayMs = 24 * 60 * 60 * secondMs

export const defaultRelayLimits: RelayLimits = {
  blobBytes: frameLimits.blobBytes,
  castBytes: frameLimits.castBytes,
  /** Ten years of a family's edits are about 50 MiB sealed; an import of everything fits several times. */
  roomBytes: 256 * MiB,
  /** A busy family makes some hundred bundles a day. */
  roomBlobs: 100_000,
  /** Two families have about 60 rooms within a TTL; a community's relay some thousand. */
  rooms: 20_000,
  /** A small server's disk. */
  storeBytes: 16 * 1024 * MiB,
  /** Longer than a summer's holiday; who is away longer has front doors and the box. */
  ttlMs: 60 * dayMs,
  /** About 10 kB of memory each when they are quiet. */
  connections: 2_000,
  /** A household behind one address, with several tabs and devices each. */
  connectionsPerAddress: 64,
  /** 50 devices with two connections each. */
  connectionsPerRoom: 100,
  /** Five circles, each with the epochs of a TTL, and a front door for every device. */
  roomsPerConnection: 256,
  failedJoins: 16,
  challengeMs: 10 * secondMs,
  /** Three times the client's ping. */
  idleMs: 90 * secondMs,
  /** With one blob on top about 6 MiB a socket; bare `ws` grew by 195 MB for a paused one. */
  sendBufferBytes: 1 * MiB,
  answerBytes: 256 * 1024,
  pageBytes: 512 * 1024,
  pageBlobs: 256,
  pendingBytes: 64 * MiB,
  /** A start joins 256 rooms and posts what is waiting. */
  requestRate: { burst: 2_000, perSecond: 200 },
  /** An import is 10 MiB; a phone's uplink gives 1-4 MiB/s. */
  byteRate: { burst: 64 * MiB, perSecond: 4 * MiB },
  joinRate: { burst: 2_000, perSecond: 20 },
  /** Ten imports at once, then 64 MiB an hour: a stranger fills a room in two hours, the store in ten days. */
  addressByteRate: { burst: 128 * MiB, perSecond: (64 * MiB) / hourSeconds },
  /** A family's rooms of a TTL twice over, then 20 an hour: a stranger takes six weeks for all rooms. */
  addressRoomRate: { burst: 128, perSecond: 20 / hourSeconds },
  /** 64 posts in one commit were 47 times as fast as single ones; 3 ms is below what a network adds. */
  commitPosts: 64,
  commitDelayMs: 3,
  tickMs: secondMs,
}
