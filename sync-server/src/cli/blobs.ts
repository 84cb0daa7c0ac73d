import { randomBytes } from "node:crypto"
import { open, rename, rm } from "node:fs/promises"
import { ok } from "@home/shared/base"
import type { BlobRef } from "@home/shared/documents"
import { fetchBlob, nameOfMember } from "@home/shared/device"
import { localDeviceOf } from "../profile/local-device.js"
import { fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { netOf } from "./meeting.js"
import { blobPlaceOf, findReceipt } from "./receipts.js"
import { withDevice } from "./with-device.js"

/** Whole or not at all, and its user's own: it was sealed until now. */
const writeOut = async (path: string, content: AsyncIterable<Uint8Array>): Promise<boolean> => {
  const part = `${path}.${randomBytes(6).toString("hex")}.part`
  try {
    const handle = await open(part, "wx", 0o600)
    try {
      for await (const piece of content) await handle.write(piece)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, path)
    return true
  } catch {
    await rm(part, { force: true })
    return false
  }
}

const stateWords = {
  Here: "here",
  OnBox: "on the box",
  Elsewhere: "not here yet",
  TooBig: "too big for this device",
} as const

const shown = (receipt: BlobRef) => {
  const { id, name, type, sizeBytes } = receipt
  return { id, name, type, sizeBytes }
}

export interface BlobGetOptions {
  readonly out: string
  readonly timeoutMs: number
}

export const getBlob = (home: Home, text: string, options: BlobGetOptions): Outcome =>
  withDevice(home, async device => {
    const found = await findReceipt(device, text)
    if (!found.ok) return found
    const { receipt, entry } = found.value
    const file = { ref: receipt, place: blobPlaceOf(found.value) }
    // What a disk has altered counts as missing once it was looked at.
    for (const chunk of receipt.chunks) await device.blobs.chunk(chunk)
    await fetchBlob(netOf(home), localDeviceOf(device), file, options.timeoutMs)
    const state = await device.blobs.state(receipt)
    if (state === "TooBig") return fail("refused", "this file is too big for what this device may hold")
    if (state !== "Here") {
      const by = await nameOfMember(device, (entry.editedBy ?? entry.author) as never)
      return fail(
        "unreachable",
        `nobody that could be reached has all of it: it waits for a device of ${by}`,
        {
          state,
          missing: (await device.blobs.missing(receipt)).length,
        },
      )
    }
    if (!(await writeOut(options.out, device.blobs.content(receipt))))
      return fail("unreadable", `${options.out} cannot be written`, { file: options.out })
    home.result({ ...shown(receipt), out: options.out }, `${options.out}: ${receipt.sizeBytes} bytes`)
    return ok(undefined)
  })

export const showBlob = (home: Home, text: string): Outcome =>
  withDevice(home, async device => {
    const found = await findReceipt(device, text)
    if (!found.ok) return found
    const { receipt } = found.value
    const state = await device.blobs.state(receipt)
    const missing = (await device.blobs.missing(receipt)).length
    home.result(
      { ...shown(receipt), entry: found.value.entry.id, state, chunks: receipt.chunks.length, missing },
      `${receipt.name || receipt.id.slice(0, 8)}, ${receipt.sizeBytes} bytes: ${stateWords[state]}`,
    )
    return ok(undefined)
  })
