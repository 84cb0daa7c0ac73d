import Download from "lucide-solid/icons/download"
import HardDrive from "lucide-solid/icons/hard-drive"
import KeyRound from "lucide-solid/icons/key-round"
import Smartphone from "lucide-solid/icons/smartphone"
import { type JSX, Show } from "solid-js"
import type { Membership, Self } from "../../engine/port.js"
import { useT } from "../../i18n/index.js"
import { List, Row } from "../../ui/pieces.js"
import { Section } from "../../ui/screen.js"
import { Drawn } from "../../ui/icon.js"

export interface FirstStepsProps {
  readonly self: Self
  readonly membership: Membership | undefined
  readonly canInstall: boolean
  readonly onInstall: () => void
}

/** What makes a new family safe against the loss of one device; each step is gone once it is done. */
export function FirstSteps(props: FirstStepsProps): JSX.Element {
  const t = useT()
  const live = (): Membership["members"] => (props.membership?.members ?? []).filter(({ isLive }) => isLive)
  const hasBox = (): boolean => live().some(({ kind }) => kind === "box")
  const isAlone = (): boolean =>
    live().flatMap(({ kind, devices }) => (kind === "person" ? devices.filter(({ isLive }) => isLive) : []))
      .length < 2
  const wantsDevice = (): boolean => props.self.mayAddDevice && isAlone()
  const wantsBox = (): boolean => props.self.mayInvite && !hasBox()
  /** The phrase is the founder's to keep. */
  const wantsWords = (): boolean => props.self.isFounder && props.self.phrase !== "Fine"
  const hasSteps = (): boolean =>
    props.self.isLive && (props.canInstall || wantsDevice() || wantsBox() || wantsWords())
  return (
    <Show when={hasSteps()}>
      <Section title={t("first.title")}>
        <List label={t("first.title")}>
          <Show when={props.canInstall}>
            <Row
              lead={<Drawn icon={Download} size="1.5rem" />}
              title={t("first.install")}
              detail={t("first.installWhy")}
              onSelect={() => props.onInstall()}
            />
          </Show>
          <Show when={wantsDevice()}>
            <Row
              lead={<Drawn icon={Smartphone} size="1.5rem" />}
              title={t("first.device")}
              detail={t("first.deviceWhy")}
              href="/family/invite?for=me"
            />
          </Show>
          <Show when={wantsWords()}>
            <Row
              lead={<Drawn icon={KeyRound} size="1.5rem" />}
              title={t(props.self.phrase === "Used" ? "first.phraseUsed" : "first.phraseCheck")}
              detail={t(props.self.phrase === "Used" ? "first.phraseUsedWhy" : "first.phraseCheckWhy")}
              href="/settings/phrase"
            />
          </Show>
          <Show when={wantsBox()}>
            <Row
              lead={<Drawn icon={HardDrive} size="1.5rem" />}
              title={t("family.addBox")}
              detail={t("first.boxWhy")}
              href="/family/box"
            />
          </Show>
        </List>
      </Section>
    </Show>
  )
}
