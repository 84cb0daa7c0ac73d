import Copy from "lucide-solid/icons/copy"
import { type JSX, Show } from "solid-js"
import type { ContactsView } from "../../engine/port.js"
import { useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Note, Skeleton } from "../../ui/pieces.js"
import { QrCode } from "../../ui/qr-code.js"
import { Screen } from "../../ui/screen.js"
import { useToast } from "../../ui/toast.js"

/** What another family scans or is sent. */
export function OurCardScreen(props: {
  readonly contacts: ContactsView | undefined
  readonly onCopy: (text: string) => Promise<void>
}): JSX.Element {
  const t = useT()
  const toast = useToast()
  const copy = async (text: string): Promise<void> => {
    await props.onCopy(text)
    toast({ text: t("action.copied") })
  }
  return (
    <Screen title={t("others.card")} back={{ href: "/family/others", label: t("action.back") }}>
      <Show when={props.contacts} fallback={<Skeleton label={t("app.loading")} rows={2} />}>
        <Show when={props.contacts?.card} fallback={<Note tone="notice">{t("others.noCard")}</Note>}>
          {card => (
            <div class="stack">
              <p>{t("others.cardHow")}</p>
              {/* In capitals a code has a third fewer squares; a card is read either way. */}
              <QrCode text={card().toUpperCase()} label={t("others.cardQr")} />
              <span>
                <Button icon={Copy} onClick={() => void copy(card())}>
                  {t("others.cardCopy")}
                </Button>
              </span>
              <p class="quiet">{t("others.cardSays")}</p>
            </div>
          )}
        </Show>
      </Show>
    </Screen>
  )
}
