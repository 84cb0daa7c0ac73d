import { createSealer, noble } from "@home/crypto"
import { type RoomId, bytesToHex } from "@home/shared/base"
import { challengeDomain, challengeMessage, encodeClientFrame, parseRelayFrame } from "@home/shared/wire"
import { WebSocket } from "ws"
import { native } from "../../sync-server/src/native/all.js"
import { systemRandom } from "../../sync-server/src/profile/platform.js"

const origin = "wss://relay.example"
const sealer = createSealer({ random: systemRandom, primitives: native })

export interface BenchRoom {
  readonly id: RoomId
  readonly seed: Uint8Array
}

export const createRoom = (): BenchRoom => {
  const seed = systemRandom.bytes(32)
  return { id: bytesToHex(noble.ed25519PublicKey(seed)) as RoomId, seed }
}

/** An open connection that takes whatever comes. */
export const connect = (url: string): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const ws = new WebSocket(url, { perMessageDeflate: false })
    ws.once("open", () => resolve(ws))
    ws.once("error", reject)
  })

/** A connection to the relay that has proved the room's key and is caught up in it. */
export const connectToRoom = (url: string, room: BenchRoom): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const ws = new WebSocket(url, { perMessageDeflate: false })
    ws.once("error", reject)
    const take = (message: Buffer): void => {
      const frame = parseRelayFrame(new Uint8Array(message))
      if (!frame.ok) return reject(new Error(frame.error.type))
      if (frame.value.type === "Refused") reject(new Error(frame.value.reason))
      if (frame.value.type === "Challenge") {
        const proof = challengeMessage(frame.value.nonce, room.id, origin)
        void sealer.sign(challengeDomain, room.seed, proof).then(signature => {
          const join = { type: "Join", room: room.id, origin, signature, store: undefined } as const
          ws.send(encodeClientFrame({ ...join, after: 0, window: 0 }))
        })
      }
      if (frame.value.type === "CaughtUp") {
        ws.off("message", take)
        ws.off("error", reject)
        resolve(ws)
      }
    }
    ws.on("message", take)
  })
