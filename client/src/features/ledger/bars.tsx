import { For, type JSX } from "solid-js"

export interface NamedBar {
  readonly name: string
  readonly series: "out" | "in"
  readonly value: number
  /** The value as people read it. */
  readonly text: string
}

/** Lying bars, each with its name and sum above it: names stay readable however long. The table beside says the same. */
export function Bars(props: { readonly label: string; readonly bars: readonly NamedBar[] }): JSX.Element {
  const most = (): number => Math.max(1, ...props.bars.map(({ value }) => value))
  return (
    <ul class="bars" aria-label={props.label}>
      <For each={props.bars}>
        {bar => (
          <li>
            <span class="bars-name">{bar.name}</span>
            <span class="numbers">{bar.text}</span>
            <span
              class="bar"
              data-series={bar.series}
              ref={element => element.style.setProperty("--share", String(bar.value / most()))}
            />
          </li>
        )}
      </For>
    </ul>
  )
}
