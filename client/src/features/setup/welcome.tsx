import ChevronRight from "lucide-solid/icons/chevron-right"
import House from "lucide-solid/icons/house"
import KeyRound from "lucide-solid/icons/key-round"
import QrCodeIcon from "lucide-solid/icons/qr-code"
import type { JSX } from "solid-js"
import { type Locale, localeNames, locales, useT } from "../../i18n/index.js"
import { Segmented } from "../../ui/choice.js"
import { List, Row } from "../../ui/pieces.js"
import "./setup.css"
import { Drawn } from "../../ui/icon.js"

/** The first thing that anybody sees: what this is, in their language, and the three ways in. */
export function Welcome(props: {
  readonly locale: Locale
  readonly onLocale: (locale: Locale) => void
  readonly foundHref: string
  readonly joinHref: string
  readonly recoverHref: string
}): JSX.Element {
  const t = useT()
  const more = (): JSX.Element => <Drawn icon={ChevronRight} size="1.25rem" />
  return (
    <div class="screen welcome">
      <img class="welcome-mark" src="/icon.svg" alt="" width="72" height="72" />
      <h1>{t("setup.welcome")}</h1>
      <p class="welcome-promise quiet">{t("setup.promise")}</p>
      <List>
        <Row
          href={props.foundHref}
          lead={<Drawn icon={House} size="1.75rem" />}
          title={t("setup.found")}
          detail={t("setup.foundWhy")}
          trail={more()}
        />
        <Row
          href={props.joinHref}
          lead={<Drawn icon={QrCodeIcon} size="1.75rem" />}
          title={t("setup.join")}
          detail={t("setup.joinWhy")}
          trail={more()}
        />
        <Row
          href={props.recoverHref}
          lead={<Drawn icon={KeyRound} size="1.75rem" />}
          title={t("setup.recover")}
          detail={t("setup.recoverWhy")}
          trail={more()}
        />
      </List>
      <div class="welcome-language">
        <Segmented
          label={t("setup.language")}
          isLabelHidden
          options={locales.map(locale => ({ value: locale, label: localeNames[locale] }))}
          value={props.locale}
          onChange={locale => props.onLocale(locale)}
        />
      </div>
    </div>
  )
}
