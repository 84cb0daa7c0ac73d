import * as A from "@automerge/automerge/slim"
import type { DocumentKey } from "../replica/documents.js"
import type { ChangeError, Replica } from "../replica/replica-port.js"
import type { Result } from "../base/index.js"
import type { TestDevice } from "./test-family.js"

/** The note that tests write in, unless they need a second one. */
export const testNote = "00112233445566778899aabbccddeeff"

export const noteKey = (device: { readonly replica: Replica }, name: string = testNote): DocumentKey =>
  device.replica.keyFor("notes", name)

/** Ticks an item into a note's checklist, as a command would. */
export const tryWrite = (
  device: Pick<TestDevice, "replica">,
  text: string,
  name: string = testNote,
): Promise<Result<void, ChangeError>> =>
  device.replica.change(noteKey(device, name), (draft: { checklist: Record<string, unknown> }) => {
    draft.checklist[text] = new A.ImmutableString(text)
  })

export const writeItem = async (
  device: Pick<TestDevice, "replica">,
  text: string,
  name?: string,
): Promise<void> => {
  const changed = await tryWrite(device, text, name)
  if (!changed.ok) throw new Error(`not written: ${changed.error.type}`)
}

/** The texts in a note's checklist, sorted. */
export const itemsOf = (device: Pick<TestDevice, "replica">, name?: string): Promise<readonly string[]> =>
  device.replica.read(noteKey(device, name), doc =>
    Object.keys((doc as unknown as { checklist: Record<string, unknown> }).checklist).sort(),
  )
