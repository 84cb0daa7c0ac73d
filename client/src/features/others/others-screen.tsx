import ChevronRight from "lucide-solid/icons/chevron-right"
import Handshake from "lucide-solid/icons/handshake"
import IdCard from "lucide-solid/icons/id-card"
import Plus from "lucide-solid/icons/plus"
import { For, type JSX, Show } from "solid-js"
import type { ContactsView, ShareView } from "../../engine/port.js"
import { useT } from "../../i18n/index.js"
import { Avatar, EmptyState, List, Note, Row, Skeleton } from "../../ui/pieces.js"
import { Screen, Section } from "../../ui/screen.js"
import { Offers, type OffersProps } from "./offers.js"
import { ShareList } from "./share-list.js"
import { StandingBadge, familyNameOf } from "./names.js"
import { Drawn } from "../../ui/icon.js"

const unverified = ({ families }: ContactsView): ReadonlySet<string> =>
  new Set(families.filter(({ standing }) => standing !== "verified").map(({ family }) => family))

/** The families that this one has exchanged cards with. */
export function OthersScreen(
  props: Omit<OffersProps, "unverified"> & {
    readonly contacts: ContactsView | undefined
    readonly shares: readonly ShareView[]
  },
): JSX.Element {
  const t = useT()
  return (
    <Screen
      title={t("others.title")}
      back={{ href: "/family", label: t("action.back") }}
      actions={
        <Show when={props.contacts?.mayKeep === true && props.contacts.card !== undefined}>
          <a class="button" data-kind="primary" href="/family/others/add">
            <Drawn icon={Plus} size="1.25em" />
            {t("others.add")}
          </a>
        </Show>
      }
    >
      <Show when={props.contacts} fallback={<Skeleton label={t("app.loading")} rows={2} />}>
        {contacts => (
          <>
            <Show
              when={contacts().families.length > 0}
              fallback={
                <EmptyState icon={Handshake} title={t("others.none")}>
                  <p>{t("others.noneWhy")}</p>
                  <p>{t("others.noneSafe")}</p>
                </EmptyState>
              }
            >
              <List label={t("others.title")}>
                <For each={contacts().families}>
                  {contact => (
                    <Row
                      href={`/family/others/${contact.family}`}
                      lead={<Avatar name={familyNameOf(t, contact)} />}
                      title={familyNameOf(t, contact)}
                      trail={<StandingBadge standing={contact.standing} />}
                    />
                  )}
                </For>
              </List>
            </Show>
            <Show when={props.shares.length > 0}>
              <Section title={t("shares.title")}>
                <ShareList shares={props.shares} />
              </Section>
            </Show>
            <Show when={contacts().mayKeep && contacts().families.length > 0}>
              <Offers
                calls={props.calls}
                unverified={unverified(contacts())}
                onAccepted={share => props.onAccepted(share)}
              />
            </Show>
            <Show when={!contacts().mayKeep}>
              <p class="quiet">{t("others.onlyAdmin")}</p>
            </Show>
            <Show
              when={contacts().card !== undefined}
              fallback={<Note tone="notice">{t("others.noCard")}</Note>}
            >
              <List label={t("others.card")}>
                <Row
                  href="/family/others/card"
                  lead={<Drawn icon={IdCard} size="1.5rem" />}
                  title={t("others.card")}
                  detail={t("others.cardDetail")}
                  trail={<Drawn icon={ChevronRight} size="1.25rem" />}
                />
              </List>
            </Show>
          </>
        )}
      </Show>
    </Screen>
  )
}
