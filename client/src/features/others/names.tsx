import ShieldCheck from "lucide-solid/icons/shield-check"
import TriangleAlert from "lucide-solid/icons/triangle-alert"
import type { JSX } from "solid-js"
import type { ContactView } from "../../engine/port.js"
import { type Translate, useT } from "../../i18n/index.js"
import { Badge } from "../../ui/pieces.js"

export const familyNameOf = (t: Translate, { name }: Pick<ContactView, "name">): string =>
  name || t("others.unnamed")

/** How far a family is known, in a word. */
export function StandingBadge(props: { readonly standing: ContactView["standing"] }): JSX.Element {
  const t = useT()
  const looks = {
    unverified: { tone: "notice" },
    verified: { tone: "good", icon: ShieldCheck },
    changed: { tone: "danger", icon: TriangleAlert },
  } as const
  return <Badge {...looks[props.standing]}>{t(`others.${props.standing}`)}</Badge>
}
