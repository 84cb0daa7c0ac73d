import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"

interface Picture {
  readonly src: string
  readonly sizes: string
  readonly type: string
  readonly purpose?: string
  readonly form_factor?: string
}
interface Manifest {
  readonly start_url: string
  readonly scope: string
  readonly icons: readonly Picture[]
  readonly screenshots: readonly Picture[]
  readonly shortcuts: readonly { readonly url: string; readonly icons: readonly Picture[] }[]
}

const publicFolder = fileURLToPath(new URL("../public/", import.meta.url))
const bytesOf = (path: string): Buffer => readFileSync(publicFolder + path)
const manifest = JSON.parse(bytesOf("app.webmanifest").toString()) as Manifest

/** Beyond this a picture of a few flat colours was not compressed. Bytes. */
const largestPicture = 100_000

/** `WxH` as the file itself says: in the header of PNG (RFC 2083, 11.2.1), or of an extended WebP (RFC 9649, 2.7). */
const sizeIn = (bytes: Buffer): string =>
  bytes.toString("latin1", 12, 16) === "IHDR"
    ? `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`
    : `${bytes.readUIntLE(24, 3) + 1}x${bytes.readUIntLE(27, 3) + 1}`

describe("the manifest", () => {
  it("[U15] names pictures that are there, of the size and kind that it says", () => {
    const pictures = [
      ...manifest.icons,
      ...manifest.screenshots,
      ...manifest.shortcuts.flatMap(({ icons }) => icons),
    ].filter(({ sizes }) => sizes !== "any")
    expect(pictures.length).toBeGreaterThan(8)
    for (const { src, sizes, type } of pictures) {
      const bytes = bytesOf(src.slice(1))
      expect(sizeIn(bytes), src).toBe(sizes)
      expect(bytes.toString("latin1", 0, 16), src).toMatch(
        type === "image/png" ? /PNG/ : /^RIFF.{4}WEBPVP8X/s,
      )
      expect(bytes.length, src).toBeLessThanOrEqual(largestPicture)
    }
    expect(manifest.icons.filter(({ purpose }) => purpose === "maskable")).not.toEqual([])
    for (const shape of ["narrow", "wide"])
      expect(manifest.screenshots.filter(({ form_factor }) => form_factor === shape)).not.toEqual([])
  })

  it("[U15] begins inside of the app, and its shortcuts lead to areas of it", () => {
    for (const url of [manifest.start_url, ...manifest.shortcuts.map(shortcut => shortcut.url)])
      expect(url.startsWith(manifest.scope), url).toBe(true)
    expect(manifest.shortcuts.map(({ url }) => url)).toContain("/money?add")
  })
})
