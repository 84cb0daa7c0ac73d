import { For, type JSX, Show, createMemo, createResource } from "solid-js"
import type { AccessLineView, Calls, Membership } from "../../engine/port.js"
import { useLanguage } from "../../i18n/index.js"
import { Badge, List, Note, Row, Skeleton } from "../../ui/pieces.js"
import { Screen } from "../../ui/screen.js"
import { accessSentence, voidSentence } from "./access-words.js"

/** Who was let in, paused, removed or given a role, and by whom: what came last stands first. */
export function AccessScreen(props: {
  readonly membership: Membership | undefined
  readonly calls: Pick<Calls, "accessLog">
}): JSX.Element {
  const language = useLanguage()
  const { t } = language
  const [loaded] = createResource(
    // Asked for again when somebody came or went.
    () => props.membership,
    // eslint-disable-next-line solid/reactivity -- a resource asks again when its source has changed
    async (): Promise<readonly AccessLineView[]> => {
      const log = await props.calls.accessLog({})
      return log.ok ? log.value : []
    },
  )
  const lines = (): readonly AccessLineView[] => loaded.latest ?? []
  const sentences = createMemo((): ReadonlyMap<string, string> => {
    const membership = props.membership
    return new Map(
      membership === undefined
        ? []
        : lines().map(line => [line.operation, accessSentence(language, membership, line)]),
    )
  })
  /** The day, and what stands against it. */
  const detail = (line: AccessLineView): string =>
    [
      line.heardAtMs === undefined ? "" : language.formats().date(line.heardAtMs),
      line.whyVoid === undefined ? "" : voidSentence(t, line.whyVoid, sentences()),
    ]
      .filter(Boolean)
      .join(" · ")
  const isAllGenuine = (): boolean => lines().every(({ isGenuine }) => isGenuine)
  return (
    <Screen title={t("access.title")} back={{ href: "/family", label: t("action.back") }}>
      <Show when={lines().length > 0} fallback={<Skeleton label={t("app.loading")} rows={3} />}>
        <Show when={isAllGenuine()} fallback={<Note tone="danger">{t("access.altered")}</Note>}>
          <Note tone="good">{t("access.checked", { count: lines().length })}</Note>
        </Show>
        <List label={t("access.title")}>
          <For each={[...lines()].reverse()}>
            {line => (
              <Row
                title={sentences().get(line.operation) ?? ""}
                detail={detail(line) || undefined}
                trail={
                  <Show when={line.whyVoid}>
                    <Badge tone="notice">{t("access.void")}</Badge>
                  </Show>
                }
              />
            )}
          </For>
        </List>
      </Show>
    </Screen>
  )
}
