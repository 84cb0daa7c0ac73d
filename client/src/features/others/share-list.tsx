import BookUser from "lucide-solid/icons/book-user"
import ChevronRight from "lucide-solid/icons/chevron-right"
import { For, type JSX, Show } from "solid-js"
import type { ShareView } from "../../engine/port.js"
import { useT } from "../../i18n/index.js"
import { Drawn } from "../../ui/icon.js"
import { Badge, List, Row } from "../../ui/pieces.js"
import { otherFamilyOf } from "./names.js"

/** What there is together with other families. */
export function ShareList(props: { readonly shares: readonly ShareView[] }): JSX.Element {
  const t = useT()
  return (
    <List label={t("shares.title")}>
      <For each={props.shares}>
        {share => (
          <Row
            href={`/family/shares/${share.share}`}
            lead={<Drawn icon={BookUser} size="1.5rem" />}
            title={share.title}
            detail={t("shares.with", { name: otherFamilyOf(t, share) })}
            trail={
              <Show when={!share.isLive} fallback={<Drawn icon={ChevronRight} size="1.25rem" />}>
                <Badge>{t("shares.ended")}</Badge>
              </Show>
            }
          />
        )}
      </For>
    </List>
  )
}
