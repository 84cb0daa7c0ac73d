import { For, type JSX } from "solid-js"

/** Keys as they are written on them: "g m" is one after the other, "Ctrl+K" both at once. */
export function Keys(props: { readonly keys: string }): JSX.Element {
  return (
    <span class="keys" aria-hidden="true">
      <For each={props.keys.split(" ")}>
        {key => <kbd>{key.length === 1 ? key.toLocaleUpperCase() : key}</kbd>}
      </For>
    </span>
  )
}
