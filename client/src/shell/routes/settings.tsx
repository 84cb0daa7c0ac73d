import type { JSX } from "solid-js"
import { SettingsScreen } from "../../features/settings/settings-screen.js"
import { appearance, changeAppearance } from "../../platform/appearance.js"
import { canUsePasskeys, makePasskey } from "../../platform/passkey.js"
import { askForPersistence, persistence } from "../../platform/persistence.js"
import { dayOf } from "../../platform/wall.js"
import { useHome } from "../home.js"

/** The version in package.json, put in by the build. */
declare const __VERSION__: string

export default function SettingsRoute(): JSX.Element {
  const home = useHome()
  return (
    <SettingsScreen
      appearance={appearance()}
      onAppearance={changeAppearance}
      self={home.self()}
      sync={home.sync()}
      storage={home.storage()}
      persistence={persistence()}
      onKeep={askForPersistence}
      calls={home.calls}
      makePasskey={makePasskey}
      canUsePasskeys={canUsePasskeys()}
      onExport={() =>
        import("../export-all.js").then(({ exportAll }) => exportAll(home.calls, dayOf(new Date())))
      }
      version={__VERSION__}
    />
  )
}
