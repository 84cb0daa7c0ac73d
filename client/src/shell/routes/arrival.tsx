import { type RouteDefinition, Router } from "@solidjs/router"
import { type JSX, createResource } from "solid-js"
import type { Engine } from "../../engine/port.js"
import { Found } from "../../features/setup/found.js"
import { Join } from "../../features/setup/join.js"
import { Recover } from "../../features/setup/recover.js"
import { Welcome } from "../../features/setup/welcome.js"
import { useT } from "../../i18n/index.js"
import { appearance, changeAppearance } from "../../platform/appearance.js"
import { copySecret } from "../../platform/clipboard.js"
import { deviceKind } from "../../platform/device-kind.js"
import { findMeetingPlace } from "../../platform/meeting-place.js"
import { askForPersistence } from "../../platform/persistence.js"
import { arrivalPath } from "../arrival-path.js"
import { watchValue } from "../watch.js"

const paths = {
  found: `${arrivalPath}/found`,
  join: `${arrivalPath}/join`,
  recover: `${arrivalPath}/recover`,
}

/** Nobody lives here yet: the welcome and the three ways in. */
export default function ArrivalRoute(props: { readonly engine: Engine }): JSX.Element {
  const t = useT()
  // One engine for as long as the page lives.
  // eslint-disable-next-line solid/reactivity
  const { engine } = props
  const pairing = watchValue(engine, "pairing")
  const [relay] = createResource(findMeetingPlace)
  const kind = deviceKind()
  /** "Anna's phone": a name that the family will know it by; without somebody's name only what it is. */
  const deviceName = (member: string): string => {
    const device = t(`setup.device.${kind}`)
    return member === "" ? device : t("setup.deviceOf", { name: member, device })
  }

  /** The family is here: what was just made should be kept. */
  const begin = (): void => void askForPersistence()

  const routes: RouteDefinition[] = [
    {
      path: paths.found,
      component: () => (
        <Found
          calls={engine.calls}
          deviceName={deviceName}
          deviceKind={kind}
          relay={relay()}
          backHref="/"
          onCopyPhrase={copySecret}
          onFounded={begin}
        />
      ),
    },
    {
      path: paths.join,
      component: () => (
        <Join
          calls={engine.calls}
          pairing={pairing()}
          deviceName={deviceName}
          deviceKind={kind}
          relay={relay()}
          backHref="/"
          onJoined={begin}
        />
      ),
    },
    {
      path: paths.recover,
      component: () => (
        <Recover
          calls={engine.calls}
          deviceName={deviceName}
          deviceKind={kind}
          relay={relay()}
          backHref="/"
          onRecovered={begin}
        />
      ),
    },
    {
      path: "*",
      component: () => (
        <Welcome
          locale={appearance().locale}
          onLocale={locale => changeAppearance({ locale })}
          foundHref={paths.found}
          joinHref={paths.join}
          recoverHref={paths.recover}
        />
      ),
    },
  ]
  return <Router root={section => <main id="main">{section.children}</main>}>{routes}</Router>
}
