import type { JSX } from "solid-js"
import { createSignal } from "solid-js"
import type { Calls } from "../../engine/port.js"
import { explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Dialog } from "../../ui/overlay.js"
import { useToast } from "../../ui/toast.js"

type DeviceId = Parameters<Calls["yieldTo"]>[0]["to"]

/** Hands this device's rank to another one of the same person: after a change of phones the new one must stand first. */
export function MakeMain(props: {
  readonly device: DeviceId
  readonly calls: Pick<Calls, "yieldTo">
}): JSX.Element {
  const t = useT()
  const toast = useToast()
  const [isAsking, setAsking] = createSignal(false)
  const yieldRank = async (): Promise<void> => {
    setAsking(false)
    const done = await props.calls.yieldTo({ to: props.device })
    toast(done.ok ? { text: t("main.done") } : { text: explain(t, done.error), isUrgent: true })
  }
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t("main.make")}</Button>
      <Dialog
        isOpen={isAsking()}
        title={t("main.sure")}
        closeLabel={t("action.close")}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{t("action.cancel")}</Button>
            <Button kind="primary" onClick={() => void yieldRank()}>
              {t("main.make")}
            </Button>
          </>
        }
      >
        <p>{t("main.sureWhy")}</p>
      </Dialog>
    </>
  )
}
