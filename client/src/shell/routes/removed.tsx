import Unplug from "lucide-solid/icons/unplug"
import type { JSX } from "solid-js"
import { useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { EmptyState } from "../../ui/pieces.js"

/** The family has taken this device out: said plainly, with what became of what was here. */
export default function RemovedRoute(props: { readonly onBegin: () => void }): JSX.Element {
  const t = useT()
  return (
    <main class="screen">
      <EmptyState
        icon={Unplug}
        title={t("removed.title")}
        action={
          <Button kind="primary" onClick={() => props.onBegin()}>
            {t("removed.begin")}
          </Button>
        }
      >
        {t("removed.text")}
      </EmptyState>
    </main>
  )
}
