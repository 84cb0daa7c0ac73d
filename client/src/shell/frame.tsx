import { useLocation } from "@solidjs/router"
import Keyboard from "lucide-solid/icons/keyboard"
import Search from "lucide-solid/icons/search"
import { For, type JSX, Show, createMemo, createSignal } from "solid-js"
import type { Self, StorageStatus, SyncStatus } from "../engine/port.js"
import { useT } from "../i18n/index.js"
import { Keys } from "../ui/keys.js"
import { useToastsHeight } from "../ui/toast.js"
import { CommandPalette, type PaletteCommand } from "../ui/palette.js"
import { areas } from "./areas.js"
import { Notices } from "./notices.js"
import { ShortcutsHelp } from "./shortcuts-help.js"
import { type Shortcuts, listenForShortcuts, paletteKeys } from "./shortcuts.js"
import { SyncBadge } from "./sync-badge.js"
import { Drawn } from "../ui/icon.js"

interface FrameProps {
  readonly familyName: string
  readonly self: Self
  readonly sync: SyncStatus | undefined
  readonly storage: StorageStatus | undefined
  /** What can be done from everywhere, beside going to an area. */
  readonly commands: readonly PaletteCommand[]
  /** What can be done with what was typed. */
  readonly forQuery: (query: string) => readonly PaletteCommand[]
  readonly children: JSX.Element
}

/** What stands around every screen: the areas, the family's name, the sync badge, and what the app has to say. */
export function Frame(props: FrameProps): JSX.Element {
  const t = useT()
  const location = useLocation()
  const [isPaletteOpen, setPaletteOpen] = createSignal(false)
  const [isHelpOpen, setHelpOpen] = createSignal(false)
  const help: PaletteCommand = {
    id: "keys",
    get label() {
      return t("keys.help")
    },
    icon: Keyboard,
    keys: "?",
    run: () => setHelpOpen(true),
  }
  const commands = createMemo((): readonly PaletteCommand[] => [...props.commands, help])
  const shortcuts = createMemo((): Shortcuts => ({
    ...Object.fromEntries(commands().flatMap(({ keys, run }) => (keys === undefined ? [] : [[keys, run]]))),
    // A list that can be searched takes the key itself.
    "/": () => setPaletteOpen(true),
  }))
  const named = (): readonly { readonly label: string; readonly keys: string }[] =>
    props.commands.flatMap(({ label, keys }) => (keys === undefined ? [] : [{ label, keys }]))
  listenForShortcuts(shortcuts, () => setPaletteOpen(!isPaletteOpen()))

  const toastsHeight = useToastsHeight()
  return (
    <div class="frame" style={{ "--toasts-height": toastsHeight() }}>
      <a class="skip button" href="#main" target="_self">
        {t("app.skip")}
      </a>
      <header class="frame-head screen-only">
        <span class="frame-family">{props.familyName || t("app.name")}</span>
        <span class="frame-tools">
          <Show when={props.sync}>{sync => <SyncBadge sync={sync()} />}</Show>
          <span class="wide-only">
            <button type="button" class="palette-button" onClick={() => setPaletteOpen(true)}>
              <Drawn icon={Search} size="1.25em" />
              <span>{t("palette.open")}</span>
              <Keys keys={paletteKeys()} />
            </button>
          </span>
        </span>
      </header>
      <nav class="frame-bar screen-only" aria-label={t("nav.label")}>
        <span class="frame-brand" aria-hidden="true">
          <img src="/icon.svg" alt="" width="40" height="40" />
          <span class="frame-brand-name">{props.familyName || t("app.name")}</span>
        </span>
        <For each={areas}>
          {area => (
            <a
              href={area.path}
              class="frame-link"
              aria-current={location.pathname.startsWith(area.path) ? "page" : undefined}
            >
              <Drawn icon={area.icon} size="1.5rem" />
              <span>{t(area.label)}</span>
            </a>
          )}
        </For>
      </nav>
      <main id="main" class="frame-main" tabIndex={-1}>
        <Notices self={props.self} storage={props.storage} />
        {props.children}
      </main>
      <CommandPalette
        isOpen={isPaletteOpen()}
        title={t("palette.title")}
        placeholder={t("palette.placeholder")}
        nothingText={t("palette.nothing")}
        closeLabel={t("action.close")}
        commands={commands()}
        forQuery={query => props.forQuery(query)}
        onClose={() => setPaletteOpen(false)}
      />
      <ShortcutsHelp isOpen={isHelpOpen()} commands={named()} onClose={() => setHelpOpen(false)} />
    </div>
  )
}
