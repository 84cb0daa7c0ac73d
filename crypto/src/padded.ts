import { ByteReader, ByteWriter } from "@home/shared/base"
import { paddedLength } from "@home/shared/wire"

/** `length u32 | content | zeros` up to the Padmé length of the two: what stands inside a ciphertext. */
export const pad = (content: Uint8Array): Uint8Array => {
  const writer = new ByteWriter().block(content)
  const padding = paddedLength(4 + content.length) - 4 - content.length
  return writer.bytes(new Uint8Array(padding)).done()
}

/** `undefined` unless the length fits, the padding is Padmé's and all zeros: one spelling for one content. */
export const unpad = (padded: Uint8Array): Uint8Array | undefined => {
  const reader = new ByteReader(padded)
  const content = reader.block(padded.length)
  const padding = reader.bytes(padded.length - reader.offset)
  if (!reader.end() || paddedLength(4 + content.length) !== padded.length) return undefined
  return padding.every(byte => byte === 0) ? content : undefined
}
