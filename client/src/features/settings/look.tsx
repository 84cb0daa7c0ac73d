import type { JSX } from "solid-js"
import { type Locale, localeNames, locales, useT } from "../../i18n/index.js"
import { Segmented, Select, Switch } from "../../ui/choice.js"
import { Section } from "../../ui/screen.js"

interface Appearance {
  readonly theme: "system" | "light" | "dark"
  readonly contrast: "system" | "more"
  readonly text: "normal" | "large" | "larger"
  readonly locale: Locale
}

export interface LookProps {
  readonly appearance: Appearance
  readonly onAppearance: (change: Partial<Appearance>) => void
}

export function Look(props: LookProps): JSX.Element {
  const t = useT()
  return (
    <Section title={t("settings.look")}>
      <Select
        label={t("settings.language")}
        options={locales.map(value => ({ value, label: localeNames[value] }))}
        value={props.appearance.locale}
        onChange={locale => props.onAppearance({ locale })}
      />
      <Segmented
        label={t("settings.theme")}
        options={[
          { value: "system", label: t("settings.themeSystem") },
          { value: "light", label: t("settings.themeLight") },
          { value: "dark", label: t("settings.themeDark") },
        ]}
        value={props.appearance.theme}
        onChange={theme => props.onAppearance({ theme })}
      />
      <Segmented
        label={t("settings.text")}
        options={[
          { value: "normal", label: t("settings.textNormal") },
          { value: "large", label: t("settings.textLarge") },
          { value: "larger", label: t("settings.textLarger") },
        ]}
        value={props.appearance.text}
        onChange={text => props.onAppearance({ text })}
      />
      <Switch
        label={t("settings.contrast")}
        isOn={props.appearance.contrast === "more"}
        onChange={isOn => props.onAppearance({ contrast: isOn ? "more" : "system" })}
      />
    </Section>
  )
}
