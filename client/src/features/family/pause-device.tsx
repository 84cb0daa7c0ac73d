import type { JSX } from "solid-js"
import type { Calls } from "../../engine/port.js"
import { explain, useT } from "../../i18n/index.js"
import { Button } from "../../ui/button.js"
import { Dialog } from "../../ui/overlay.js"
import { useToast } from "../../ui/toast.js"

type DeviceId = Parameters<Calls["suspendDevice"]>[0]["device"]

/** What a pause means, before it is done. */
export function PauseDialog(props: {
  readonly device: DeviceId
  readonly name: string
  readonly calls: Pick<Calls, "suspendDevice">
  readonly onClose: () => void
}): JSX.Element {
  const t = useT()
  const toast = useToast()
  const pause = async (): Promise<void> => {
    const done = await props.calls.suspendDevice({ device: props.device })
    toast(done.ok ? { text: t("pause.done") } : { text: explain(t, done.error), isUrgent: true })
    props.onClose()
  }
  return (
    <Dialog
      isOpen
      title={t("pause.sure", { name: props.name })}
      closeLabel={t("action.close")}
      onClose={() => props.onClose()}
      actions={
        <>
          <Button onClick={() => props.onClose()}>{t("action.cancel")}</Button>
          <Button kind="primary" onClick={() => void pause()}>
            {t("pause.pause")}
          </Button>
        </>
      }
    >
      <p>{t("pause.sureWhy")}</p>
    </Dialog>
  )
}

/** Takes a pause back, and says so. */
export const createLifting = (calls: Pick<Calls, "resumeDevice">): ((device: DeviceId) => Promise<void>) => {
  const t = useT()
  const toast = useToast()
  return async device => {
    const done = await calls.resumeDevice({ device })
    toast(done.ok ? { text: t("pause.lifted") } : { text: explain(t, done.error), isUrgent: true })
  }
}
