import { blobLimits } from "@home/shared/base"
import { documentLimits } from "@home/shared/documents"

/** What the platform does with files. */
export interface FileTools {
  /** A picture as new pixels of a bounded size. `undefined`: this browser cannot read it. */
  readonly redraw: (file: Blob) => Promise<Blob | undefined>
  readonly save: (content: Blob, name: string) => void
}

/** A file as it will be kept. */
export interface ReceiptFile {
  readonly content: Blob
  readonly type: string
  readonly name: string
}

/** Why a file was not taken. */
export type ReceiptProblem = "kind" | "heic" | "unreadable" | "tooLong"

const startsWith = (bytes: Uint8Array, signature: string, at = 0): boolean =>
  [...signature].every((character, i) => bytes[at + i] === character.charCodeAt(0))

/** Brands of ISO base media files (ISO/IEC 14496-12) that are pictures. */
const pictureBrands: Readonly<Record<string, string>> = {
  avif: "image/avif",
  avis: "image/avif",
  heic: "image/heic",
  heix: "image/heic",
  mif1: "image/heic",
  msf1: "image/heic",
}

/**
 * The type of a picture made of pixels, by its first bytes and never by what somebody said. `undefined`: no picture,
 * or one that could hold more than pixels (SVG): such is never shown, only saved.
 */
export const pictureTypeOf = (head: Uint8Array): string | undefined => {
  if (startsWith(head, "\xff\xd8\xff")) return "image/jpeg"
  if (startsWith(head, "\x89PNG\r\n\x1a\n")) return "image/png"
  if (startsWith(head, "GIF8")) return "image/gif"
  if (startsWith(head, "RIFF") && startsWith(head, "WEBP", 8)) return "image/webp"
  if (startsWith(head, "ftyp", 4)) return pictureBrands[String.fromCharCode(...head.subarray(8, 12))]
  return undefined
}

const isPdf = (head: Uint8Array): boolean => startsWith(head, "%PDF-")

/** As many bytes of a file as it takes to see what it is. */
const headBytes = 32
export const headOf = async (content: Blob): Promise<Uint8Array> =>
  new Uint8Array(await content.slice(0, headBytes).arrayBuffer())

const mostBytes = blobLimits.chunks * blobLimits.chunkBytes

/**
 * A file that somebody chose, as it is kept: pictures drawn anew, PDF as it is, nothing else. `redraw` gives nothing
 * for a picture that this browser cannot read.
 */
export const prepareReceipt = async (
  file: Blob & { readonly name?: string },
  redraw: (file: Blob) => Promise<Blob | undefined>,
): Promise<ReceiptFile | ReceiptProblem> => {
  const head = await headOf(file)
  const name = (file.name ?? "").slice(-documentLimits.name)
  if (file.size > mostBytes) return "tooLong"
  if (isPdf(head)) return { content: file, type: "application/pdf", name }
  const type = pictureTypeOf(head)
  if (type === undefined) return "kind"
  const content = await redraw(file)
  if (content === undefined) return type === "image/heic" ? "heic" : "unreadable"
  return { content, type: "image/jpeg", name: name === "" ? "" : name.replace(/\.[^.]*$/, "") + ".jpg" }
}
