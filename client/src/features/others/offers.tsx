import Handshake from "lucide-solid/icons/handshake"
import { For, type JSX, Show, createResource, createSignal } from "solid-js"
import type { ShareCalls, ShareOfferView } from "../../engine/port.js"
import { type Problem, explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Drawn } from "../../ui/icon.js"
import { Dialog } from "../../ui/overlay.js"
import { List, Note, Row } from "../../ui/pieces.js"
import { Section } from "../../ui/screen.js"
import { familyNameOf } from "./names.js"

export interface OffersProps {
  readonly calls: Pick<ShareCalls, "shareOffers" | "acceptShare">
  readonly onAccepted: (share: string) => void
  /** Those that nobody has compared the digits with. */
  readonly unverified: ReadonlySet<string>
}

/** What other families have left for this one at their meeting places: looked for when the screen opens. */
export function Offers(props: OffersProps): JSX.Element {
  const t = useT()
  const [found, { refetch }] = createResource(() => props.calls.shareOffers({}))
  const [asked, setAsked] = createSignal<ShareOfferView>()
  const offers = (): readonly ShareOfferView[] => {
    const result = found.latest
    return result?.ok === true ? result.value : []
  }
  const problem = (): Problem | undefined => {
    const result = found.latest
    return result?.ok === false ? result.error : undefined
  }
  return (
    <Section
      title={t("shares.offers")}
      actions={
        <Button kind="quiet" disabled={found.loading} onClick={() => void refetch()}>
          {t("shares.look")}
        </Button>
      }
    >
      <p class="quiet" role="status">
        <Show when={!found.loading} fallback={t("shares.looking")}>
          <Show when={problem()} fallback={offers().length === 0 ? t("shares.noOffers") : ""}>
            {wrong => explain(t, wrong())}
          </Show>
        </Show>
      </p>
      <Show when={offers().length > 0}>
        <List label={t("shares.offers")}>
          <For each={offers()}>
            {offer => (
              <Row
                lead={<Drawn icon={Handshake} size="1.5rem" />}
                title={offer.title}
                detail={
                  offer.isOurs
                    ? t("shares.offerOurs")
                    : t("shares.offerFrom", { name: familyNameOf(t, offer) })
                }
                trail={<Button onClick={() => setAsked(offer)}>{t("shares.accept")}</Button>}
              />
            )}
          </For>
        </List>
      </Show>
      <Show when={asked()}>
        {offer => <AcceptDialog {...props} offer={offer()} onClose={() => setAsked(undefined)} />}
      </Show>
    </Section>
  )
}

/** What it means, before it is done. */
function AcceptDialog(
  props: OffersProps & { readonly offer: ShareOfferView; readonly onClose: () => void },
): JSX.Element {
  const t = useT()
  const [isBusy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()
  const words = () => ({ title: props.offer.title, name: familyNameOf(t, props.offer) })
  const accept = async (): Promise<void> => {
    setProblem(undefined)
    setBusy(true)
    const accepted = await props.calls.acceptShare({ offer: props.offer.offer })
    setBusy(false)
    if (accepted.ok) props.onAccepted(accepted.value)
    else setProblem(accepted.error)
  }
  return (
    <Dialog
      isOpen
      title={props.offer.isOurs ? t("shares.acceptOurs", words()) : t("shares.acceptSure", words())}
      closeLabel={t("action.close")}
      onClose={() => props.onClose()}
      actions={
        <>
          <Button onClick={() => props.onClose()}>{t("action.cancel")}</Button>
          <Button kind="primary" isBusy={isBusy()} onClick={() => void accept()}>
            {isBusy() ? t("shares.accepting") : t("shares.accept")}
          </Button>
        </>
      }
    >
      <Show when={props.unverified.has(props.offer.family)}>
        <Note tone="notice">{t("shares.otherOffer")}</Note>
      </Show>
      <p>{props.offer.isOurs ? t("shares.acceptOursWhy") : t("shares.acceptWhy", { name: words().name })}</p>
      <Show when={problem()}>{wrong => <Note tone="danger">{explain(t, wrong())}</Note>}</Show>
    </Dialog>
  )
}
