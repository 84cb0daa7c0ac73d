import { type Accessor, createSignal, onCleanup } from "solid-js"
import type { Engine, ValueName, Values } from "../engine/port.js"

/** One value of the engine as a signal; `undefined` until the engine has said it once. */
export const watchValue = <Name extends ValueName>(
  engine: Engine,
  name: Name,
): Accessor<Values[Name] | undefined> => {
  const [value, setValue] = createSignal<Values[Name] | undefined>(undefined)
  onCleanup(engine.watch(name, next => setValue(() => next)))
  return value
}
