import { type JSX, Show, createSignal, onCleanup, onMount } from "solid-js"
import { Note } from "../pieces.js"
import { createQrReader } from "./qr-reader.js"

export interface CameraTexts {
  /** What the moving picture is called. */
  readonly picture: string
  readonly starting: string
  readonly denied: string
  readonly absent: string
  /** Pages over plain http get no camera. */
  readonly insecure: string
}

interface CameraScanProps {
  readonly texts: CameraTexts
  /** Returns true when the text is what was looked for: then the camera ends. */
  readonly onText: (text: string) => boolean
}

type Problem = "denied" | "absent" | "insecure"

/** Looks through the camera until a code is found; the camera is off as soon as this is gone. */
export default function CameraScan(props: CameraScanProps): JSX.Element {
  const [problem, setProblem] = createSignal<Problem>()
  const [isRunning, setRunning] = createSignal(false)
  let video: HTMLVideoElement | undefined
  let stream: MediaStream | undefined
  let isEnded = false

  const end = (): void => {
    isEnded = true
    for (const track of stream?.getTracks() ?? []) track.stop()
  }
  onCleanup(end)

  const look = async (): Promise<void> => {
    const { mediaDevices } = navigator as { readonly mediaDevices?: MediaDevices }
    if (mediaDevices === undefined) return void setProblem("insecure")
    stream = await mediaDevices.getUserMedia({ video: { facingMode: "environment" } })
    if (isEnded || video === undefined) return end()
    video.srcObject = stream
    await video.play()
    setRunning(true)
    const read = await createQrReader()
    const step = async (): Promise<void> => {
      if (isEnded || video === undefined) return
      const text = await read(video)
      if (text !== undefined && props.onText(text)) return end()
      // Not every frame: a phone stays cool.
      setTimeout(() => requestAnimationFrame(() => void step()), 100)
    }
    await step()
  }
  onMount(() => {
    look().catch((error: unknown) => {
      const name = error instanceof DOMException ? error.name : ""
      setProblem(name === "NotAllowedError" ? "denied" : "absent")
    })
  })

  return (
    <Show
      when={problem() === undefined}
      fallback={<Note tone="notice">{props.texts[problem() ?? "absent"]}</Note>}
    >
      <div class="camera">
        <video ref={element => (video = element)} muted playsinline aria-label={props.texts.picture} />
      </div>
      <p class="quiet small" role="status">
        {isRunning() ? "" : props.texts.starting}
      </p>
    </Show>
  )
}
