import type { BlobRef, Entry } from "@home/shared/documents"
import Camera from "lucide-solid/icons/camera"
import Paperclip from "lucide-solid/icons/paperclip"
import { For, type JSX, Show, createMemo, createSignal, onCleanup, onMount } from "solid-js"
import { type PlainKey, useLanguage } from "../../i18n/index.js"
import { Note } from "../../ui/pieces.js"
import { Section } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import type { LedgerProps } from "./ledger.js"
import { type FileTools, prepareReceipt } from "./receipt-file.js"
import { ReceiptTile } from "./receipt-tile.js"
import { ReceiptView } from "./receipt-view.js"
import { Drawn } from "../../ui/icon.js"

/** What a file is called: its name, or its place among the others. */
export type ReceiptName = (receipt: BlobRef) => string

const isFileDrag = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true

/** Pictures and files of one entry: shown, added, taken away. */
export function Receipts(props: {
  readonly entry: Entry
  readonly ledger: LedgerProps
  readonly tools: FileTools
}): JSX.Element {
  const { t } = useLanguage()
  const toast = useToast()
  const [isAdding, setAdding] = createSignal(false)
  const [isOver, setOver] = createSignal(false)
  const [problem, setProblem] = createSignal<PlainKey | undefined>(undefined)
  const [shown, setShown] = createSignal<string | undefined>(undefined)
  const [pictures, setPictures] = createSignal<ReadonlyMap<string, string>>(new Map())
  // By id: an edit of the entry makes new objects of the same files.
  const ids = createMemo(() => props.entry.receipts.map(({ id }) => id), [], {
    equals: (a, b) => a.join() === b.join(),
  })
  const receiptOf = (id: string): BlobRef | undefined =>
    props.entry.receipts.find(receipt => receipt.id === id)
  const nameOf: ReceiptName = receipt =>
    receipt.name || t("receipts.unnamed", { number: ids().indexOf(receipt.id) + 1 })
  const isReadOnly = (): boolean => props.ledger.book.readOnly || props.entry.deletedAtMs !== undefined

  const add = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0 || isReadOnly() || isAdding()) return
    setProblem(undefined)
    setAdding(true)
    const { entry, ledger, tools } = props
    for (const file of files) {
      const prepared = await prepareReceipt(file, tools.redraw)
      const failed =
        typeof prepared === "string" ? prepared : await ledger.actions.attachReceipt(entry, prepared)
      if (failed !== undefined) setProblem(`receipts.problem.${failed}`)
    }
    setAdding(false)
  }
  const remove = (receipt: BlobRef): void => {
    const { entry, ledger } = props
    setShown(undefined)
    ledger.actions.detachReceipt(entry, receipt.id)
    toast({
      text: t("receipts.removed"),
      action: { label: t("action.undo"), run: () => ledger.actions.attachAgain(entry, receipt) },
    })
  }
  const onPaste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])]
    // A dialog that is open has fields of its own.
    if (files.length === 0 || document.querySelector("dialog[open]") !== null) return
    event.preventDefault()
    void add(files)
  }
  onMount(() => document.addEventListener("paste", onPaste))
  onCleanup(() => document.removeEventListener("paste", onPaste))
  const setPicture = (id: string, url: string | undefined): void => {
    const next = new Map(pictures())
    if (url === undefined) next.delete(id)
    else next.set(id, url)
    setPictures(next)
  }
  const shownPictures = (): readonly string[] => ids().filter(id => pictures().has(id))
  return (
    <Section title={t("receipts.title")}>
      <div
        class="receipts stack"
        data-over={isOver() ? "" : undefined}
        onDragOver={event => {
          if (!isFileDrag(event)) return
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={event => {
          if (!isFileDrag(event)) return
          event.preventDefault()
          setOver(false)
          void add([...(event.dataTransfer?.files ?? [])])
        }}
      >
        <Show when={ids().length > 0} fallback={<p class="quiet">{t("receipts.none")}</p>}>
          <ul class="receipt-list">
            <For each={ids()}>
              {id => (
                <Show when={receiptOf(id)}>
                  {receipt => (
                    <ReceiptTile
                      receipt={receipt()}
                      name={nameOf(receipt())}
                      entry={props.entry}
                      ledger={props.ledger}
                      tools={props.tools}
                      onPicture={url => setPicture(id, url)}
                      onShow={() => setShown(id)}
                      onRemove={isReadOnly() ? undefined : () => remove(receipt())}
                    />
                  )}
                </Show>
              )}
            </For>
          </ul>
        </Show>
        <Show when={problem()}>
          {key => (
            <div role="alert">
              <Note tone="notice">{t(key())}</Note>
            </div>
          )}
        </Show>
        <Show when={!isReadOnly()}>
          <div class="cluster screen-only">
            <FileButton
              label={isAdding() ? t("receipts.adding") : t("receipts.add")}
              icon={<Drawn icon={Paperclip} size="1.25em" />}
              accept="image/*,application/pdf"
              isBusy={isAdding()}
              onFiles={files => void add(files)}
            />
            <span class="touch-only">
              <FileButton
                label={t("receipts.camera")}
                icon={<Drawn icon={Camera} size="1.25em" />}
                accept="image/*"
                isCamera
                isBusy={isAdding()}
                onFiles={files => void add(files)}
              />
            </span>
          </div>
          <p class="quiet small mouse-only">{t("receipts.hint")}</p>
        </Show>
      </div>
      <ReceiptView
        ids={shownPictures()}
        shown={shown()}
        urlOf={id => pictures().get(id)}
        nameOf={id => {
          const receipt = receiptOf(id)
          return receipt === undefined ? "" : nameOf(receipt)
        }}
        onShow={setShown}
      />
    </Section>
  )
}

/** The browser's own way to choose a file, as a button. */
function FileButton(props: {
  readonly label: string
  readonly icon: JSX.Element
  readonly accept: string
  readonly isCamera?: boolean
  readonly isBusy: boolean
  readonly onFiles: (files: readonly File[]) => void
}): JSX.Element {
  return (
    <label class="button" data-kind="plain" aria-busy={props.isBusy ? "true" : undefined}>
      {props.icon}
      {props.label}
      <input
        type="file"
        class="spoken"
        accept={props.accept}
        multiple={props.isCamera !== true}
        capture={props.isCamera === true ? "environment" : undefined}
        disabled={props.isBusy}
        onChange={event => {
          const { currentTarget } = event
          props.onFiles([...(currentTarget.files ?? [])])
          // The same file once more is a choice as well.
          currentTarget.value = ""
        }}
      />
    </label>
  )
}
