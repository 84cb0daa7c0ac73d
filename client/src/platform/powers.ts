/**
 * What HOME needs of the browser, by what is lost without it. All but the first are missing wherever the page is no
 * secure context: opened over http under a name other than localhost.
 */
export type Power = "secure" | "keys" | "tabs" | "offline" | "camera"

/** What this browser does not give to this page; a private window may lack a single one. */
export const missingPowers = (): readonly Power[] => {
  const isThere: Readonly<Record<Power, boolean>> = {
    secure: globalThis.isSecureContext,
    keys: "subtle" in crypto,
    tabs: "locks" in navigator,
    offline: "serviceWorker" in navigator,
    camera: "mediaDevices" in navigator,
  }
  const all: readonly Power[] = ["secure", "keys", "tabs", "offline", "camera"]
  return all.filter(power => !isThere[power])
}

/** Without these nothing of HOME could work; without the others it is poorer. */
export const isUnusable = (missing: readonly Power[]): boolean =>
  missing.some(power => power === "secure" || power === "keys" || power === "tabs")

/** Where HOME's own server explains how a device trusts its certificate. */
export const trustPath = "/trust"

/** Whether this page's server has such an explanation: a static host, or a proxy with a real certificate, has none. */
export const hasTrustPage = async (): Promise<boolean> => {
  try {
    const { ok, headers } = await fetch(`${trustPath}/ca.crt`, { method: "HEAD", cache: "no-store" })
    return ok && headers.get("content-type") === "application/x-x509-ca-cert"
  } catch {
    // Offline.
    return false
  }
}
