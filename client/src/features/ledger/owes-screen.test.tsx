import { cleanup, render, screen } from "@solidjs/testing-library"
import type { Entry } from "@home/shared/documents"
import { createSignal } from "solid-js"
import { afterEach, expect, it } from "vitest"
import { english } from "../../i18n/en/index.js"
import { LanguageProvider } from "../../i18n/index.js"
import { ToastProvider } from "../../ui/toast.js"
import type { LedgerProps } from "./ledger.js"
import { OwesScreen } from "./owes-screen.js"

afterEach(cleanup)

const paidByAnna = {
  id: "e1",
  date: "2025-11-01",
  direction: "expense",
  status: "settled",
  amountMinor: 1000,
  currency: "EUR",
  paidBy: "anna",
  shares: { anna: 400, ben: 600 },
} as unknown as Entry

it("[U34] says nothing of who owes whom, and settles nothing, before every year is here", () => {
  const [entries, setEntries] = createSignal<readonly Entry[]>([])
  const [isWhole, setWhole] = createSignal(false)
  const ledger = {
    state: { entries, isWhole },
    book: { readOnly: false },
    people: [],
    names: { member: (id: string) => id },
  } as unknown as LedgerProps
  render(() => (
    <LanguageProvider locale="en" dictionary={english}>
      <ToastProvider closeLabel="Close">
        <OwesScreen ledger={ledger} />
      </ToastProvider>
    </LanguageProvider>
  ))
  const settle = (): HTMLButtonElement => screen.getByRole("button", { name: "Mark as paid" })
  expect(screen.queryByText("Nobody owes anything")).toBeNull()
  setEntries([paidByAnna])
  expect(screen.getByText("Loading older years …")).toBeDefined()
  expect(settle().disabled).toBe(true)
  setWhole(true)
  expect(screen.queryByText("Loading older years …")).toBeNull()
  expect(settle().disabled).toBe(false)
  setEntries([])
  expect(screen.getByText("Nobody owes anything")).toBeDefined()
})
