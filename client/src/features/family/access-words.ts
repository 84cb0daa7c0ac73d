import type { AccessLineView, Membership } from "../../engine/port.js"
import type { Language, Translate } from "../../i18n/index.js"
import { deviceNameOf, nameOf } from "./names.js"

type Act = AccessLineView["act"]
type WhyVoid = NonNullable<AccessLineView["whyVoid"]>

const memberName = (t: Translate, membership: Membership, id: string): string => {
  const member = membership.members.find(each => each.id === id)
  return member === undefined ? t("family.unnamed") : nameOf(t, member)
}

const deviceName = (
  t: Translate,
  membership: Membership,
  act: { member: string; device: string },
): string => {
  const member = membership.members.find(({ id }) => id === act.member)
  const device = member?.devices.find(({ id }) => id === act.device)
  const who = memberName(t, membership, act.member)
  if (member === undefined || device === undefined) return t("family.deviceOf", { name: who })
  // Those without a name are counted, and only while they are in.
  const name =
    device.name === "" && !device.isLive ? t("access.formerDevice") : deviceNameOf(t, member, device)
  return t("access.device", { name, who })
}

/** One act in words: who did what to whom. */
export const accessSentence = (
  { t, formats }: Pick<Language, "t" | "formats">,
  membership: Membership,
  { act, byMember }: Pick<AccessLineView, "act" | "byMember">,
): string => {
  const by = byMember === undefined ? t("access.phrase") : memberName(t, membership, byMember)
  const names = (ids: readonly string[]): string =>
    formats().list(ids.map(id => memberName(t, membership, id)))
  const words = (at: Act): string => {
    switch (at.type) {
      case "founded":
        return t("access.founded", { by })
      case "memberAdmitted":
        return at.kind === "box"
          ? t("access.boxAdmitted", { by })
          : t("access.memberAdmitted", {
              by,
              who: memberName(t, membership, at.member),
              role: t(`role.${at.role}`),
            })
      case "roleGiven":
        return t("access.roleGiven", {
          by,
          who: memberName(t, membership, at.member),
          role: t(`role.${at.role}`),
        })
      case "memberRemoved":
      case "memberFirst":
        return t(`access.${at.type}`, { by, who: memberName(t, membership, at.member) })
      case "deviceAdmitted":
      case "deviceRemoved":
      case "deviceSuspended":
      case "deviceResumed":
      case "deviceFirst":
        return t(`access.${at.type}`, { by, device: deviceName(t, membership, at) })
      case "circleMade":
      case "circleJoined":
      case "circleLeft":
        return t(`access.${at.type}`, { by, who: names(at.members) })
      case "policySet":
        return at.usersWrite ? t("access.policyOpen", { by }) : t("access.policyClosed", { by })
      case "documentMoved":
        return t("access.documentMoved", { by })
      case "phraseReplaced":
        return t("access.phraseReplaced", { by })
    }
  }
  return words(act)
}

/** Why it does not count, by the sentence of what stands against it. */
export const voidSentence = (
  t: Translate,
  reason: WhyVoid,
  sentences: ReadonlyMap<string, string>,
): string => {
  switch (reason.type) {
    case "Sealed":
      return t("access.voidSealed", { because: sentences.get(reason.by) ?? "" })
    case "Baseless":
      return t("access.voidBaseless", { because: sentences.get(reason.on) ?? "" })
    case "Outvoted":
      return t("access.voidOutvoted")
  }
}
