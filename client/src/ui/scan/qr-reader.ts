import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader"
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url"

/** The browser's own reader, where there is one; TypeScript's lib does not have it. */
interface BarcodeDetectorLike {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>
}
interface BarcodeDetectorKind {
  new (options: { formats: string[] }): BarcodeDetectorLike
  getSupportedFormats(): Promise<string[]>
}

/** The text of a QR code in the picture that the video shows now; `undefined`: none to be seen. */
export type ReadQr = (video: HTMLVideoElement) => Promise<string | undefined>

const nativeReader = async (): Promise<ReadQr | undefined> => {
  const { BarcodeDetector } = globalThis as { readonly BarcodeDetector?: BarcodeDetectorKind }
  if (BarcodeDetector === undefined) return undefined
  if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return undefined
  const detector = new BarcodeDetector({ formats: ["qr_code"] })
  return async video => (await detector.detect(video))[0]?.rawValue
}

const wasmReader = (): ReadQr => {
  // Its default is a server of somebody else's; ours is a file of the app.
  prepareZXingModule({ overrides: { locateFile: () => wasmUrl } })
  const canvas = document.createElement("canvas")
  const context = canvas.getContext("2d", { willReadFrequently: true })
  return async video => {
    if (context === null || video.videoWidth === 0) return undefined
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    context.drawImage(video, 0, 0)
    const picture = context.getImageData(0, 0, canvas.width, canvas.height)
    const found = await readBarcodes(picture, { formats: ["QRCode"], maxNumberOfSymbols: 1 })
    return found[0]?.text
  }
}

export const createQrReader = async (): Promise<ReadQr> => (await nativeReader()) ?? wasmReader()
