import type { Hash } from "../operation.js"
import { textToBytes } from "../../base/index.js"

const mix = (lane: number, byte: number): number => {
  const h = Math.imul(lane ^ byte, 0x9e3779b1)
  return (h ^ (h >>> 15) ^ Math.imul(lane, 0x85ebca6b)) >>> 0
}

/** Stands in for SHA-256 in tests of the pure layers: 32 bytes, quick, collides only with those who try. */
export const testHash: Hash = (domain, ...parts) => {
  const lanes = Array.from({ length: 8 }, (_, i) => Math.imul(i + 1, 0x27d4eb2f) >>> 0)
  for (const part of [textToBytes(domain), ...parts]) {
    for (const byte of [part.length & 255, part.length >>> 8, ...part]) {
      for (let i = 0; i < 8; i++) lanes[i] = mix(lanes[i] ?? 0, byte + i)
    }
  }
  const hash = new Uint8Array(32)
  lanes.forEach((lane, i) => {
    const last = mix(mix(lane, i), lanes[(i + 3) % 8] ?? 0)
    for (let j = 0; j < 4; j++) hash[4 * i + j] = last >>> (8 * j)
  })
  return hash
}
