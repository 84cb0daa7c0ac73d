import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync, readFileSync } from "node:fs"
import { join } from "node:path"
import {
  ByteWriter,
  type IncarnationId,
  type Key,
  type Random,
  type Store,
  bytesToHex,
  equalBytes,
} from "@home/shared/base"

export interface Installation {
  readonly incarnation: IncarnationId
  /** First start, or the profile is a copy: own feeds begin anew and the archive takes a new identity. */
  readonly fresh: boolean
}

const recordKey: Key = ["installation"]
const incarnationBytes = 16

/**
 * Which installation this profile is. The file `installation` is written once, with 16 random bytes; the store
 * records them with the file's inode and ctime. Both change when a profile is copied, unpacked or restored file
 * by file, and neither can be set: what does not match becomes a new incarnation, since a copy that went on under
 * the old one would use its numbers twice. Renaming the folder keeps both. A chmod of the file or a file system
 * without lasting inodes costs a new incarnation and nothing else.
 * Not seen: a disk image or a file system snapshot put back, or the database alone exchanged for an old one
 * (there, a peer that knows own bundles which the profile lacks is the sign).
 * The caller holds the profile's lock.
 */
export const readInstallation = async (dir: string, store: Store, random: Random): Promise<Installation> => {
  const path = join(dir, "installation")
  const recorded = await store.get(recordKey)
  const found = observe(path)
  if (recorded !== undefined && found !== undefined && equalBytes(recorded, encode(found)))
    return { incarnation: bytesToHex(found.content) as IncarnationId, fresh: false }

  rmSync(path, { force: true })
  writeOnce(path, random.bytes(incarnationBytes))
  const written = observe(path)
  if (written === undefined) throw new Error("the installation file vanished while it was written")
  await store.write([{ type: "Put", key: recordKey, value: encode(written) }])
  return { incarnation: bytesToHex(written.content) as IncarnationId, fresh: true }
}

interface Observed {
  readonly content: Uint8Array
  readonly inode: bigint
  readonly ctimeNs: bigint
}

/** `undefined`: no such file, or not one of ours. */
const observe = (path: string): Observed | undefined => {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (stat === undefined || stat.size !== BigInt(incarnationBytes)) return undefined
  return { content: new Uint8Array(readFileSync(path)), inode: stat.ino, ctimeNs: stat.ctimeNs }
}

/** `content 16 | inode u16-length decimal | ctime in ns, the same`: decimal, for both may exceed 2^53. */
const encode = ({ content, inode, ctimeNs }: Observed): Uint8Array =>
  new ByteWriter().bytes(content).text(inode.toString()).text(ctimeNs.toString()).done()

const writeOnce = (path: string, content: Uint8Array): void => {
  const file = openSync(path, "wx", 0o600)
  try {
    writeSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
