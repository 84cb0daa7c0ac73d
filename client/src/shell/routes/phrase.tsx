import type { JSX } from "solid-js"
import { PhraseScreen } from "../../features/setup/phrase-screen.js"
import { copySecret } from "../../platform/clipboard.js"
import { useHome } from "../home.js"

export default function PhraseRoute(): JSX.Element {
  const home = useHome()
  return (
    <PhraseScreen
      calls={home.calls}
      family={home.membership()?.familyName ?? ""}
      isFounder={home.self().isFounder}
      backHref="/settings"
      onCopyPhrase={copySecret}
    />
  )
}
