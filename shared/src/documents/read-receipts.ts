import { type BlobRef, parseBlobRef } from "./blob-ref.js"
import { documentLimits } from "./document-limits.js"
import type { ItemReader } from "./reading.js"

/**
 * Pictures and files of an entry. Each is a key of the entry itself, `receipt/<id>`, with a map that is made whole:
 * two devices that attach something at once make two keys, and no container that either of them could lose.
 */
const prefix = "receipt/"
export const receiptKey = (id: string): string => prefix + id

/** In the order of their ids: random, and the same on every device. */
export const readReceipts = (reader: ItemReader): readonly BlobRef[] => {
  const refs: BlobRef[] = []
  for (const key of Object.keys(reader.item).sort()) {
    if (!key.startsWith(prefix)) continue
    const ref = parseBlobRef(key.slice(prefix.length), reader.item[key])
    if (ref !== undefined && refs.length < documentLimits.perItem) refs.push(ref)
    else reader.issues.add(`${reader.path}/${key}`, "a file")
  }
  return refs
}
