import { blobLimits } from "@home/shared/base"
import { describe, expect, it } from "vitest"
import { pictureTypeOf, prepareReceipt } from "./receipt-file.js"

const bytes = (...parts: readonly (string | number)[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    parts.flatMap(part =>
      typeof part === "number" ? [part] : [...part].map(character => character.charCodeAt(0)),
    ),
  )
const jpeg = bytes(0xff, 0xd8, 0xff, 0xe1, "Exif with a place")
const heic = bytes(0, 0, 0, 24, "ftypheic", 0, 0, 0, 0)
const file = (content: Uint8Array<ArrayBuffer>, name: string, type = ""): File =>
  new File([content], name, { type })
const redrawn = new Blob([bytes(0xff, 0xd8, 0xff, "pixels")])
const redraw = (): Promise<Blob | undefined> => Promise.resolve(redrawn)
const cannot = (): Promise<Blob | undefined> => Promise.resolve(undefined)

describe("a file that somebody adds", () => {
  it("is a picture by its first bytes, never by its name or type", () => {
    expect(pictureTypeOf(jpeg)).toBe("image/jpeg")
    expect(pictureTypeOf(bytes(0x89, "PNG\r\n", 0x1a, "\n"))).toBe("image/png")
    expect(pictureTypeOf(bytes("GIF89a"))).toBe("image/gif")
    expect(pictureTypeOf(bytes("RIFF", 1, 2, 3, 4, "WEBPVP8 "))).toBe("image/webp")
    expect(pictureTypeOf(bytes(0, 0, 0, 32, "ftypavif"))).toBe("image/avif")
    expect(pictureTypeOf(heic)).toBe("image/heic")
    for (const other of [
      "<svg xmlns='x'>",
      "<!doctype html>",
      "%PDF-1.7",
      "RIFF1234AVI ",
      "",
      "    ftypmp42",
    ])
      expect([other, pictureTypeOf(bytes(other))]).toEqual([other, undefined])
  })

  it("is drawn anew when it is a picture: nothing of the file itself is kept", async () => {
    const kept = await prepareReceipt(file(jpeg, "IMG_1.HEIC.jpeg"), redraw)
    expect(kept).toEqual({ content: redrawn, type: "image/jpeg", name: "IMG_1.HEIC.jpg" })
    expect(await prepareReceipt(new Blob([jpeg]), redraw)).toMatchObject({ name: "" })
  })

  it("is kept as it is when it is a PDF, and refused when it is anything else", async () => {
    const pdf = file(bytes("%PDF-1.7 ..."), "bill.pdf")
    expect(await prepareReceipt(pdf, cannot)).toEqual({
      content: pdf,
      type: "application/pdf",
      name: "bill.pdf",
    })
    const svg = file(bytes("<svg onload='x'>"), "photo.jpg", "image/jpeg")
    for (const other of [svg, file(bytes("hello"), "a.txt"), file(bytes(), "empty.png", "image/png")])
      expect(await prepareReceipt(other, redraw)).toBe("kind")
  })

  it("that cannot be read or is too long is refused, and it is said why", async () => {
    expect(await prepareReceipt(file(heic, "a.heic"), cannot)).toBe("heic")
    expect(await prepareReceipt(file(jpeg, "a.jpg"), cannot)).toBe("unreadable")
    const long = { size: blobLimits.chunks * blobLimits.chunkBytes + 1, slice: () => new Blob([jpeg]) }
    expect(await prepareReceipt(long as unknown as File, redraw)).toBe("tooLong")
  })
})
