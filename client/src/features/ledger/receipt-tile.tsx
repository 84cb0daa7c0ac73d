import type { BlobRef, Entry } from "@home/shared/documents"
import CloudDownload from "lucide-solid/icons/cloud-download"
import FileText from "lucide-solid/icons/file-text"
import X from "lucide-solid/icons/x"
import { type JSX, Match, Show, Switch, createEffect, createSignal, onCleanup } from "solid-js"
import type { FileState } from "../../engine/port.js"
import { useLanguage } from "../../i18n/index.js"
import { IconButton } from "../../ui/button.js"
import type { LedgerProps } from "./ledger.js"
import { type FileTools, headOf, pictureTypeOf } from "./receipt-file.js"
import { Drawn } from "../../ui/icon.js"

/** One file of an entry: the picture, or what it is called, or how it stands with it while it is not here. */
export function ReceiptTile(props: {
  readonly receipt: BlobRef
  readonly name: string
  readonly entry: Entry
  readonly ledger: LedgerProps
  readonly tools: FileTools
  /** The address of the picture in this page; `undefined`: gone. */
  readonly onPicture: (url: string | undefined) => void
  readonly onShow: () => void
  readonly onRemove: (() => void) | undefined
}): JSX.Element {
  const { t, formats } = useLanguage()
  const [state, setState] = createSignal<FileState | undefined>(undefined)
  const [picture, setPicture] = createSignal<string | undefined>(undefined)
  // A file is what it is as long as it has this id.
  // eslint-disable-next-line solid/reactivity
  const { receipt, entry, ledger, onPicture } = props
  onCleanup(ledger.actions.watchReceipt(entry, receipt, setState))

  const drop = (): void => {
    const url = picture()
    if (url === undefined) return
    URL.revokeObjectURL(url)
    setPicture(undefined)
    onPicture(undefined)
  }
  onCleanup(drop)
  let isGone = false
  onCleanup(() => (isGone = true))
  createEffect(() => {
    if (state()?.type !== "Here" || picture() !== undefined) return
    void ledger.actions.openReceipt(receipt).then(async content => {
      const type = content && pictureTypeOf(await headOf(content))
      if (content === undefined || type === undefined || isGone) return
      const url = URL.createObjectURL(new Blob([content], { type }))
      setPicture(url)
      onPicture(url)
    })
  })
  const save = async (): Promise<void> => {
    const content = await ledger.actions.openReceipt(receipt)
    if (content !== undefined) props.tools.save(content, props.name)
  }
  const stateText = (): string => {
    const now = state()
    if (now?.type === "Coming") return t("receipts.coming", { percent: formats().percent(now.part) })
    if (now?.type === "TooBig") return t("receipts.tooBig")
    if (now?.type !== "Asked") return ""
    const name = ledger.names.member(entry.editedBy ?? entry.author)
    return now.of === "Devices" ? t("receipts.asked.Devices", { name }) : t(`receipts.asked.${now.of}`)
  }
  return (
    <li class="receipt" data-state={state()?.type}>
      <Switch
        fallback={
          <div class="receipt-waiting" role="status">
            <Drawn icon={CloudDownload} size="1.5em" />
            <span class="small">{stateText()}</span>
          </div>
        }
      >
        <Match when={picture()}>
          {url => (
            <button
              type="button"
              class="receipt-picture"
              aria-label={t("receipts.show", { name: props.name })}
              onClick={() => props.onShow()}
            >
              {/* What says that it is a picture and cannot be drawn can still be saved. */}
              <img src={url()} alt="" onError={drop} />
            </button>
          )}
        </Match>
        <Match when={state()?.type === "Here"}>
          <button
            type="button"
            class="receipt-file"
            aria-label={t("receipts.save", { name: props.name })}
            onClick={() => void save()}
          >
            <Drawn icon={FileText} size="1.75em" />
          </button>
        </Match>
      </Switch>
      <span class="receipt-name small">
        {props.name}
        <span class="quiet"> {formats().bytes(receipt.sizeBytes)}</span>
      </span>
      <Show when={props.onRemove}>
        {remove => (
          <span class="receipt-remove screen-only">
            <IconButton
              icon={X}
              label={t("receipts.remove", { name: props.name })}
              onClick={() => remove()()}
            />
          </span>
        )}
      </Show>
    </li>
  )
}
