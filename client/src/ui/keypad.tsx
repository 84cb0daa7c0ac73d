import Delete from "lucide-solid/icons/delete"
import { For, type JSX } from "solid-js"
import { isKeypadKey, type KeypadKey, pressKey } from "./amount.js"
import { Drawn } from "./icon.js"

interface KeypadProps {
  readonly label: string
  readonly eraseLabel: string
  readonly plusLabel: string
  readonly minusLabel: string
  /** What has been typed: "12.5+3". */
  readonly value: string
  readonly onChange: (value: string) => void
  /** Digits behind the decimal point of the currency; 0 takes the point away. */
  readonly digits: number
}

const rows: readonly (readonly KeypadKey[])[] = [
  ["7", "8", "9", "erase"],
  ["4", "5", "6", "-"],
  ["1", "2", "3", "+"],
  [".", "0", "00"],
]

/** Large keys for an amount, with plus and minus; a hardware keyboard works too while it has the focus. */
export function Keypad(props: KeypadProps): JSX.Element {
  const press = (key: KeypadKey): void => props.onChange(pressKey(props.value, key, props.digits))
  const onKeyDown = (event: KeyboardEvent): void => {
    const key = { Backspace: "erase", ",": "." }[event.key] ?? event.key
    if (event.ctrlKey || event.metaKey || event.altKey || !isKeypadKey(key)) return
    event.preventDefault()
    press(key)
  }
  const nameOf = (key: KeypadKey): string | undefined =>
    ({ erase: props.eraseLabel, "+": props.plusLabel, "-": props.minusLabel })[key as string]
  return (
    <div class="keypad" role="group" aria-label={props.label} onKeyDown={onKeyDown}>
      <For each={rows.flat()}>
        {key => (
          <button
            type="button"
            class="key"
            data-key={key}
            aria-label={nameOf(key)}
            disabled={key === "." && props.digits === 0}
            onClick={() => press(key)}
          >
            {key === "erase" ? <Drawn icon={Delete} size="1.5rem" /> : key === "-" ? "−" : key}
          </button>
        )}
      </For>
    </div>
  )
}
