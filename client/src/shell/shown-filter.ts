import { type Filter, noFilter } from "@home/shared/documents"
import { createSignal } from "solid-js"

/** What the list of entries shows outlives the way to an entry and back, not a restart. */
export const [shownFilter, setShownFilter] = createSignal<Filter>(noFilter)

export const showAccount = (account: string): void =>
  void setShownFilter({ ...noFilter, accounts: [account] })
