import { type Filter, noFilter } from "@home/shared/documents"
import { createSignal } from "solid-js"

/** What the list of entries shows outlives the way to an entry and back, not a restart. */
export const [shownFilter, setShownFilter] = createSignal<Filter>(noFilter)

export const showAccount = (account: string): void =>
  void setShownFilter({ ...noFilter, accounts: [account] })

export const showText = (text: string): void => void setShownFilter({ ...noFilter, text })

/** `2026-03`: its entries and no others. */
export const showMonth = (month: string): void =>
  void setShownFilter({ ...noFilter, from: `${month}-01`, to: `${month}-31` })
