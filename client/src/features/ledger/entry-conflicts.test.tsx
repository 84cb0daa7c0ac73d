import { render, screen, waitFor } from "@solidjs/testing-library"
import type { ConflictingValue, Entry, EntryChange, EntryFields } from "@home/shared/documents"
import { type JSX, createSignal } from "solid-js"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { english } from "../../i18n/en/index.js"
import { LanguageProvider } from "../../i18n/index.js"
import type { MoneyActions } from "../../state/money-actions.js"
import { ToastProvider } from "../../ui/toast.js"
import { EntryConflicts } from "./entry-conflicts.js"
import { EntryHistory } from "./entry-history.js"
import type { LedgerProps } from "./ledger.js"

const entry: Entry = {
  id: "e1",
  date: "2026-03-14",
  direction: "expense",
  status: "settled",
  amountMinor: 2816,
  currency: "EUR",
  account: "cash",
  payee: "Baker",
  note: "",
  category: "groceries",
  tags: [],
  splits: [],
  shares: {},
  receipts: [],
  author: "anna",
  createdAtMs: 0,
}

const [revision, setRevision] = createSignal(0)
const edits: Partial<EntryFields>[] = []
beforeEach(() => void edits.splice(0))
afterEach(() => document.body.replaceChildren())

/** A ledger that answers two questions and notes what is edited; nothing else of it is looked at here. */
const ledgerWith = (answers: {
  readonly conflicts?: Readonly<Record<string, readonly ConflictingValue[]>>
  readonly history?: readonly EntryChange[]
  readonly former?: EntryFields
}): LedgerProps => {
  const actions: Partial<MoneyActions> = {
    conflictsOf: () => Promise.resolve(answers.conflicts ?? {}),
    historyOf: () => Promise.resolve(answers.history ?? []),
    stateAt: () => Promise.resolve(answers.former),
    edit: (_, patch) => {
      edits.push(patch)
      return entry.id
    },
  }
  const names = {
    account: (id: string) => id,
    category: (id: string) => id,
    member: (id: string) => id.toUpperCase(),
  }
  return { actions, names, book: { readOnly: false }, state: { revision } } as unknown as LedgerProps
}

const show = (draw: () => JSX.Element): void =>
  void render(() => (
    <LanguageProvider locale="en" dictionary={english}>
      <ToastProvider closeLabel="Close">{draw()}</ToastProvider>
    </LanguageProvider>
  ))

describe("what two members wrote at once", () => {
  const value = (text: string, shown: boolean): ConflictingValue => ({
    operation: `1@${text}`,
    value: text,
    shown,
  })

  it("is shown, both values of it, and the one that a person chooses is written", async () => {
    const ledger = ledgerWith({
      conflicts: { payee: [value("Bäcker", false), value("Baker", true)], tags: [] },
    })
    show(() => <EntryConflicts entry={entry} ledger={ledger} />)
    const button = await screen.findByRole("button", { name: "Bäcker" })
    expect(screen.getByText("Two people changed this at once")).toBeTruthy()
    button.click()
    screen.getByRole("button", { name: "Baker" }).click()
    // Also the one that is shown: writing it says that it is right.
    expect(edits).toEqual([{ payee: "Bäcker" }, { payee: "Baker" }])
  })

  it("is shown when it comes later, also where the entry itself looks the same", async () => {
    const answers: { conflicts?: Readonly<Record<string, readonly ConflictingValue[]>> } = {}
    show(() => <EntryConflicts entry={entry} ledger={ledgerWith(answers)} />)
    await waitFor(() => expect(screen.queryByText("Two people changed this at once")).toBeNull())
    answers.conflicts = { payee: [value("Bäcker", false), value("Baker", true)] }
    setRevision(count => count + 1)
    expect(await screen.findByRole("button", { name: "Bäcker" })).toBeTruthy()
  })

  it("is not spoken of where nothing is contested", async () => {
    show(() => <EntryConflicts entry={entry} ledger={ledgerWith({})} />)
    await waitFor(() => expect(screen.queryByText("Two people changed this at once")).toBeNull())
  })
})

describe("the history of an entry", () => {
  const history: readonly EntryChange[] = [
    { hash: "h1", author: "anna", atMs: 0, kind: "created", fields: [] },
    {
      hash: "h2",
      author: "ben",
      atMs: 60_000,
      kind: "edited",
      fields: [{ field: "amountMinor", before: 1000, after: 2816 }, { field: "shares" }],
    },
  ]

  it("tells who changed what, and brings a former state back as an edit", async () => {
    const { id: _id, author: _author, createdAtMs: _at, receipts: _receipts, ...former } = entry
    const ledger = ledgerWith({ history, former: { ...former, amountMinor: 1000 } })
    show(() => <EntryHistory entry={entry} ledger={ledger} />)
    screen.getByRole("button", { name: "Show who changed what" }).click()
    expect(await screen.findByText("BEN changed it")).toBeTruthy()
    expect(screen.getByText("Amount: €10.00 → €28.16")).toBeTruthy()
    expect(screen.getByText("Shared changed")).toBeTruthy()
    screen.getByRole("button", { name: "Go back to this" }).click()
    await waitFor(() => expect(edits).toMatchObject([{ amountMinor: 1000, payee: "Baker" }]))
  })
})
