import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs"
import { type BundleHash, type Result, bytesToHex, err, ok } from "@home/shared/base"
import type { Archive, StoredBundle } from "@home/shared/replica"
import { type Sealer, limits, parseBundle } from "@home/shared/wire"

/**
 * A file of bundles, the USB stick: `"HOMEBNDL" 8 | version u8 = 1`, then each bundle as `u32 length | bytes`, then
 * `u32 0 | u32 count`, big-endian. The end says how many there are, so that a cut-off file shows. What is in a bundle
 * is sealed and signed; the file itself protects nothing and needs not.
 */
const magic = new TextEncoder().encode("HOMEBNDL")
const version = 1
const headBytes = magic.length + 1

/** `position`: the byte at which the file stops making sense. */
export interface BundleFileError {
  readonly position: number
  readonly reason: string
}

/** Bytes of bundles that are handed on together. */
const batchBytes = limits.bundlesPerMessageBytes

const u32 = (value: number): Uint8Array =>
  Uint8Array.of((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)

const u32Of = (bytes: Uint8Array): number => {
  const [a = 0, b = 0, c = 0, d = 0] = bytes
  return a * 0x1000000 + b * 0x10000 + c * 0x100 + d
}

/** Everything in the order of arrival, which is an order in which it can be taken in. Whole or not at all. */
export const writeBundleFile = async (
  archive: Archive,
  path: string,
  onProgress: (bundles: number) => void,
): Promise<{ readonly bundles: number; readonly bytes: number }> => {
  const beside = `${path}.new`
  const file = openSync(beside, "w", 0o600)
  let bundles = 0
  let bytes = 0
  const put = (part: Uint8Array): void => {
    for (let at = 0; at < part.length;) at += writeSync(file, part, at)
    bytes += part.length
  }
  try {
    put(magic)
    put(Uint8Array.of(version))
    for (let after = 0; ;) {
      const page = await archive.readSince(after, 1 << 20)
      if (page.bundles.length === 0) break
      for (const { bundle } of page.bundles) {
        put(u32(bundle.bytes.length))
        put(bundle.bytes)
      }
      bundles += page.bundles.length
      after = page.next
      onProgress(bundles)
    }
    put(u32(0))
    put(u32(bundles))
    fsyncSync(file)
  } catch (error) {
    closeSync(file)
    rmSync(beside, { force: true })
    throw error
  }
  closeSync(file)
  renameSync(beside, path)
  return { bundles, bytes }
}

/**
 * Reads a file batch by batch and never holds more than one. Every length is bounded before anything is allocated,
 * and every bundle's signature is checked, so what is handed on is what some feed has signed.
 */
export async function* readBundleFile(
  sealer: Pick<Sealer, "verifyBundle" | "bundleHash">,
  path: string,
): AsyncGenerator<Result<readonly StoredBundle[], BundleFileError>> {
  const file = openSync(path, "r")
  let position = 0
  const read = (length: number): Uint8Array | undefined => {
    const bytes = new Uint8Array(length)
    let at = 0
    while (at < length) {
      const got = readSync(file, bytes, at, length - at, position + at)
      if (got === 0) return undefined
      at += got
    }
    position += length
    return bytes
  }
  const broken = (at: number, reason: string): Result<never, BundleFileError> => err({ position: at, reason })
  try {
    const head = read(headBytes)
    if (head === undefined || !magic.every((byte, i) => head[i] === byte))
      return yield broken(0, "no file of bundles")
    if (head[magic.length] !== version) return yield broken(magic.length, "a later version of home wrote it")
    let batch: StoredBundle[] = []
    let size = 0
    for (let count = 0; ; count++) {
      const start = position
      const lengthBytes = read(4)
      if (lengthBytes === undefined) return yield broken(start, "the file is cut off")
      const length = u32Of(lengthBytes)
      if (length === 0) {
        const end = read(4)
        if (end === undefined || u32Of(end) !== count) return yield broken(start, "the file is cut off")
        if (read(1) !== undefined) return yield broken(position - 1, "something follows the end")
        break
      }
      if (length > limits.bundleBytes) return yield broken(start, "a length that no bundle has")
      const bytes = read(length)
      if (bytes === undefined) return yield broken(start, "the file is cut off")
      const parsed = parseBundle(bytes)
      if (!parsed.ok || !(await sealer.verifyBundle(parsed.value)))
        return yield broken(start, "a damaged bundle")
      batch.push({ hash: bytesToHex(sealer.bundleHash(parsed.value)) as BundleHash, bundle: parsed.value })
      size += length
      if (size < batchBytes) continue
      yield ok(batch)
      batch = []
      size = 0
    }
    if (batch.length > 0) yield ok(batch)
  } finally {
    closeSync(file)
  }
}
