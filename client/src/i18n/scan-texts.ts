import type { Translate } from "./language.js"

/** What the camera says on every screen that scans; the pieces of `ui` know no texts themselves. */
export const scanTexts = (t: Translate) => ({
  scan: t("setup.scan"),
  stop: t("setup.scanStop"),
  picture: t("camera.label"),
  starting: t("camera.starting"),
  denied: t("camera.denied"),
  absent: t("camera.absent"),
  insecure: t("camera.insecure"),
})
