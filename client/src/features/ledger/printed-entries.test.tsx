import { cleanup, render, screen } from "@solidjs/testing-library"
import type { Entry } from "@home/shared/documents"
import { type JSX, Show } from "solid-js"
import { afterEach, expect, it } from "vitest"
import { english } from "../../i18n/en/index.js"
import { LanguageProvider } from "../../i18n/index.js"
import { createPrinting } from "../../ui/printing.js"
import type { LedgerProps } from "./ledger.js"
import { PrintedEntries } from "./printed-entries.js"

afterEach(cleanup)

const entriesOf = (month: string, count: number): readonly Entry[] =>
  Array.from(
    { length: count },
    (_, at) =>
      ({
        id: `${month} ${at}`,
        date: `${month}-01`,
        payee: `payee ${at}`,
        direction: "expense",
        amountMinor: 100,
        currency: "EUR",
        account: "bank",
        category: "food",
        splits: [],
      }) as unknown as Entry,
  )

const ledger = {
  today: "2026-11-21",
  names: { category: (id: string) => id, account: (id: string) => id },
} as unknown as LedgerProps

function Paper(props: { readonly months: readonly (readonly Entry[])[] }): JSX.Element {
  const isPrinting = createPrinting()
  return (
    <Show when={isPrinting()}>
      <PrintedEntries months={props.months} ledger={ledger} most={30} />
    </Show>
  )
}

it("[U30] prints every entry of the list by month, and only while it prints; says what a very long one leaves out", () => {
  render(() => (
    <LanguageProvider locale="en" dictionary={english}>
      <Paper months={[entriesOf("2026-11", 7), entriesOf("2026-10", 28)]} />
    </LanguageProvider>
  ))
  expect(screen.queryAllByRole("table")).toEqual([])
  dispatchEvent(new Event("beforeprint"))
  expect([...document.querySelectorAll("caption")].map(({ textContent }) => textContent)).toEqual([
    "November 2026",
    "October 2026",
  ])
  expect(document.querySelectorAll("tbody tr").length).toBe(30)
  expect(document.querySelector("tbody tr")?.textContent).toBe("Nov 1payee 0foodbank-€1.00")
  expect(document.body.textContent).toContain("5 older entries")
  dispatchEvent(new Event("afterprint"))
  expect(screen.queryAllByRole("table")).toEqual([])
})
