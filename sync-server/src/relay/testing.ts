import {
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign as nodeSign,
  verify as nodeVerify,
} from "node:crypto"
import {
  type Clock,
  type Log,
  type Random,
  type RoomId,
  bytesToHex,
  concatBytes,
  textToBytes,
} from "@home/shared/base"
import {
  type ClientFrame,
  type RelayFrame,
  challengeDomain,
  challengeMessage,
  encodeClientFrame,
  parseRelayFrame,
} from "@home/shared/wire"
import { WebSocket } from "ws"
import type { Verify } from "./server.js"

// What the relay's tests share: keys through node:crypto (any Ed25519 will do), and a client without manners.

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
export const systemRandom: Random = { bytes: length => new Uint8Array(randomBytes(length)) }
export const silentLog: Log = { event: () => {} }

/** DER around a raw Ed25519 seed and public key. RFC 8410, section 7 and 4. */
const seedPrefix = Buffer.from("302e020100300506032b657004220420", "hex")
const publicPrefix = Buffer.from("302a300506032b6570032100", "hex")

const underDomain = (domain: string, message: Uint8Array): Uint8Array =>
  concatBytes(textToBytes(`${domain}\0`), message)

export const testVerify: Verify = async (domain, publicKey, message, signature) => {
  const key = createPublicKey({
    key: Buffer.concat([publicPrefix, publicKey]),
    format: "der",
    type: "spki",
  })
  return nodeVerify(null, underDomain(domain, message), key, signature)
}

export interface TestRoom {
  readonly id: RoomId
  sign(domain: string, message: Uint8Array): Uint8Array
}

export const createTestRoom = (seed: Uint8Array = systemRandom.bytes(32)): TestRoom => {
  const key = createPrivateKey({ key: Buffer.concat([seedPrefix, seed]), format: "der", type: "pkcs8" })
  const spki = createPublicKey(key).export({ format: "der", type: "spki" })
  return {
    id: bytesToHex(new Uint8Array(spki.subarray(publicPrefix.length))) as RoomId,
    sign: (domain, message) => new Uint8Array(nodeSign(null, underDomain(domain, message), key)),
  }
}

/** A client that sends what it is told, well-formed or not, and keeps all that comes. */
export interface RawClient {
  readonly ws: WebSocket
  readonly frames: readonly RelayFrame[]
  readonly closeCode: number | undefined
  send(frame: ClientFrame): void
  sendBytes(bytes: Uint8Array): void
  /** Resolves with the first frame (also of the past) that the test holds for. */
  wait<T extends RelayFrame["type"]>(
    type: T,
    test?: (frame: Extract<RelayFrame, { type: T }>) => boolean,
  ): Promise<Extract<RelayFrame, { type: T }>>
  closed(): Promise<number>
  join(
    room: TestRoom,
    after?: number,
    store?: string,
    window?: number,
  ): Promise<Extract<RelayFrame, { type: "Joined" }>>
  /** Posts and waits for the acknowledgement. */
  post(room: TestRoom, request: number, blob: Uint8Array): Promise<Extract<RelayFrame, { type: "Ack" }>>
}

export const testOrigin = "wss://relay.example"

export const connectRaw = async (url: string): Promise<RawClient> => {
  const ws = new WebSocket(url, { perMessageDeflate: false })
  const frames: RelayFrame[] = []
  let closeCode: number | undefined
  let changed = (): void => {}
  let change = new Promise<void>(resolve => {
    changed = resolve
  })
  const tell = (): void => {
    const told = changed
    change = new Promise<void>(resolve => {
      changed = resolve
    })
    told()
  }
  ws.on("message", (message: Buffer) => {
    const parsed = parseRelayFrame(new Uint8Array(message))
    if (!parsed.ok) throw new Error(`the relay sent ${parsed.error.type}`)
    frames.push(parsed.value)
    tell()
  })
  ws.on("error", () => {})
  ws.on("close", code => {
    closeCode = code
    tell()
  })
  await new Promise((resolve, reject) => {
    ws.once("open", resolve)
    ws.once("error", reject)
  })
  const client: RawClient = {
    ws,
    frames,
    get closeCode() {
      return closeCode
    },
    send: frame => ws.send(encodeClientFrame(frame)),
    sendBytes: bytes => ws.send(bytes),
    async wait(type, test = () => true) {
      for (;;) {
        for (const frame of frames) {
          const typed = frame as Extract<RelayFrame, { type: typeof type }>
          if (frame.type === type && test(typed)) return typed
        }
        if (closeCode !== undefined) throw new Error(`closed with ${closeCode} while waiting for ${type}`)
        await change
      }
    },
    async closed() {
      while (closeCode === undefined) await change
      return closeCode
    },
    async join(room, after = 0, store, window = 0) {
      const seen = frames.length
      const { nonce } = await client.wait("Challenge")
      const signature = room.sign(challengeDomain, challengeMessage(nonce, room.id, testOrigin))
      client.send({ type: "Join", room: room.id, origin: testOrigin, signature, store, after, window })
      return client.wait("Joined", frame => frame.room === room.id && frames.indexOf(frame) >= seen)
    },
    async post(room, request, blob) {
      client.send({ type: "Post", request, room: room.id, blob })
      return client.wait("Ack", frame => frame.request === request)
    },
  }
  return client
}
