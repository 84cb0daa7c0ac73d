import ShieldCheck from "lucide-solid/icons/shield-check"
import TriangleAlert from "lucide-solid/icons/triangle-alert"
import type { JSX } from "solid-js"
import type { ContactView, ShareView } from "../../engine/port.js"
import { type Translate, useT } from "../../i18n/index.js"
import { Badge } from "../../ui/pieces.js"

/** What it is called where it stands beside the family's own. */
export const shareNameOf = (t: Translate, share: ShareView): string =>
  t("shares.named", { title: share.title, name: otherFamilyOf(t, share) })

/** The other family, as the share itself calls it. */
export const otherFamilyOf = (t: Translate, { members, self }: ShareView): string =>
  members.find(({ id }) => id !== self)?.name || t("others.unnamed")

/** Why this family writes nothing in it. */
export const shareSilence = (t: Translate, share: ShareView): string | undefined => {
  if (share.mayWrite) return undefined
  return share.isLive ? t("shares.onlyRead") : t("shares.isOver")
}

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
