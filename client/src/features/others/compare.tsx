import ShieldAlert from "lucide-solid/icons/shield-alert"
import TriangleAlert from "lucide-solid/icons/triangle-alert"
import { For, type JSX, Show, createSignal } from "solid-js"
import type { ContactCardView, Membership } from "../../engine/port.js"
import { scanTexts, useLanguage, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Note } from "../../ui/pieces.js"
import { QrCode } from "../../ui/qr-code.js"
import { ScanButton } from "../../ui/scan/scan-button.js"
import { Section } from "../../ui/screen.js"
import { Digits } from "./digits.js"

const isNumber = (text: string): boolean => /^\d{60}$/.test(text)

interface CompareProps {
  readonly mayKeep: boolean
  /** The digits that the other family sees. */
  readonly onSame: (digits: string) => void
}

/** Nobody has compared yet: the digits to read out, and the code to scan where people sit together. */
export function Compare(props: CompareProps & { readonly digits: string }): JSX.Element {
  const t = useT()
  const [isOther, setOther] = createSignal(false)
  return (
    <>
      <Note tone="notice" icon={ShieldAlert}>
        {t("others.unverifiedWhy")}
      </Note>
      <Section title={t("others.compare")}>
        <p>{t("others.compareHow")}</p>
        <Digits digits={props.digits} label={t("others.digits")} />
        <Show when={isOther()}>
          <Note tone="danger" icon={TriangleAlert}>
            {t("others.differWhy")}
          </Note>
        </Show>
        <Show when={props.mayKeep} fallback={<p class="quiet">{t("others.onlyAdmin")}</p>}>
          <div class="cluster">
            <Button kind="primary" onClick={() => props.onSame(props.digits)}>
              {t("others.same")}
            </Button>
            <Button onClick={() => setOther(true)}>{t("others.differ")}</Button>
          </div>
        </Show>
        <ByScan {...props} />
      </Section>
    </>
  )
}

/** One scans what the other shows: the device compares. */
function ByScan(props: CompareProps & { readonly digits: string }): JSX.Element {
  const t = useT()
  const take = (text: string): boolean => {
    if (!isNumber(text)) return false
    props.onSame(text)
    return true
  }
  return (
    <>
      <p>{t("others.scanHow")}</p>
      <QrCode text={props.digits} label={t("others.digitsQr")} />
      <Show when={props.mayKeep}>
        <ScanButton texts={scanTexts(t)} onText={take} />
      </Show>
    </>
  )
}

/** Another card in a known name: loud, with a reason and what to do. */
export function Changed(
  props: CompareProps & {
    readonly cards: readonly ContactCardView[]
    readonly membership: Membership | undefined
  },
): JSX.Element {
  const { t, formats } = useLanguage()
  const takenIn = ({ met }: ContactCardView): string | undefined => {
    const name = props.membership?.members.find(({ id }) => id === met?.by)?.name
    return met && name && t("others.takenIn", { name, day: formats().date(met.atMs) })
  }
  return (
    <>
      <Note tone="danger" icon={TriangleAlert}>
        <strong>{t("others.changedWhy")}</strong>
        <span>{t("others.changedReason")}</span>
      </Note>
      <p>{t("others.changedHelp")}</p>
      <For each={props.cards}>
        {card => (
          <Section title={card.verified === undefined ? t("others.otherCard") : t("others.knownCard")}>
            <Show when={takenIn(card)}>{words => <p class="quiet">{words()}</p>}</Show>
            <Digits digits={card.digits} label={t("others.digits")} />
            <Show when={props.mayKeep}>
              <span>
                <Button onClick={() => props.onSame(card.digits)}>{t("others.theySeeThese")}</Button>
              </span>
            </Show>
          </Section>
        )}
      </For>
      <Show when={!props.mayKeep}>
        <p class="quiet">{t("others.onlyAdmin")}</p>
      </Show>
    </>
  )
}
