import CloudCheck from "lucide-solid/icons/cloud-check"
import HardDrive from "lucide-solid/icons/hard-drive"
import Smartphone from "lucide-solid/icons/smartphone"
import { type JSX, createMemo } from "solid-js"
import type { SyncReach, SyncStatus } from "../engine/port.js"
import { type PlainKey, useT } from "../i18n/index.js"
import { Popover } from "../ui/overlay.js"
import { Drawn, type Icon } from "../ui/icon.js"

const icons: Readonly<Record<SyncReach, Icon>> = {
  Here: Smartphone,
  OnBox: HardDrive,
  Everywhere: CloudCheck,
}
const words: Readonly<Record<SyncReach, PlainKey>> = {
  Here: "sync.here",
  OnBox: "sync.box",
  Everywhere: "sync.everywhere",
}

/** Where what was entered here has arrived: the words are what is known, never a guess. */
export function SyncBadge(props: { readonly sync: SyncStatus }): JSX.Element {
  const t = useT()
  const waiting = createMemo(() =>
    props.sync.peers
      .filter(({ kind }) => kind !== "relay")
      .reduce((most, { missingThere }) => Math.max(most, missingThere), 0),
  )
  const why = (): string => {
    switch (props.sync.reach) {
      case "Here":
        return props.sync.isAlone || waiting() === 0
          ? t("sync.hereAlone")
          : t("sync.hereWhy", { count: waiting() })
      case "OnBox":
        return t("sync.boxWhy")
      case "Everywhere":
        return t("sync.everywhereWhy")
    }
  }
  return (
    <Popover
      label={t(words[props.sync.reach])}
      button={attributes => (
        <button {...attributes} type="button" class="sync-badge" data-reach={props.sync.reach}>
          <Drawn icon={icons[props.sync.reach]} size="1.25em" />
          <span>{t(words[props.sync.reach])}</span>
        </button>
      )}
    >
      {close => (
        <div class="sync-why stack">
          <p>{why()}</p>
          <a href="/family/devices" onClick={close}>
            {t("sync.details")}
          </a>
        </div>
      )}
    </Popover>
  )
}
