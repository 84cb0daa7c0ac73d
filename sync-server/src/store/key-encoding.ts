import { type Key, concatBytes, textToBytes } from "@home/shared/base"

/** UTF-8 has neither 0xfe nor 0xff, so the first ends a component and the second lies above all of its followers. */
const end = 0xfe

/** `(UTF-8 | 0xfe)*`: a key begins with the bytes of a prefix exactly when it begins with its whole components. */
export const encodeKey = (key: Key): Uint8Array =>
  concatBytes(...key.flatMap(component => [textToBytes(component), Uint8Array.of(end)]))

/** All keys under a prefix lie in `from <= key < below`. */
export const prefixRange = (prefix: Key): { readonly from: Uint8Array; readonly below: Uint8Array } => {
  const from = encodeKey(prefix)
  const below = from.slice()
  if (below.length === 0) return { from, below: Uint8Array.of(0xff) }
  below[below.length - 1] = end + 1
  return { from, below }
}

/** Only for what `encodeKey` made. */
export const decodeKey = (bytes: Uint8Array): Key => {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  const key: string[] = []
  let from = 0
  bytes.forEach((byte, at) => {
    if (byte !== end) return
    key.push(text.decode(bytes.subarray(from, at)))
    from = at + 1
  })
  return key
}
