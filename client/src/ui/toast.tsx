import {
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

const ToastContext = createContext<ShowToast>()

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
  // What scrolls makes room for what lies over it: nothing can be hidden behind a toast for good.
  createEffect(() => {
    toasts()
    document.documentElement.style.setProperty("--toasts-height", `${stack?.offsetHeight ?? 0}px`)
  })
  const drop = (id: number): void => void setToasts(shown => shown.filter(toast => toast.id !== id))
  const show: ShowToast = toast => {
    lastId += 1
    // One at a time: two of them in large type would cover a whole phone.
    setToasts([{ ...toast, id: lastId }])
  }
  return (
    <ToastContext.Provider value={show}>
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

/** Says something in passing: what was done, with a way to undo it. */
export const useToast = (): ShowToast => {
  const show = useContext(ToastContext)
  if (show === undefined) throw new Error("outside of ToastProvider")
  return show
}
