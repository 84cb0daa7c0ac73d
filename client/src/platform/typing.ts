import { type Accessor, createSignal, onCleanup } from "solid-js"

const isEditable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))

/** Whether the person is in a field just now: what is not urgent waits until they have left it. */
export const createTyping = (): Accessor<boolean> => {
  const [isTyping, setTyping] = createSignal(isEditable(document.activeElement))
  const enter = (event: FocusEvent): void => void setTyping(isEditable(event.target))
  const leave = (event: FocusEvent): void => void setTyping(isEditable(event.relatedTarget))
  document.addEventListener("focusin", enter)
  document.addEventListener("focusout", leave)
  onCleanup(() => {
    document.removeEventListener("focusin", enter)
    document.removeEventListener("focusout", leave)
  })
  return isTyping
}
