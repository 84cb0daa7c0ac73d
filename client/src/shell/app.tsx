import { Navigate, type RouteDefinition, type RouteSectionProps, Router } from "@solidjs/router"
import {
  type JSX,
  Match,
  Show,
  Suspense,
  Switch,
  createMemo,
  createResource,
  lazy,
  onCleanup,
  onMount,
} from "solid-js"
import type { Engine, Self } from "../engine/port.js"
import { LanguageProvider, loadDictionary, useT } from "../i18n/index.js"
import { appearance } from "../platform/appearance.js"
import { whenIdle } from "../platform/idle.js"
import type { Power } from "../platform/powers.js"
import { Skeleton } from "../ui/pieces.js"
import { ToastProvider } from "../ui/toast.js"
import { areas } from "./areas.js"
import { arrivalPath } from "./arrival-path.js"
import { MissingScreen, ScreenBoundary } from "./failure.js"
import { useCommands } from "./commands.js"
import { Frame } from "./frame.js"
import { Insecure } from "./insecure.js"
import { type Home, HomeProvider, useHome } from "./home.js"
import { countLastPress } from "./last-press.js"
import { watchValue } from "./watch.js"

const Arrival = lazy(() => import("./routes/arrival.js"))
const Unlock = lazy(() => import("./routes/unlock.js"))
const Failed = lazy(() => import("./routes/failed.js"))
const Removed = lazy(() => import("./routes/removed.js"))

/**
 * The whole app: a language around it, and in it what the engine's state asks for. `engine`: undefined where the browser
 * keeps something back (`missing`) without which nothing could work.
 */
export function App(props: {
  readonly engine: Engine | undefined
  readonly missing: readonly Power[]
}): JSX.Element {
  const [dictionary] = createResource(
    () => appearance().locale,
    async locale => ({
      locale,
      messages: await loadDictionary(locale),
    }),
  )
  return (
    <Switch>
      <Match when={dictionary.latest}>
        {loaded => (
          <LanguageProvider locale={loaded().locale} dictionary={loaded().messages}>
            <Show when={props.engine} fallback={<Insecure missing={props.missing} />}>
              {engine => <Everything engine={engine()} />}
            </Show>
          </LanguageProvider>
        )}
      </Match>
    </Switch>
  )
}

function Everything(props: { readonly engine: Engine }): JSX.Element {
  const t = useT()
  // eslint-disable-next-line solid/reactivity -- one engine for as long as the page lives
  const state = watchValue(props.engine, "state")
  const self = createMemo((): Self | undefined => {
    const now = state()
    return now?.type === "Open" ? now.self : undefined
  })
  const locked = createMemo(() => {
    const now = state()
    return now?.type === "Locked" ? now : undefined
  })
  return (
    <ToastProvider closeLabel={t("action.close")}>
      <ScreenBoundary>
        <Suspense fallback={<Waiting />}>
          <Switch fallback={<Waiting />}>
            <Match when={state()?.type === "Empty"}>
              <Arrival engine={props.engine} />
            </Match>
            <Match when={locked()}>{now => <Unlock calls={props.engine.calls} ways={now().ways} />}</Match>
            <Match when={state()?.type === "Removed"}>
              <Removed onBegin={() => void props.engine.calls.eraseEverything({})} />
            </Match>
            <Match when={state()?.type === "Failed"}>
              <Failed />
            </Match>
            <Match when={self()}>
              {open => (
                <HomeProvider engine={props.engine} self={open()}>
                  <Rooms />
                </HomeProvider>
              )}
            </Match>
          </Switch>
        </Suspense>
      </ScreenBoundary>
    </ToastProvider>
  )
}

/** What stands there before the engine has said anything: the shape of a screen, at once. */
function Waiting(): JSX.Element {
  const t = useT()
  return (
    <main class="screen">
      <Skeleton label={t("app.loading")} />
    </main>
  )
}

const routes = [
  { path: "/", component: () => <Navigate href={areas[0]?.path ?? "/settings"} /> },
  ...areas.map(area => ({ path: area.path, children: area.routes })),
  // Set-up is over: its addresses lead to the family that it made.
  { path: `${arrivalPath}/*`, component: () => <Navigate href="/family" /> },
  { path: "*", component: MissingScreen },
]

/** The files of every screen, in the order of the bar. */
const screenLoaders = (definitions: readonly RouteDefinition[]): readonly (() => Promise<unknown>)[] =>
  definitions.flatMap(({ component, children = [] }) => [
    ...(component !== undefined && "preload" in component
      ? [(component as ReturnType<typeof lazy>).preload]
      : []),
    ...screenLoaders([children].flat()),
  ])

/**
 * Fetches the screens while nothing else is to be done, and then reads the book: a press on one waits for neither.
 */
const fetchAhead = (home: Home): void => {
  let isOver = false
  let stop: () => void = () => undefined
  const loaders = [...screenLoaders(areas.flatMap(area => area.routes))]
  const next = (): void => {
    const load = loaders.shift()
    if (isOver) return
    if (load === undefined) {
      void import("./kept-money.js").then(({ readMoneyAhead }) => isOver || readMoneyAhead(home))
      return
    }
    stop = whenIdle(() => {
      // Offline and not yet kept: it is asked for again when somebody opens it.
      void load().then(next, next)
      return false
    })
  }
  onMount(next)
  onCleanup(() => {
    isOver = true
    stop()
  })
}

function Rooms(): JSX.Element {
  fetchAhead(useHome())
  return <Router root={Root}>{routes}</Router>
}

function Root(props: RouteSectionProps): JSX.Element {
  const t = useT()
  const home = useHome()
  const commands = useCommands()
  countLastPress()
  return (
    <Frame
      familyName={home.membership()?.familyName ?? ""}
      self={home.self()}
      sync={home.sync()}
      storage={home.storage()}
      commands={commands.all()}
      forQuery={commands.forQuery}
    >
      <ScreenBoundary>
        <Suspense
          fallback={
            <div class="screen">
              <Skeleton label={t("app.loading")} />
            </div>
          }
        >
          {props.children}
        </Suspense>
      </ScreenBoundary>
    </Frame>
  )
}
