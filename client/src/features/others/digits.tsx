import { For, type JSX } from "solid-js"

const groupDigits = 5

/** Sixty digits as people read them out: twelve groups of five. */
export function Digits(props: { readonly digits: string; readonly label: string }): JSX.Element {
  const groups = (): readonly string[] => props.digits.match(new RegExp(`.{${groupDigits}}`, "g")) ?? []
  return (
    <ol class="digit-groups" aria-label={props.label} translate="no">
      <For each={groups()}>{group => <li>{group}</li>}</For>
    </ol>
  )
}
