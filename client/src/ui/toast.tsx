import {
  type Accessor,
  For,
  type JSX,
  Show,
  createContext,
  createEffect,
  createSignal,
  onCleanup,
  useContext,
} from "solid-js"
import X from "lucide-solid/icons/x"
import { afterPaint } from "./after-paint.js"
import { Button, IconButton } from "./button.js"

export interface Toast {
  readonly text: string
  /** What is wrong and cannot wait; it interrupts the screen reader. */
  readonly isUrgent?: boolean
  readonly action?: { readonly label: string; readonly run: () => void }
}

interface Shown extends Toast {
  readonly id: number
}

type ShowToast = (toast: Toast) => void

interface Toasts {
  readonly show: ShowToast
  readonly height: Accessor<string>
}

const ToastContext = createContext<Toasts>()

/** Long enough to read it and reach for "Undo"; it waits while pointed at or focused. */
const shownMs = 8_000

/** Gives `useToast` to everything below and shows what it says at the lower edge. */
export function ToastProvider(props: {
  readonly closeLabel: string
  readonly children: JSX.Element
}): JSX.Element {
  const [toasts, setToasts] = createSignal<readonly Shown[]>([])
  let lastId = 0
  let stack: HTMLDivElement | undefined
  const [height, setHeight] = createSignal("0px")
  // Measured when the browser has laid it out anyway.
  createEffect(() => {
    toasts()
    onCleanup(afterPaint(() => setHeight(`${stack?.offsetHeight ?? 0}px`)))
  })
  createEffect(() => document.documentElement.style.setProperty("--toasts-height", height()))
  const drop = (id: number): void => void setToasts(shown => shown.filter(toast => toast.id !== id))
  // What was pressed is seen first: with a sheet that closes the browser would lay the page out twice before that.
  let cancel: (() => void) | undefined
  const show: ShowToast = toast => {
    lastId += 1
    const shown = { ...toast, id: lastId }
    cancel?.()
    // One at a time: two of them in large type would cover a whole phone.
    cancel = afterPaint(() => setToasts([shown]))
  }
  onCleanup(() => cancel?.())
  return (
    <ToastContext.Provider value={{ show, height }}>
      {props.children}
      <div ref={element => (stack = element)} class="toasts screen-only">
        <For each={toasts()}>
          {toast => <ToastCard toast={toast} closeLabel={props.closeLabel} onDrop={() => drop(toast.id)} />}
        </For>
      </div>
    </ToastContext.Provider>
  )
}

function ToastCard(props: {
  readonly toast: Toast
  readonly closeLabel: string
  readonly onDrop: () => void
}): JSX.Element {
  let timer: ReturnType<typeof setTimeout> | undefined
  const hold = (): void => clearTimeout(timer)
  const start = (): void => {
    hold()
    timer = setTimeout(() => props.onDrop(), shownMs)
  }
  start()
  onCleanup(hold)
  return (
    <div
      class="toast"
      role={props.toast.isUrgent === true ? "alert" : "status"}
      onPointerEnter={hold}
      onPointerLeave={start}
      onFocusIn={hold}
      onFocusOut={start}
    >
      <span class="toast-text">{props.toast.text}</span>
      <span class="toast-actions">
        <Show when={props.toast.action}>
          {action => (
            <Button
              kind="quiet"
              onClick={() => {
                action().run()
                props.onDrop()
              }}
            >
              {action().label}
            </Button>
          )}
        </Show>
        <IconButton icon={X} label={props.closeLabel} onClick={() => props.onDrop()} />
      </span>
    </div>
  )
}

const useToasts = (): Toasts => {
  const toasts = useContext(ToastContext)
  if (toasts === undefined) throw new Error("outside of ToastProvider")
  return toasts
}

/** Says something in passing: what was done, with a way to undo it. */
export const useToast = (): ShowToast => useToasts().show

/**
 * For `--toasts-height` of whatever makes room for what lies over it: nothing can be hidden behind a toast for good. It
 * is not inherited: set at the root for all it would have the browser style each element of the page anew.
 */
export const useToastsHeight = (): Accessor<string> => useToasts().height
