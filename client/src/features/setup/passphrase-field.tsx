import Eye from "lucide-solid/icons/eye"
import EyeOff from "lucide-solid/icons/eye-off"
import { type JSX, createSignal } from "solid-js"
import { useT } from "../../i18n/index.js"
import { IconButton } from "../../ui/button.js"
import { TextField } from "../../ui/field.js"

/** A passphrase that can be looked at while it is typed; the browser's own password store may keep it. */
export function PassphraseField(props: {
  readonly value: string
  readonly onInput: (value: string) => void
  readonly isNew?: boolean
  readonly label?: string
  readonly error?: string | undefined
}): JSX.Element {
  const t = useT()
  const [isShown, setShown] = createSignal(false)
  return (
    <div class="passphrase">
      <TextField
        label={props.label ?? t("setup.passphrase")}
        hint={props.isNew === true ? t("setup.passphraseHint") : undefined}
        error={props.error}
        type={isShown() ? "text" : "password"}
        autocomplete={props.isNew === true ? "new-password" : "current-password"}
        autocapitalize="none"
        spellcheck={false}
        required
        value={props.value}
        onInput={value => props.onInput(value)}
      />
      <IconButton
        icon={isShown() ? EyeOff : Eye}
        label={t("setup.showPassphrase")}
        aria-pressed={isShown()}
        onClick={() => setShown(!isShown())}
      />
    </div>
  )
}
