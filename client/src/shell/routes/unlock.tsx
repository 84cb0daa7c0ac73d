import type { JSX } from "solid-js"
import type { Calls, UnlockWay } from "../../engine/port.js"
import { Unlock } from "../../features/setup/unlock.js"
import { readPasskey } from "../../platform/passkey.js"

export default function UnlockRoute(props: {
  readonly calls: Calls
  readonly ways: readonly UnlockWay[]
}): JSX.Element {
  return (
    <main id="main">
      <Unlock calls={props.calls} ways={props.ways} readPasskey={readPasskey} />
    </main>
  )
}
