import { type VirtualItem, createWindowVirtualizer, measureElement } from "@tanstack/solid-virtual"
import { For, type JSX, createMemo, createSignal, onCleanup, onMount } from "solid-js"
import { afterPaint } from "./after-paint.js"

interface VirtualListProps<Item extends object> {
  readonly label: string
  /** An item that stays the same object keeps its row, wherever it moves. */
  readonly items: readonly Item[]
  readonly keyOf: (item: Item) => string
  /** A first guess; rows are measured when they are shown. Pixels at the normal size of text. */
  readonly rowPx: number
  /** Rows of one kind are mostly of one height: the first that is measured is the guess for all others. */
  readonly kindOf?: (item: Item) => string
  readonly children: (item: Item) => JSX.Element
}

/** A list that scrolls with the page and holds only the rows in sight, however many there are. */
export function VirtualList<Item extends object>(props: VirtualListProps<Item>): JSX.Element {
  let list: HTMLUListElement | undefined
  /** Where the list begins on the page. Nothing is laid out before that is known: it would be done twice. */
  const [topPx, setTopPx] = createSignal<number>()
  // What is in sight first; what lies beyond, when that has been painted.
  const [overscan, setOverscan] = createSignal(1)
  onMount(() => onCleanup(afterPaint(() => setOverscan(12))))
  onMount(() => setTopPx((list?.getBoundingClientRect().top ?? 0) + scrollY))
  // Another function for other items: that is how the virtualizer knows that the same number of them lies anew.
  const keyAt = createMemo(() => {
    const { items, keyOf } = props
    return (index: number): string | number => {
      const item = items[index]
      return item === undefined ? index : keyOf(item)
    }
  })
  const pxByKind = new Map<string, number>()
  const kindAt = createMemo(() => {
    const { items, kindOf } = props
    return (index: number): string => {
      const item = items[index]
      return item === undefined ? "" : (kindOf?.(item) ?? "")
    }
  })
  const virtualizer = createWindowVirtualizer<HTMLLIElement>({
    get count() {
      return props.items.length
    },
    get getItemKey() {
      return keyAt()
    },
    get scrollMargin() {
      return topPx() ?? 0
    },
    get enabled() {
      return topPx() !== undefined
    },
    get estimateSize() {
      const [guessPx, kindOf] = [props.rowPx, kindAt()]
      return (index: number): number => pxByKind.get(kindOf(index)) ?? guessPx
    },
    // Where a row is not as high as was guessed, all behind it are laid out again. So none is measured by itself when
    // it is made, but all new ones in the browser's own round before it paints: one layout for all of them.
    measureElement: (row, seen, instance) => {
      const index = instance.indexFromElement(row)
      const laidOutPx = instance.measurementsCache[index]?.size ?? props.rowPx
      if (seen === undefined) return laidOutPx
      const px = measureElement(row, seen, instance)
      const kind = kindAt()(index)
      if (px > 0 && !pxByKind.has(kind)) pxByKind.set(kind, px)
      // A guess that was right is kept as measured: the next guess may be another.
      if (px === laidOutPx) instance.itemSizeCache.set(instance.options.getItemKey(index), px)
      return px
    },
    get overscan() {
      return overscan()
    },
  })
  const places = createMemo(() => {
    const found = new Map<Item, VirtualItem>()
    for (const place of virtualizer.getVirtualItems()) {
      const item = props.items[place.index]
      if (item !== undefined) found.set(item, place)
    }
    return found
  })
  return (
    <ul
      ref={element => (list = element)}
      class="list virtual-list"
      aria-label={props.label}
      style={{ height: `${virtualizer.getTotalSize()}px` }}
    >
      <For each={[...places().keys()]}>
        {item => {
          const index = (): number => places().get(item)?.index ?? 0
          return (
            <li
              class="virtual-row"
              data-index={index()}
              aria-setsize={props.items.length}
              aria-posinset={index() + 1}
              ref={element => queueMicrotask(() => virtualizer.measureElement(element))}
              style={{ transform: `translateY(${(places().get(item)?.start ?? 0) - (topPx() ?? 0)}px)` }}
            >
              {props.children(item)}
            </li>
          )
        }}
      </For>
    </ul>
  )
}
