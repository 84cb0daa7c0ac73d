import { createReadStream, statSync } from "node:fs"
import { basename, extname } from "node:path"
import { type CircleId, type Result, ok } from "@home/shared/base"
import { type BlobRef, type Entry, attachReceipt, detachReceipt } from "@home/shared/documents"
import { type BlobError, circlesReadBy } from "@home/shared/replica"
import type { BlobPlace } from "@home/shared/wire"
import type { OpenDevice } from "../profile/device.js"
import { readLedgerYears } from "./areas.js"
import { type Failure, fail } from "./failure.js"
import { one, startsWithId } from "./find.js"
import type { Home, Outcome } from "./home.js"
import { requireMembership, withDevice } from "./with-device.js"
import { byOf, write } from "./writing.js"

/** By the end of the name; what is shown by it is still only bytes that somebody attached. */
const types: Readonly<Record<string, string>> = {
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
  ".heic": "image/heic",
  ".gif": "image/gif",
  ".pdf": "application/pdf",
  ".txt": "text/plain",
}

interface FoundEntry {
  readonly circle: CircleId
  readonly year: string
  readonly entry: Entry
}

/** Of all circles that this device reads: an id is found wherever it is. */
const allEntries = async (device: OpenDevice): Promise<Result<readonly FoundEntry[], Failure>> => {
  const found: FoundEntry[] = []
  for (const circle of circlesReadBy(device.replica.session.state(), device.replica.device)) {
    const years = await readLedgerYears({ device, circle })
    if (!years.ok) return years
    for (const { year, ledger } of years.value)
      for (const entry of ledger.entries.values()) found.push({ circle, year, entry })
  }
  return ok(found)
}

const findEntry = async (device: OpenDevice, text: string): Promise<Result<FoundEntry, Failure>> => {
  const all = await allEntries(device)
  return all.ok
    ? one(
        all.value.filter(({ entry }) => startsWithId(entry.id, text)),
        "entry",
        text,
      )
    : all
}

export interface FoundReceipt extends FoundEntry {
  readonly receipt: BlobRef
}

/** A file by the beginning of its id, wherever it is attached. */
export const findReceipt = async (
  device: OpenDevice,
  text: string,
): Promise<Result<FoundReceipt, Failure>> => {
  const all = await allEntries(device)
  if (!all.ok) return all
  const receipts = all.value.flatMap(found => found.entry.receipts.map(receipt => ({ ...found, receipt })))
  return one(
    receipts.filter(({ receipt }) => startsWithId(receipt.id, text)),
    "file",
    text,
  )
}

export const blobPlaceOf = ({ circle, year }: Pick<FoundEntry, "circle" | "year">): BlobPlace => ({
  circle,
  area: "ledger",
  name: year,
})

const blobFailure = (path: string, error: BlobError): Result<never, Failure> =>
  error.type === "TooLong"
    ? fail("unreadable", `${path} is longer than 64 MiB`, { file: path })
    : fail("refused", "this device holds as many files as it may: let it sync with the box first")

const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

export const attachFile = (home: Home, entryText: string, path: string): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    if (!isFile(path)) return fail("unreadable", `${path} cannot be read`, { file: path })
    const found = await findEntry(device, entryText)
    if (!found.ok) return found
    const { circle, year, entry } = found.value
    const name = basename(path)
    const type = types[extname(name).toLowerCase()] ?? "application/octet-stream"
    const added = await device.blobs.add(blobPlaceOf({ circle, year }), createReadStream(path), {
      type,
      name,
    })
    if (!added.ok) return blobFailure(path, added.error)
    const receipt = added.value
    const by = byOf(home, device)
    const attached = await write({ device, circle }, "ledger", year, draft =>
      attachReceipt(draft, { id: entry.id, receipt, by }),
    )
    if (!attached.ok) {
      await device.blobs.forget(receipt.chunks)
      return attached
    }
    const { id, sizeBytes, chunks } = receipt
    home.result(
      { attached: id, entry: entry.id, name, type, sizeBytes, chunks: chunks.length },
      `${id.slice(0, 8)}  ${name}, ${sizeBytes} bytes, attached to ${entry.payee || entry.id.slice(0, 8)}`,
    )
    return ok(undefined)
  })

export const detachFile = (home: Home, fileText: string): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const found = await findReceipt(device, fileText)
    if (!found.ok) return found
    const { circle, year, entry, receipt } = found.value
    const by = byOf(home, device)
    const detached = await write({ device, circle }, "ledger", year, draft =>
      detachReceipt(draft, { id: entry.id, receiptId: receipt.id, by }),
    )
    if (!detached.ok) return detached
    home.result(
      { detached: receipt.id, entry: entry.id },
      `${receipt.name || receipt.id} is attached no more`,
    )
    return ok(undefined)
  })
