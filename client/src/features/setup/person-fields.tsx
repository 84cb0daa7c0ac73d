import type { JSX } from "solid-js"
import { useT } from "../../i18n/index.js"
import { TextField } from "../../ui/field.js"

/** Who sits here, and what this device is called. */
export function PersonFields(props: {
  readonly member: string
  readonly onMember: (name: string) => void
  readonly deviceName: string
  readonly onDeviceName: (name: string) => void
}): JSX.Element {
  const t = useT()
  return (
    <>
      <TextField
        label={t("setup.you")}
        placeholder={t("setup.youExample")}
        autocomplete="nickname"
        required
        maxLength={60}
        value={props.member}
        onInput={name => props.onMember(name)}
      />
      <TextField
        label={t("setup.device")}
        hint={t("setup.deviceHint")}
        autocomplete="off"
        required
        maxLength={60}
        value={props.deviceName}
        onInput={name => props.onDeviceName(name)}
      />
    </>
  )
}
