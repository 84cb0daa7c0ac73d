import type { Lent } from "../messages.js"
import type { Values } from "../port.js"
import { type Cell, createCell } from "./cell.js"

/** Everything that is watched as one value, and what is lent to the tabs. */
export type Cells = { readonly [K in keyof Values]: Cell<Values[K]> } & {
  readonly lent: { get(): Lent | undefined; set(lent: Lent | undefined): void }
}

/** What an engine says before anything is open, and again once it is locked. */
export const blank = {
  pairing: { type: "None" },
  membership: { familyName: "", members: [], circles: [] },
  sync: { reach: "Here", isAlone: true, peers: [] },
  late: [],
  shares: [],
  contacts: { card: undefined, mayKeep: false, families: [] },
} as const

export const createCells = (onLent: (lent: Lent | undefined) => void): Cells => {
  let lent: Lent | undefined
  return {
    state: createCell<Values["state"]>({ type: "Starting" }),
    pairing: createCell<Values["pairing"]>(blank.pairing),
    membership: createCell<Values["membership"]>(),
    sync: createCell<Values["sync"]>(),
    storage: createCell<Values["storage"]>(),
    late: createCell<Values["late"]>(),
    shares: createCell<Values["shares"]>(),
    contacts: createCell<Values["contacts"]>(),
    lent: {
      get: () => lent,
      set: next => {
        lent = next
        onLent(next)
      },
    },
  }
}
