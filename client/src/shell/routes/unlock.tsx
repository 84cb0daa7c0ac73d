import type { JSX } from "solid-js"
import type { Calls, UnlockWay } from "../../engine/port.js"

export default function UnlockRoute(_props: {
  readonly calls: Calls
  readonly ways: readonly UnlockWay[]
}): JSX.Element {
  return <main />
}
