import { For, type JSX, Show, createResource } from "solid-js"
import type { AccessLineView, Calls, ShareView } from "../../engine/port.js"
import { type Translate, useLanguage } from "../../i18n/index.js"
import { List, Note, Row } from "../../ui/pieces.js"
import { Section } from "../../ui/screen.js"

export interface ShareLogProps {
  readonly share: ShareView
  readonly calls: Pick<Calls, "accessLog">
}

const nameOf = (t: Translate, { members }: ShareView, id: string | undefined): string =>
  members.find(member => member.id === id)?.name || t("others.unnamed")

/** `undefined`: it says nothing of who is in it. */
const sentenceOf = (
  t: Translate,
  share: ShareView,
  { act, byMember }: AccessLineView,
): string | undefined => {
  switch (act.type) {
    case "founded":
    case "memberRemoved":
      return t(`shares.log.${act.type}`, { by: nameOf(t, share, byMember) })
    case "deviceAdmitted":
    case "deviceRemoved":
      return t(`shares.log.${act.type}`, { who: nameOf(t, share, act.member) })
    default:
      return undefined
  }
}

/** Which devices came into it or left it, and when this one heard of it: what came last stands first. */
export function ShareLog(props: ShareLogProps): JSX.Element {
  const { t, formats } = useLanguage()
  const [loaded] = createResource(
    // Looked up again when the share says something else.
    () => props.share,
    // eslint-disable-next-line solid/reactivity -- a resource asks again when its source has changed
    async ({ share }): Promise<readonly AccessLineView[]> => {
      const log = await props.calls.accessLog({ share })
      return log.ok ? log.value : []
    },
  )
  const lines = (): readonly AccessLineView[] =>
    (loaded.latest ?? []).filter(({ whyVoid }) => whyVoid === undefined).reverse()
  return (
    <Show when={lines().length > 0}>
      <Section title={t("shares.log")}>
        <Show when={lines().some(({ isGenuine }) => !isGenuine)}>
          <Note tone="danger">{t("access.altered")}</Note>
        </Show>
        <List label={t("shares.log")}>
          <For each={lines()}>
            {line => (
              <Show when={sentenceOf(t, props.share, line)}>
                {sentence => (
                  <Row
                    title={sentence()}
                    detail={line.heardAtMs === undefined ? undefined : formats().date(line.heardAtMs)}
                  />
                )}
              </Show>
            )}
          </For>
        </List>
      </Section>
    </Show>
  )
}
