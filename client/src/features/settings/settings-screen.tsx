import KeyRound from "lucide-solid/icons/key-round"
import { type JSX, Show } from "solid-js"
import type { Calls, Self, StorageStatus, SyncStatus } from "../../engine/port.js"
import { useT } from "../../i18n/index.js"
import { List, Row } from "../../ui/pieces.js"
import { Screen } from "../../ui/screen.js"
import { Keeping, type Persistence } from "./keeping.js"
import { Lock } from "./lock.js"
import { Look, type LookProps } from "./look.js"
import { type Exported, Yours } from "./yours.js"
import { Drawn } from "../../ui/icon.js"

interface SettingsScreenProps extends LookProps {
  readonly self: Self
  readonly sync: SyncStatus | undefined
  readonly storage: StorageStatus | undefined
  readonly persistence: Persistence
  readonly onKeep: () => Promise<Persistence>
  readonly calls: Calls
  readonly makePasskey: (name: string) => Promise<Parameters<Calls["addPasskey"]>[0] | undefined>
  readonly canUsePasskeys: boolean
  readonly onExport: () => Promise<Exported>
  readonly version: string
}

export function SettingsScreen(props: SettingsScreenProps): JSX.Element {
  const t = useT()
  return (
    <Screen title={t("nav.settings")}>
      <Look appearance={props.appearance} onAppearance={change => props.onAppearance(change)} />
      <Lock
        self={props.self}
        calls={props.calls}
        makePasskey={name => props.makePasskey(name)}
        canUsePasskeys={props.canUsePasskeys}
      />
      <Keeping
        storage={props.storage}
        persistence={props.persistence}
        onKeep={() => props.onKeep()}
        calls={props.calls}
      />
      <Show when={props.self.isLive}>
        <List label={t("phrase.title")}>
          <Row
            lead={<Drawn icon={KeyRound} size="1.5rem" />}
            title={t("phrase.title")}
            detail={t("settings.phraseWhy")}
            href="/settings/phrase"
          />
        </List>
      </Show>
      <Yours isAlone={props.sync?.isAlone ?? true} calls={props.calls} onExport={() => props.onExport()} />
      <p class="quiet small">
        {t("app.name")} · {t("settings.version", { version: props.version })}
      </p>
    </Screen>
  )
}
