import type { CircleView, DeviceView, MemberView, Membership } from "../../engine/port.js"
import type { Formats, Translate } from "../../i18n/index.js"

/** What a box calls itself as long as nobody has named it. */
const plainBox = "Box"

export const nameOf = (t: Translate, member: MemberView): string =>
  member.kind === "box" && member.name === plainBox ? t("family.box") : member.name || t("family.unnamed")

/** Whoever was heard so lately is here. */
const justNowMs = 60_000

/** What a circle is called; of one without this person nobody tells. */
export const circleNameOf = (t: Translate, circle: CircleView): string => {
  if (circle.isEveryone) return t("circles.everyone")
  if (!circle.isRead) return t("circles.notYours")
  if (circle.name !== "") return circle.name
  return circle.isOnlyMe ? t("circles.onlyMe") : t("circles.unnamed")
}

/** What a device is called; one without a name by whose it is, and where there are several, counted as admitted. */
export const deviceNameOf = (t: Translate, member: MemberView, device: DeviceView): string => {
  if (device.name !== "") return device.name
  if (member.kind === "box") return nameOf(t, member)
  if (device.isHere) return t("family.thisDevice")
  const live = member.devices.filter(({ isLive }) => isLive)
  const number = live.findIndex(({ id }) => id === device.id) + 1
  return live.length < 2
    ? t("family.deviceOf", { name: nameOf(t, member) })
    : t("family.deviceNumber", { number })
}

export const memberOfDevice = (membership: Membership | undefined, device: string): MemberView | undefined =>
  membership?.members.find(({ devices }) => devices.some(({ id }) => id === device))

/** When a device was last heard from, in words. */
export const heardOf = (
  t: Translate,
  formats: Formats,
  heardAtMs: number | undefined,
  nowMs: number,
): string =>
  heardAtMs === undefined
    ? t("devices.neverHeard")
    : nowMs - heardAtMs < justNowMs
      ? t("devices.heardNow")
      : t("devices.heard", { ago: formats.ago(heardAtMs, nowMs) })
