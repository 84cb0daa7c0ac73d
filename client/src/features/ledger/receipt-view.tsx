import ChevronLeft from "lucide-solid/icons/chevron-left"
import ChevronRight from "lucide-solid/icons/chevron-right"
import ZoomIn from "lucide-solid/icons/zoom-in"
import { type JSX, Show, createSignal } from "solid-js"
import { useLanguage } from "../../i18n/index.js"
import { IconButton } from "../../ui/button.js"
import { Dialog } from "../../ui/overlay.js"

/** A picture as large as the window, and at its full size; arrow keys go to the next one, Escape closes. */
export function ReceiptView(props: {
  readonly ids: readonly string[]
  readonly shown: string | undefined
  readonly urlOf: (id: string) => string | undefined
  readonly nameOf: (id: string) => string
  readonly onShow: (id: string | undefined) => void
}): JSX.Element {
  const { t } = useLanguage()
  const [isFull, setFull] = createSignal(false)
  const url = (): string | undefined => (props.shown === undefined ? undefined : props.urlOf(props.shown))
  const beside = (step: 1 | -1): string | undefined => props.ids[props.ids.indexOf(props.shown ?? "") + step]
  const go = (step: 1 | -1): void => {
    const next = beside(step)
    if (next === undefined) return
    setFull(false)
    props.onShow(next)
  }
  return (
    <Dialog
      isOpen={url() !== undefined}
      title={props.shown === undefined ? "" : props.nameOf(props.shown)}
      closeLabel={t("action.close")}
      shape="view"
      onClose={() => {
        setFull(false)
        props.onShow(undefined)
      }}
      actions={
        <>
          <IconButton
            icon={ZoomIn}
            label={t("receipts.zoom")}
            aria-pressed={isFull()}
            onClick={() => setFull(!isFull())}
          />
          <Show when={props.ids.length > 1}>
            <IconButton
              icon={ChevronLeft}
              label={t("receipts.previous")}
              disabled={beside(-1) === undefined}
              onClick={() => go(-1)}
            />
            <IconButton
              icon={ChevronRight}
              label={t("receipts.next")}
              disabled={beside(1) === undefined}
              onClick={() => go(1)}
            />
          </Show>
        </>
      }
      onKeyDown={event => {
        if (event.key === "ArrowLeft") go(-1)
        if (event.key === "ArrowRight") go(1)
      }}
    >
      <div
        class="receipt-full"
        data-full={isFull() ? "" : undefined}
        tabIndex={0}
        role="group"
        aria-label={props.nameOf(props.shown ?? "")}
      >
        <img src={url()} alt={props.nameOf(props.shown ?? "")} />
      </div>
    </Dialog>
  )
}
