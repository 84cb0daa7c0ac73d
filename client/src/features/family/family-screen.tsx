import ChevronRight from "lucide-solid/icons/chevron-right"
import CircleDashed from "lucide-solid/icons/circle-dashed"
import CloudCheck from "lucide-solid/icons/cloud-check"
import Handshake from "lucide-solid/icons/handshake"
import HardDrive from "lucide-solid/icons/hard-drive"
import ListChecks from "lucide-solid/icons/list-checks"
import Plus from "lucide-solid/icons/plus"
import { For, type JSX, Show } from "solid-js"
import type { Calls, LateEditsView, MemberView, Membership, Self } from "../../engine/port.js"
import { useLanguage, useT } from "../../i18n/index.js"
import { Avatar, Badge, List, Note, Row, Skeleton } from "../../ui/pieces.js"
import { Screen, Section } from "../../ui/screen.js"
import { FirstSteps, type FirstStepsProps } from "./first-steps.js"
import { LateEdits } from "./late-edits.js"
import { nameOf } from "./names.js"
import { Drawn } from "../../ui/icon.js"

interface FamilyScreenProps extends FirstStepsProps {
  readonly self: Self
  readonly membership: Membership | undefined
  readonly late: readonly LateEditsView[]
  readonly calls: Pick<Calls, "acceptLate" | "discardLate">
}

/** Who belongs to the family, with which devices, and what there is to do next. */
export function FamilyScreen(props: FamilyScreenProps): JSX.Element {
  const t = useT()
  return (
    <Screen
      title={props.membership?.familyName || t("nav.family")}
      actions={
        <Show when={props.self.mayInvite}>
          <a class="button" data-kind="primary" href="/family/invite">
            <Drawn icon={Plus} size="1.25em" />
            {t("family.addSomebody")}
          </a>
        </Show>
      }
    >
      <Show when={!props.self.isLive}>
        <Note tone="danger">{t("problem.removed")}</Note>
      </Show>
      <Show when={props.self.isJunior && props.self.isLive}>
        <Note tone="notice">
          <strong>{t("main.title")}</strong>
          <span>{t("main.why")}</span>
        </Note>
      </Show>
      <LateEdits
        late={props.late}
        canDecide={props.self.isLive && !props.self.isSuspended}
        membership={props.membership}
        calls={props.calls}
      />
      <Show when={props.membership} fallback={<Skeleton label={t("app.loading")} rows={3} />}>
        {membership => (
          <>
            <FirstSteps {...props} />
            <Members title={t("family.people")} members={membership().members.filter(isPresent("person"))} />
            <Members title={t("family.boxes")} members={membership().members.filter(isPresent("box"))} />
            <Members
              title={t("family.former")}
              members={membership().members.filter(({ isLive }) => !isLive)}
            />
          </>
        )}
      </Show>
      <List label={t("family.more")}>
        <Row
          href="/family/devices"
          lead={<Drawn icon={CloudCheck} size="1.5rem" />}
          title={t("devices.title")}
          trail={<Drawn icon={ChevronRight} size="1.25rem" />}
        />
        <Row
          href="/family/log"
          lead={<Drawn icon={ListChecks} size="1.5rem" />}
          title={t("access.title")}
          detail={t("access.what")}
          trail={<Drawn icon={ChevronRight} size="1.25rem" />}
        />
        <Row
          href="/family/circles"
          lead={<Drawn icon={CircleDashed} size="1.5rem" />}
          title={t("circles.title")}
          trail={<Drawn icon={ChevronRight} size="1.25rem" />}
        />
        <Row
          href="/family/others"
          lead={<Drawn icon={Handshake} size="1.5rem" />}
          title={t("others.title")}
          trail={<Drawn icon={ChevronRight} size="1.25rem" />}
        />
      </List>
    </Screen>
  )
}

const isPresent =
  (kind: MemberView["kind"]) =>
  (member: MemberView): boolean =>
    member.isLive && member.kind === kind

function Members(props: { readonly title: string; readonly members: readonly MemberView[] }): JSX.Element {
  const { t, formats } = useLanguage()
  const until = (member: MemberView): string | undefined =>
    member.untilMs === undefined ? undefined : t("family.until", { day: formats().date(member.untilMs) })
  const devices = (member: MemberView): number => member.devices.filter(({ isLive }) => isLive).length
  return (
    <Show when={props.members.length > 0}>
      <Section title={props.title}>
        <List label={props.title}>
          <For each={props.members}>
            {member => (
              <Row
                href={`/family/members/${member.id}`}
                lead={
                  member.kind === "box" ? (
                    <Avatar name={member.name} icon={HardDrive} />
                  ) : (
                    <Avatar place={member.place} name={nameOf(t, member)} colour={member.colour} />
                  )
                }
                title={member.isYou ? t("family.nameYou", { name: nameOf(t, member) }) : nameOf(t, member)}
                detail={
                  member.isLive && member.kind === "person"
                    ? [
                        t(`role.${member.role}`),
                        until(member),
                        t("family.deviceCount", { count: devices(member) }),
                      ]
                        .filter(Boolean)
                        .join(" · ")
                    : undefined
                }
                trail={
                  <Show when={!member.isLive}>
                    <Badge>{t("family.removed")}</Badge>
                  </Show>
                }
              />
            )}
          </For>
        </List>
      </Section>
    </Show>
  )
}
