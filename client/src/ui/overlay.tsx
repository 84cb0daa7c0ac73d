import { type JSX, Show, createEffect, createUniqueId, onCleanup, onMount } from "solid-js"
import X from "lucide-solid/icons/x"
import { IconButton } from "./button.js"

interface DialogProps {
  readonly isOpen: boolean
  readonly title: string
  /** What the button is called that closes it. */
  readonly closeLabel: string
  /** Asked for by Escape, the back gesture, a tap beside it or the button. */
  readonly onClose: () => void
  /** `sheet`: from the lower edge on a phone, where the thumb is. `view`: as large as what is in it. */
  readonly shape?: "dialog" | "sheet" | "view"
  readonly actions?: JSX.Element
  readonly onKeyDown?: (event: KeyboardEvent) => void
  readonly children: JSX.Element
}

/** The platform's modal dialog: focus stays inside, Escape closes, what is behind is inert. */
export function Dialog(props: DialogProps): JSX.Element {
  const id = createUniqueId()
  let dialog: HTMLDialogElement | undefined
  createEffect(() => {
    if (dialog === undefined) return
    if (props.isOpen && !dialog.open) dialog.showModal()
    if (!props.isOpen && dialog.open) dialog.close()
  })
  onCleanup(() => dialog?.close())
  const closeBeside = (event: MouseEvent): void => {
    if (event.target === dialog) props.onClose()
  }
  return (
    <dialog
      ref={element => (dialog = element)}
      class="dialog"
      data-shape={props.shape ?? "dialog"}
      aria-labelledby={`${id}-title`}
      onCancel={event => {
        event.preventDefault()
        props.onClose()
      }}
      onClose={() => props.isOpen && props.onClose()}
      onClick={closeBeside}
      onKeyDown={event => props.onKeyDown?.(event)}
    >
      <Show when={props.isOpen}>
        <div class="dialog-body">
          <header class="dialog-head">
            <h2 id={`${id}-title`} tabIndex={-1}>
              {props.title}
            </h2>
            <IconButton icon={X} label={props.closeLabel} onClick={() => props.onClose()} />
          </header>
          <div class="dialog-content stack">{props.children}</div>
          <Show when={props.actions}>
            <footer class="dialog-actions">{props.actions}</footer>
          </Show>
        </div>
      </Show>
    </dialog>
  )
}

/** A dialog that rises from the lower edge on a phone. */
export function Sheet(props: Omit<DialogProps, "shape">): JSX.Element {
  return <Dialog {...props} shape="sheet" />
}

interface PopoverProps {
  /** Draws the button; spread the attributes on it. */
  readonly button: (attributes: PopoverButton) => JSX.Element
  readonly label: string
  readonly role?: "dialog" | "menu"
  readonly children: (close: () => void) => JSX.Element
  readonly onKeyDown?: (event: KeyboardEvent) => void
  readonly onOpen?: (panel: HTMLElement) => void
}

export interface PopoverButton {
  readonly popovertarget: string
  readonly "aria-haspopup": "dialog" | "menu"
}

const gapPx = 6

/** Puts the panel under its button, or above it where there is no room below, and inside the window. */
const place = (panel: HTMLElement, button: Element): void => {
  const anchor = button.getBoundingClientRect()
  // At the edge where it lay it may have been squeezed.
  panel.style.setProperty("left", `${gapPx}px`)
  const { width, height } = panel.getBoundingClientRect()
  const isBelow = anchor.bottom + gapPx + height <= innerHeight || anchor.top < height + gapPx
  const left = Math.max(gapPx, Math.min(anchor.right - width, innerWidth - width - gapPx))
  panel.style.setProperty("top", `${isBelow ? anchor.bottom + gapPx : anchor.top - height - gapPx}px`)
  panel.style.setProperty("left", `${left}px`)
}

/** The platform's popover: closes by Escape and by a tap elsewhere, and lies above everything. */
export function Popover(props: PopoverProps): JSX.Element {
  const id = createUniqueId()
  let panel: HTMLDivElement | undefined
  const placeNow = (): void => {
    const button = document.querySelector(`[popovertarget="${CSS.escape(id)}"]`)
    if (panel !== undefined && button !== null) place(panel, button)
  }
  onMount(() => {
    panel?.addEventListener("toggle", event => {
      // A phone that is turned: the panel stays at its button.
      removeEventListener("resize", placeNow)
      if (panel === undefined || (event as ToggleEvent).newState !== "open") return
      addEventListener("resize", placeNow)
      placeNow()
      props.onOpen?.(panel)
    })
  })
  onCleanup(() => removeEventListener("resize", placeNow))
  const attributes = (): PopoverButton => ({ popovertarget: id, "aria-haspopup": props.role ?? "dialog" })
  return (
    <>
      {props.button(attributes())}
      <div
        ref={element => (panel = element)}
        id={id}
        class="popover"
        popover="auto"
        role={props.role ?? "dialog"}
        aria-label={props.label}
        onKeyDown={event => props.onKeyDown?.(event)}
      >
        {props.children(() => panel?.hidePopover())}
      </div>
    </>
  )
}
