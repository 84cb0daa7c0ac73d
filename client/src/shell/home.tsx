import { type Accessor, type JSX, type Owner, createContext, getOwner, useContext } from "solid-js"
import type {
  Calls,
  Engine,
  LateEditsView,
  Membership,
  Pairing,
  Self,
  ShareView,
  StorageStatus,
  SyncStatus,
} from "../engine/port.js"
import { watchValue } from "./watch.js"

/** What the shell gives to screens as props: the engine's values as signals, and its calls. */
export interface Home {
  readonly engine: Engine
  readonly calls: Calls
  readonly self: Accessor<Self>
  readonly membership: Accessor<Membership | undefined>
  readonly sync: Accessor<SyncStatus | undefined>
  readonly storage: Accessor<StorageStatus | undefined>
  readonly pairing: Accessor<Pairing | undefined>
  readonly late: Accessor<readonly LateEditsView[] | undefined>
  readonly shares: Accessor<readonly ShareView[] | undefined>
  /** Lives until the family is locked: for what an area keeps while others are shown. */
  readonly owner: Owner | null
}

const HomeContext = createContext<Home>()

/** Below this the family's data is open. Only the shell's own routes use it; features get props. */
export function HomeProvider(props: {
  readonly engine: Engine
  readonly self: Self
  readonly children: JSX.Element
}): JSX.Element {
  // One engine for as long as the page lives.
  // eslint-disable-next-line solid/reactivity
  const { engine } = props
  const home: Home = {
    engine,
    calls: engine.calls,
    self: () => props.self,
    membership: watchValue(engine, "membership"),
    sync: watchValue(engine, "sync"),
    storage: watchValue(engine, "storage"),
    pairing: watchValue(engine, "pairing"),
    late: watchValue(engine, "late"),
    shares: watchValue(engine, "shares"),
    owner: getOwner(),
  }
  return <HomeContext.Provider value={home}>{props.children}</HomeContext.Provider>
}

export const useHome = (): Home => {
  const home = useContext(HomeContext)
  if (home === undefined) throw new Error("outside of HomeProvider")
  return home
}
