import ShieldAlert from "lucide-solid/icons/shield-alert"
import type { JSX } from "solid-js"
import { useT } from "../i18n/index.js"
import { EmptyState } from "../ui/pieces.js"

/** What HOME cannot do without, and browsers give only to pages over https (or on the machine itself). */
export const lacksSecureContext = (): boolean => !globalThis.isSecureContext

/** Opened over plain http: says what is missing and what to do, instead of failing somewhere behind. */
export function Insecure(): JSX.Element {
  const t = useT()
  return (
    <main class="screen">
      <EmptyState icon={ShieldAlert} title={t("insecure.title")}>
        <p>{t("insecure.text")}</p>
        <p>{t("insecure.how")}</p>
      </EmptyState>
    </main>
  )
}
