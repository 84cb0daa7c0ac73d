import { concatBytes } from "../base/index.js"
import { type ContactIdentity, contactStatement } from "./contact-card.js"
import type { Sealer } from "./sealer.js"

/**
 * As many hashes as Signal's numeric fingerprint takes: who searches for keys with a similar number pays each try
 * 5,200 times.
 */
const iterations = 5_200
const chunks = 6
const chunkBytes = 5
const chunkDigits = 5
const digits = 2 * chunks * chunkDigits

/** Thirty digits of one family: about 99 bits. */
const halfOf = (sealer: Pick<Sealer, "hash" | "sha256">, identity: ContactIdentity): string => {
  const statement = contactStatement(identity)
  let digest = sealer.hash("safety number", statement)
  for (let i = 1; i < iterations; i++) digest = sealer.sha256(concatBytes(digest, statement))
  let half = ""
  for (let chunk = 0; chunk < chunks; chunk++) {
    let value = 0
    for (const byte of digest.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes))
      value = value * 256 + byte
    half += String(value % 10 ** chunkDigits).padStart(chunkDigits, "0")
  }
  return half
}

/**
 * The sixty digits that two families compare, by sight or by scan, over another way than the card came by: the same
 * on both sides. Equal numbers mean equal keys on both sides, so nobody stands between them.
 */
export const safetyNumber = (
  sealer: Pick<Sealer, "hash" | "sha256">,
  own: ContactIdentity,
  theirs: ContactIdentity,
): string => [halfOf(sealer, own), halfOf(sealer, theirs)].sort().join("")

/** Twelve groups of five, as people read them out. */
export const spacedSafetyNumber = (number: string): string => number.replace(/(\d{5})(?=\d)/g, "$1 ")

/** What somebody typed or scanned; `undefined`: not sixty digits. */
export const parseSafetyNumber = (text: string): string | undefined => {
  const compact = text.slice(0, 512).replace(/[\s-]+/g, "")
  return /^[0-9]+$/.test(compact) && compact.length === digits ? compact : undefined
}
