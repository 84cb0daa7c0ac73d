import { type ImportContext, type PreviewRow, ledgerImport, previewImport } from "@home/shared/documents"
import type { TableMapping } from "@home/shared/documents/import"
import { For, type JSX, Show, createMemo, createSignal, lazy } from "solid-js"
import { useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Select } from "../../ui/choice.js"
import { Note, Progress } from "../../ui/pieces.js"
import { Screen, Section } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"
import { saidText } from "./entry-words.js"
import { type LedgerProps, currencyOf, openAccounts } from "./ledger.js"
import type { Statement, readStatement } from "./statement.js"

// What a file needs comes with the first file.
const ImportMapping = lazy(() => import("./import-mapping.js"))
const ImportPreviewList = lazy(() => import("./import-preview-list.js"))

/** Rows that could not be read and are named one by one; the rest is counted. */
const mostNamed = 20

interface Chosen {
  readonly reader: StatementReader
  readonly name: string
  readonly bytes: Uint8Array
}

/** What reads a file: fetched once somebody has chosen one. */
export interface StatementReader {
  readonly readStatement: typeof readStatement
  readonly hash: ImportContext["hash"]
}

/** A file in, every row shown with what it would become, and only then added. */
export function ImportScreen(props: {
  readonly ledger: LedgerProps
  readonly reader: () => Promise<StatementReader>
  readonly nowMs: () => number
  readonly zone: string
  readonly onLeave: (href: string) => void
}): JSX.Element {
  const t = useT()
  const toast = useToast()
  const [chosen, setChosen] = createSignal<Chosen | undefined>(undefined)
  const [mapping, setMapping] = createSignal<Partial<TableMapping> | undefined>(undefined)
  const [account, setAccount] = createSignal(
    openAccounts(props.ledger.book).find(({ kind }) => kind === "bank")?.id ?? "",
  )
  const [turned, setTurned] = createSignal<ReadonlySet<PreviewRow["draft"]>>(new Set())
  const [running, setRunning] = createSignal<{ readonly done: number; readonly all: number } | undefined>(
    undefined,
  )
  const currency = (): string => currencyOf(props.ledger.book.accounts.get(account()), props.ledger.currency)
  const statement = createMemo((): Statement | undefined => {
    const file = chosen()
    return file?.reader.readStatement(file.name, file.bytes, currency(), mapping())
  })
  const read = createMemo(() => {
    const now = statement()
    return now?.type === "Read" ? now : undefined
  })
  const failed = createMemo(() => {
    const now = statement()
    return now?.type === "Unreadable" ? now : undefined
  })
  const context = ({ hash }: StatementReader): ImportContext => ({
    hash,
    author: props.ledger.self,
    nowMs: props.nowMs(),
    zone: props.zone,
    book: props.ledger.book,
    names: props.ledger.names,
    ...(read()?.isOfOneAccount === true ? { account: account() } : {}),
  })
  const preview = createMemo<ReturnType<typeof previewImport> | undefined>(before => {
    // What goes in changes what is known, some hundred times: all rows need not be compared again each time.
    if (running() !== undefined) return before
    const now = read()
    const file = chosen()
    if (now === undefined || file === undefined) return undefined
    return previewImport(now.drafts, now.parsed.format, context(file.reader), props.ledger.state.entries())
  })
  const rows = (): readonly PreviewRow[] => preview()?.rows ?? []
  const count = (state: PreviewRow["state"]): number => rows().filter(row => row.state === state).length
  /** New rows are wanted and probable doubles are not, unless somebody turned that round. */
  const isKept = (row: PreviewRow): boolean =>
    row.state !== "known" && (row.state === "new") !== turned().has(row.draft)
  const kept = createMemo(() => rows().filter(isKept))
  const skipped = createMemo(() => [...(read()?.parsed.skipped ?? []), ...(preview()?.skipped ?? [])])
  const choose = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    setMapping(undefined)
    setTurned(new Set<PreviewRow["draft"]>())
    const [reader, content] = await Promise.all([
      props.reader(),
      file.arrayBuffer(),
      ImportMapping.preload(),
      ImportPreviewList.preload(),
    ])
    setChosen({ reader, name: file.name, bytes: new Uint8Array(content) })
  }
  const toggle = ({ draft }: PreviewRow): void => {
    const next = new Set(turned())
    if (!next.delete(draft)) next.add(draft)
    setTurned(next)
  }
  const add = async (): Promise<void> => {
    const now = read()
    const file = chosen()
    if (now === undefined || file === undefined) return
    const drafts = kept().map(row => row.draft)
    const plan = ledgerImport(drafts, now.parsed.format, context(file.reader))
    setRunning({ done: 0, all: drafts.length })
    const isDone = await props.ledger.actions.importAll(plan, done =>
      setRunning({ done, all: drafts.length }),
    )
    setRunning(undefined)
    if (!isDone) return
    setChosen(undefined)
    toast({ text: t("money.import.done", { count: drafts.length }) })
    props.onLeave("/money")
  }
  return (
    <Screen title={t("money.import.title")} back={{ href: "/money/more", label: t("action.back") }}>
      <p class="quiet">{t("money.import.text")}</p>
      <div class="cluster">
        <label class="button" data-kind={chosen() === undefined ? "primary" : "plain"}>
          {t("money.import.file")}
          <input
            type="file"
            class="spoken"
            accept=".csv,.tsv,.txt,.ofx,.qfx,.qif,.xml,text/csv,text/plain,text/xml,application/xml"
            disabled={props.ledger.book.readOnly}
            onChange={event => void choose(event.currentTarget.files?.[0])}
          />
        </label>
        <span class="quiet">{chosen()?.name}</span>
      </div>
      <Show when={failed()}>
        {error => (
          <Note tone="danger">
            <strong>{t("money.import.unreadable", { file: error().name })}</strong>
            <span>{saidText(error().why, error().name, t)}</span>
            <span>{t("money.import.unreadableHelp")}</span>
          </Note>
        )}
      </Show>
      <Show when={read()}>
        {now => (
          <>
            <Show when={now().isOfOneAccount}>
              <Select
                label={t("money.import.account")}
                options={openAccounts(props.ledger.book).map(({ id }) => ({
                  value: id,
                  label: props.ledger.names.account(id),
                }))}
                value={account()}
                onChange={setAccount}
              />
            </Show>
            <Show when={now().bank}>{bank => <ImportMapping bank={bank()} onChange={setMapping} />}</Show>
            <Show when={!props.ledger.state.isWhole()}>
              <Note tone="notice">{t("money.import.waiting")}</Note>
            </Show>
            <For each={now().parsed.warnings.slice(0, 3)}>
              {warning => <Note tone="notice">{saidText(warning, now().name, t)}</Note>}
            </For>
            <Show when={skipped().length > 0}>
              <details class="card fold">
                <summary>{t("money.import.skippedCount", { count: skipped().length })}</summary>
                <ul class="small">
                  <For each={skipped().slice(0, mostNamed)}>
                    {one => <li>{saidText(one, now().name, t)}</li>}
                  </For>
                </ul>
              </details>
            </Show>
            <Section title={t("money.import.preview")}>
              <p class="cluster" aria-live="polite">
                <span>{t("money.import.new", { count: count("new") })}</span>
                <Show when={count("likely") > 0}>
                  <span>{t("money.import.likely", { count: count("likely") })}</span>
                </Show>
                <Show when={count("known") > 0}>
                  <span>{t("money.import.known", { count: count("known") })}</span>
                </Show>
              </p>
              <Show
                when={running()}
                fallback={
                  <Button
                    kind="primary"
                    disabled={kept().length === 0 || !props.ledger.state.isWhole()}
                    onClick={() => void add()}
                  >
                    {t("money.import.go", { count: kept().length })}
                  </Button>
                }
              >
                {progress => (
                  <>
                    <Progress
                      label={t("money.import.running", progress())}
                      value={progress().done}
                      max={progress().all}
                    />
                    <p>{t("money.import.running", progress())}</p>
                  </>
                )}
              </Show>
              <ImportPreviewList ledger={props.ledger} rows={rows()} isKept={isKept} onToggle={toggle} />
            </Section>
          </>
        )}
      </Show>
    </Screen>
  )
}
