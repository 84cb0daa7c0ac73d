import { type BlobRef, blobRefDraft, isBlobRef } from "./blob-ref.js"
import { type By, type CommandResult, done, invalid } from "./command.js"
import { documentLimits } from "./document-limits.js"
import { markEdited } from "./entry-draft.js"
import { findEntry } from "./find-entry.js"
import { receiptKey } from "./read-receipts.js"
import { isMap } from "./scalar.js"

/** Attaching what is attached already changes nothing: so a `BlobRef` that was detached can be attached again. */
export const attachReceipt = (
  draft: unknown,
  input: { readonly id: string; readonly receipt: BlobRef; readonly by: By },
): CommandResult => {
  const { receipt } = input
  const found = findEntry(draft, input.id)
  if (!found.ok) return found
  if (!isBlobRef(receipt)) return invalid("receipt", "a file within the limits")
  const { receipts } = found.value.entry
  if (receipts.some(({ id }) => id === receipt.id)) return done
  if (receipts.length >= documentLimits.perItem) return invalid("receipt", "fewer files")
  for (const copy of found.value.copies) {
    copy[receiptKey(receipt.id)] = blobRefDraft(receipt)
    markEdited(copy, input.by)
  }
  return done
}

/** Takes a file from the entry. Its chunks stay where they are: the history still shows it. */
export const detachReceipt = (
  draft: unknown,
  input: { readonly id: string; readonly receiptId: string; readonly by: By },
): CommandResult => {
  const found = findEntry(draft, input.id)
  if (!found.ok) return found
  const key = receiptKey(input.receiptId)
  for (const copy of found.value.copies) {
    if (!isMap(copy[key])) continue
    delete copy[key]
    markEdited(copy, input.by)
  }
  return done
}
