import { writeFileSync } from "node:fs"
import { encode } from "uqr"

const cellPx = 8
const framesPerSecond = 5
const dark = 16
const light = 235

/**
 * A film of one picture, a QR code, as Chromium's `--use-file-for-fake-video-capture` reads it: YUV4MPEG2, 4:2:0,
 * luma rows then two quarters of neutral chroma a frame.
 */
export const writeQrFilm = (path: string, text: string): void => {
  const { data, size } = encode(text, { ecc: "M", border: 6 })
  const side = size * cellPx
  const luma = Buffer.alloc(side * side)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const isDark = data[Math.floor(y / cellPx)]?.[Math.floor(x / cellPx)] === true
      luma[y * side + x] = isDark ? dark : light
    }
  }
  const chroma = Buffer.alloc((side * side) / 2, 128)
  const frame = Buffer.concat([Buffer.from("FRAME\n"), luma, chroma])
  const head = Buffer.from(`YUV4MPEG2 W${side} H${side} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`)
  writeFileSync(path, Buffer.concat([head, frame, frame]))
}

/** The flags with which a browser sees the film instead of a camera, and is not asked whether it may. */
export const filmFlags = (path: string): readonly string[] => [
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  `--use-file-for-fake-video-capture=${path}`,
]
