import Camera from "lucide-solid/icons/camera"
import { type JSX, Show, Suspense, createSignal, lazy } from "solid-js"
import { Button } from "../button.js"
import { Progress } from "../pieces.js"
import type { CameraTexts } from "./camera-scan.js"

const CameraScan = lazy(() => import("./camera-scan.js"))

export interface ScanTexts extends CameraTexts {
  readonly scan: string
  readonly stop: string
}

/** A button that becomes the camera, until that has seen what is looked for or is stopped. */
export function ScanButton(props: {
  readonly texts: ScanTexts
  readonly isWide?: boolean
  /** Returns true when the text is what was looked for: then the camera ends. */
  readonly onText: (text: string) => boolean
}): JSX.Element {
  const [isScanning, setScanning] = createSignal(false)
  const take = (text: string): boolean => {
    const isFound = props.onText(text)
    if (isFound) setScanning(false)
    return isFound
  }
  return (
    <Show
      when={isScanning()}
      fallback={
        <Button icon={Camera} isWide={props.isWide === true} onClick={() => setScanning(true)}>
          {props.texts.scan}
        </Button>
      }
    >
      <Suspense fallback={<Progress label={props.texts.starting} />}>
        <CameraScan texts={props.texts} onText={take} />
      </Suspense>
      <Button onClick={() => setScanning(false)}>{props.texts.stop}</Button>
    </Show>
  )
}
