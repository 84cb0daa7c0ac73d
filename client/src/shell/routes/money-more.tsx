import { csvOfLedger } from "@home/shared/documents"
import type { JSX } from "solid-js"
import { MoreScreen } from "../../features/ledger/more-screen.js"
import { saveFile } from "../../platform/save-file.js"
import { useMoney } from "../money.js"

export default function MoneyMoreRoute(): JSX.Element {
  const ledger = useMoney()
  const save = (): void => {
    const entries = new Map(ledger.state.entries().map(entry => [entry.id, entry]))
    const csv = csvOfLedger([{ schema: 1, readOnly: true, issues: [], entries }], ledger.book)
    // Spreadsheets take UTF-8 for granted only behind a byte order mark.
    const bytes = new TextEncoder().encode(`\ufeff${csv}`)
    saveFile({ name: `money-${ledger.today}.csv`, mediaType: "text/csv", bytes })
  }
  return <MoreScreen ledger={ledger} onExport={save} />
}
