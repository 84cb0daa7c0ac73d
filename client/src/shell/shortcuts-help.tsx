import { For, type JSX } from "solid-js"
import { useT } from "../i18n/index.js"
import { Keys } from "../ui/keys.js"
import { Dialog } from "../ui/overlay.js"
import { paletteKeys } from "./shortcuts.js"

/** All keys at a glance; "?" opens it. */
export function ShortcutsHelp(props: {
  readonly isOpen: boolean
  /** What each key does, as the palette calls it. */
  readonly commands: readonly { readonly label: string; readonly keys: string }[]
  readonly onClose: () => void
}): JSX.Element {
  const t = useT()
  const lines = (): readonly { readonly label: string; readonly keys: string }[] => [
    { label: t("palette.open"), keys: paletteKeys() },
    ...props.commands,
    { label: t("keys.search"), keys: "/" },
    { label: t("keys.next"), keys: "j" },
    { label: t("keys.previous"), keys: "k" },
    { label: t("keys.open"), keys: "Enter" },
    { label: t("keys.close"), keys: "Esc" },
    { label: t("keys.help"), keys: "?" },
  ]
  return (
    <Dialog
      isOpen={props.isOpen}
      title={t("keys.help")}
      closeLabel={t("action.close")}
      onClose={() => props.onClose()}
    >
      <ul class="keys-list">
        <For each={lines()}>
          {line => (
            <li>
              <span>{line.label}</span>
              <span class="spoken">{line.keys}</span>
              <Keys keys={line.keys} />
            </li>
          )}
        </For>
      </ul>
    </Dialog>
  )
}
