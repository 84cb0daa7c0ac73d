import { csvOfLedger } from "@home/shared/documents"
import { type JSX, createResource } from "solid-js"
import type { CircleDocument } from "../../engine/port.js"
import { MoreScreen } from "../../features/ledger/more-screen.js"
import { explain, useT } from "../../i18n/index.js"
import { saveFile } from "../../platform/save-file.js"
import { useToast } from "../../ui/toast.js"
import { useHome } from "../home.js"
import { useMoney } from "../money.js"

export default function MoneyMoreRoute(): JSX.Element {
  const t = useT()
  const home = useHome()
  const toast = useToast()
  const ledger = useMoney()
  const save = (): void => {
    const entries = new Map(ledger.state.entries().map(entry => [entry.id, entry]))
    const csv = csvOfLedger([{ schema: 1, readOnly: true, issues: [], entries }], ledger.book)
    // Spreadsheets take UTF-8 for granted only behind a byte order mark.
    const bytes = new TextEncoder().encode(`\ufeff${csv}`)
    saveFile({ name: `money-${ledger.today}.csv`, mediaType: "text/csv", bytes })
  }
  const circle = () => home.membership()?.circles.find(({ id }) => id === ledger.circle)?.id
  const year = (): CircleDocument => ({ area: "ledger", name: ledger.today.slice(0, 4), circle: circle() })
  const isShared = (): boolean => ledger.circle !== undefined && circle() === undefined
  /** Only a family with such members has anything to decide. */
  const hasUsers = (): boolean =>
    !isShared() &&
    home
      .membership()
      ?.members.some(({ role, isLive, kind }) => isLive && kind === "person" && role === "user") === true
  const [usersWrite, { refetch }] = createResource(hasUsers, async () => {
    const policy = await home.calls.documentPolicy({ document: year() })
    return policy.ok && policy.value.maySet ? policy.value.usersWrite : undefined
  })
  const setUsersWrite = async (isOpen: boolean): Promise<void> => {
    const set = await home.calls.setDocumentPolicy({ document: year(), usersWrite: isOpen })
    toast(set.ok ? { text: t("member.saved") } : { text: explain(t, set.error), isUrgent: true })
    await refetch()
  }
  return (
    <MoreScreen
      ledger={ledger}
      usersWrite={usersWrite.latest}
      onUsersWrite={isOpen => void setUsersWrite(isOpen)}
      onExport={save}
    />
  )
}
