import { createWindowVirtualizer } from "@tanstack/solid-virtual"
import { For, type JSX, Show, createSignal, onMount } from "solid-js"

interface VirtualListProps<Item> {
  readonly label: string
  readonly items: readonly Item[]
  readonly keyOf: (item: Item) => string
  /** A first guess; rows are measured when they are shown. Pixels at the normal size of text. */
  readonly rowPx: number
  readonly children: (item: Item, index: number) => JSX.Element
}

/** A list that scrolls with the page and holds only the rows in sight, however many there are. */
export function VirtualList<Item>(props: VirtualListProps<Item>): JSX.Element {
  let list: HTMLUListElement | undefined
  const [topPx, setTopPx] = createSignal(0)
  onMount(() => setTopPx((list?.getBoundingClientRect().top ?? 0) + scrollY))
  const virtualizer = createWindowVirtualizer({
    get count() {
      return props.items.length
    },
    estimateSize: () => props.rowPx,
    getItemKey: index => {
      const item = props.items[index]
      return item === undefined ? index : props.keyOf(item)
    },
    overscan: 12,
    get scrollMargin() {
      return topPx()
    },
  })
  return (
    <ul
      ref={element => (list = element)}
      class="list virtual-list"
      aria-label={props.label}
      style={{ height: `${virtualizer.getTotalSize()}px` }}
    >
      <For each={virtualizer.getVirtualItems()}>
        {row => (
          <Show when={props.items[row.index]}>
            {item => (
              <li
                class="virtual-row"
                data-index={row.index}
                aria-setsize={props.items.length}
                aria-posinset={row.index + 1}
                ref={element => queueMicrotask(() => virtualizer.measureElement(element))}
                style={{ transform: `translateY(${row.start - topPx()}px)` }}
              >
                {props.children(item(), row.index)}
              </li>
            )}
          </Show>
        )}
      </For>
    </ul>
  )
}
