import { textToBytes } from "@home/shared/base"
import { argon2id } from "hash-wasm"

/** What one guess at a passphrase costs. `memoryKib` in KiB, as RFC 9106 counts. */
export interface PassphraseCost {
  readonly memoryKib: number
  readonly iterations: number
  readonly parallelism: number
}

/** 64 MiB, t = 3 (RFC 9106 section 4, second choice, but one lane: the code that runs it has one thread). */
export const defaultCost: PassphraseCost = { memoryKib: 64 * 1024, iterations: 3, parallelism: 1 }
/** For weak devices: 19 MiB, t = 2. */
export const floorCost: PassphraseCost = { memoryKib: 19 * 1024, iterations: 2, parallelism: 1 }
/** Above this a file is refused before anything is allocated: a planted vault must not exhaust a phone. */
export const ceilingCost: PassphraseCost = { memoryKib: 512 * 1024, iterations: 16, parallelism: 4 }

const between = (value: number, low: number, high: number): boolean =>
  Number.isInteger(value) && value >= low && value <= high

export const isCostAllowed = (cost: PassphraseCost): boolean =>
  between(cost.memoryKib, floorCost.memoryKib, ceilingCost.memoryKib) &&
  between(cost.iterations, floorCost.iterations, ceilingCost.iterations) &&
  between(cost.parallelism, floorCost.parallelism, ceilingCost.parallelism)

/**
 * Argon2id, RFC 9106, version 0x13, 32 bytes. The passphrase is taken in Unicode form NFC, as RFC 8265 section
 * 4.2.2 asks: the same letters typed on two keyboards are the same bytes. `cost` must be allowed.
 */
export const stretchPassphrase = (
  passphrase: string,
  salt: Uint8Array,
  cost: PassphraseCost,
): Promise<Uint8Array> => {
  if (!isCostAllowed(cost)) throw new RangeError("passphrase cost out of bounds")
  return argon2id({
    password: textToBytes(passphrase.normalize("NFC")),
    salt,
    memorySize: cost.memoryKib,
    iterations: cost.iterations,
    parallelism: cost.parallelism,
    hashLength: 32,
    outputType: "binary",
  })
}
