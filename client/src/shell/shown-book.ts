import { noFilter } from "@home/shared/documents"
import { createSignal } from "solid-js"
import { setShownFilter } from "./shown-filter.js"

/** The circle whose money is shown; undefined is the family's. After a restart it is the family's again. */
const [shownBook, setShownBook] = createSignal<string>()
export { shownBook }

/** A filter names accounts and categories of one book. */
export const showBook = (circle: string | undefined): void => {
  setShownFilter(noFilter)
  setShownBook(circle)
}
