/** What is legible of a receipt, also of a long one: the pixels of a kept picture at most, and of one edge. */
const mostPixels = 4_000_000
const longestEdgePixels = 8_192
/** One chunk of a file: what a phone sends in one piece. */
const goodBytes = 1024 * 1024
/** JPEG's quality, the next one where the picture is still larger than that. */
const qualities = [0.85, 0.7, 0.55]

/** How much smaller a picture is drawn; 1: as it is. */
const scaleOf = (width: number, height: number): number =>
  Math.min(1, Math.sqrt(mostPixels / (width * height)), longestEdgePixels / Math.max(width, height))

const jpegOf = (canvas: HTMLCanvasElement, quality: number): Promise<Blob | undefined> =>
  new Promise(resolve => canvas.toBlob(blob => resolve(blob ?? undefined), "image/jpeg", quality))

/**
 * Draws a picture anew as JPEG of a bounded size. Nothing but pixels comes through: no place, no camera, no time.
 * `undefined`: this browser cannot read it.
 */
export const redrawPicture = async (file: Blob): Promise<Blob | undefined> => {
  const bitmap = await createImageBitmap(file).catch(() => undefined)
  if (bitmap === undefined) return undefined
  const scale = scaleOf(bitmap.width, bitmap.height)
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  const context = canvas.getContext("2d")
  if (context === null) return undefined
  // JPEG has no transparency: what is clear becomes paper.
  context.fillStyle = "white"
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingQuality = "high"
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  let drawn: Blob | undefined
  for (const quality of qualities) {
    drawn = await jpegOf(canvas, quality)
    if (drawn === undefined || drawn.size <= goodBytes) break
  }
  return drawn
}
