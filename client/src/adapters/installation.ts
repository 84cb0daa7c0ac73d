import {
  type IncarnationId,
  type Key,
  type Random,
  type Store,
  bytesToHex,
  concatBytes,
} from "@home/shared/base"
import type { ClearStore } from "./clear-records.js"

export interface Installation {
  readonly incarnation: IncarnationId
  /** First start, or the profile was carried here without its key: own feeds begin anew, the archive is another. */
  readonly fresh: boolean
}

const recordKey: Key = ["installation"]
const incarnationBytes = 16
const macBytes = 32
const algorithm: HmacKeyGenParams = { name: "HMAC", hash: "SHA-256" }

/**
 * Which installation this profile is: 16 random bytes, and their HMAC under a key that the browser made here and
 * never shows. What carries the profile elsewhere (a sync of site data, a script, an export) leaves the key behind,
 * and the copy becomes a new incarnation: under the old one it would use its numbers twice.
 * Not seen: a copy of the browser's whole folder, in which the key lies too. There a peer that knows own bundles
 * which the profile lacks is the sign.
 */
export const readInstallation = async (
  clear: ClearStore,
  store: Store,
  random: Random,
): Promise<Installation> => {
  const key = await clear.get("installation")
  const recorded = await store.get(recordKey)
  if (key !== undefined && recorded?.length === incarnationBytes + macBytes) {
    const content = recorded.slice(0, incarnationBytes)
    if (await crypto.subtle.verify(algorithm, key, recorded.slice(incarnationBytes), content))
      return { incarnation: bytesToHex(content) as IncarnationId, fresh: false }
  }
  const made = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"])
  const content = random.bytes(incarnationBytes)
  const mac = new Uint8Array(await crypto.subtle.sign(algorithm, made, content.slice()))
  await clear.put("installation", made)
  await store.write([{ type: "Put", key: recordKey, value: concatBytes(content, mac) }])
  return { incarnation: bytesToHex(content) as IncarnationId, fresh: true }
}
