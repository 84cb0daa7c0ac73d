import { useLocation, useNavigate } from "@solidjs/router"
import Search from "lucide-solid/icons/search"
import { For, type JSX, Show, createMemo, createSignal, onCleanup } from "solid-js"
import { Dynamic } from "solid-js/web"
import type { StorageStatus, SyncStatus } from "../engine/port.js"
import { useT } from "../i18n/index.js"
import { IconButton } from "../ui/button.js"
import { CommandPalette, type PaletteCommand } from "../ui/palette.js"
import { areas } from "./areas.js"
import { Notices } from "./notices.js"
import { SyncBadge } from "./sync-badge.js"

interface FrameProps {
  readonly familyName: string
  readonly sync: SyncStatus | undefined
  readonly storage: StorageStatus | undefined
  /** What can be done from everywhere, beside going to an area. */
  readonly commands: readonly PaletteCommand[]
  readonly children: JSX.Element
}

/** What stands around every screen: the areas, the family's name, the sync badge, and what the app has to say. */
export function Frame(props: FrameProps): JSX.Element {
  const t = useT()
  const location = useLocation()
  const navigate = useNavigate()
  const [isPaletteOpen, setPaletteOpen] = createSignal(false)

  const commands = createMemo((): readonly PaletteCommand[] => [
    ...areas.map(area => ({
      id: area.path,
      label: t(area.label),
      icon: area.icon,
      run: () => navigate(area.path),
    })),
    ...props.commands,
  ])
  const openByKey = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return
    event.preventDefault()
    setPaletteOpen(!isPaletteOpen())
  }
  document.addEventListener("keydown", openByKey)
  onCleanup(() => document.removeEventListener("keydown", openByKey))

  return (
    <div class="frame">
      <a class="skip button" href="#main" target="_self">
        {t("app.skip")}
      </a>
      <header class="frame-head screen-only">
        <span class="frame-family">{props.familyName || t("app.name")}</span>
        <span class="frame-tools">
          <Show when={props.sync}>{sync => <SyncBadge sync={sync()} />}</Show>
          <span class="wide-only">
            <IconButton icon={Search} label={t("palette.open")} onClick={() => setPaletteOpen(true)} />
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
              <Dynamic component={area.icon} size="1.5rem" aria-hidden="true" />
              <span>{t(area.label)}</span>
            </a>
          )}
        </For>
      </nav>
      <main id="main" class="frame-main" tabIndex={-1}>
        <Notices storage={props.storage} />
        {props.children}
      </main>
      <CommandPalette
        isOpen={isPaletteOpen()}
        title={t("palette.title")}
        placeholder={t("palette.placeholder")}
        nothingText={t("palette.nothing")}
        closeLabel={t("action.close")}
        commands={commands()}
        onClose={() => setPaletteOpen(false)}
      />
    </div>
  )
}
