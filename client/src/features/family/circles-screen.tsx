import ChevronRight from "lucide-solid/icons/chevron-right"
import CircleDashed from "lucide-solid/icons/circle-dashed"
import Plus from "lucide-solid/icons/plus"
import { For, type JSX, Show } from "solid-js"
import type { CircleView, Membership, Self } from "../../engine/port.js"
import { useLanguage } from "../../i18n/index.js"
import { EmptyState, List, Row, Skeleton } from "../../ui/pieces.js"
import { Screen } from "../../ui/screen.js"
import { circleNameOf, nameOf } from "./names.js"
import { Drawn } from "../../ui/icon.js"

interface CirclesScreenProps {
  readonly self: Self
  readonly membership: Membership | undefined
}

/** The parts of the family that have something of their own. */
export function CirclesScreen(props: CirclesScreenProps): JSX.Element {
  const { t, locale } = useLanguage()
  const canMake = (): boolean => props.self.isLive && props.self.role !== "guest"
  const circles = (): readonly CircleView[] =>
    (props.membership?.circles ?? []).filter(({ isEveryone }) => !isEveryone)
  const people = (circle: CircleView): string =>
    new Intl.ListFormat(locale(), { type: "conjunction" }).format(
      (props.membership?.members ?? [])
        .filter(({ id }) => circle.members.includes(id))
        .map(member => nameOf(t, member)),
    )
  return (
    <Screen
      title={t("circles.title")}
      back={{ href: "/family", label: t("action.back") }}
      actions={
        <Show when={canMake()}>
          <a class="button" data-kind="primary" href="/family/circles/new">
            <Drawn icon={Plus} size="1.25em" />
            {t("circles.new")}
          </a>
        </Show>
      }
    >
      <Show when={props.membership} fallback={<Skeleton label={t("app.loading")} rows={2} />}>
        <Show
          when={circles().length > 0}
          fallback={
            <EmptyState icon={CircleDashed} title={t("circles.none")}>
              <p>{t("circles.why")}</p>
              <p>{t("circles.noneWhy")}</p>
            </EmptyState>
          }
        >
          <p>{t("circles.why")}</p>
          <List label={t("circles.title")}>
            <For each={circles()}>
              {circle => (
                <Row
                  {...(circle.isRead ? { href: `/family/circles/${circle.id}` } : {})}
                  lead={<Drawn icon={CircleDashed} size="1.5rem" />}
                  title={circleNameOf(t, circle)}
                  detail={people(circle)}
                  trail={
                    <Show when={circle.isRead}>
                      <Drawn icon={ChevronRight} size="1.25rem" />
                    </Show>
                  }
                />
              )}
            </For>
          </List>
        </Show>
      </Show>
    </Screen>
  )
}
