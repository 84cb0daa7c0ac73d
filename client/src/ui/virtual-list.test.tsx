import { cleanup, render, waitFor } from "@solidjs/testing-library"
import { createSignal } from "solid-js"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { VirtualList } from "./virtual-list.js"

interface Item {
  readonly id: string
  readonly kind: "head" | "row"
  readonly px: number
}

const pxOf = (element: Element): number =>
  Number(element.querySelector<HTMLElement>("[data-px]")?.dataset["px"])

/** As a browser has it: all that is new is told of at once, before the next frame. jsdom lays nothing out. */
class OneRound {
  readonly #seen = new Set<Element>()
  readonly #tell: (entries: readonly { target: Element; borderBoxSize: readonly object[] }[]) => void
  constructor(tell: (entries: readonly unknown[]) => void) {
    this.#tell = tell
  }
  observe(element: Element): void {
    if (this.#seen.size === 0)
      setTimeout(() => {
        const entries = [...this.#seen].map(target => ({
          target,
          borderBoxSize: [{ blockSize: pxOf(target), inlineSize: 100 }],
        }))
        this.#seen.clear()
        this.#tell(entries)
      })
    this.#seen.add(element)
  }
  unobserve(): void {}
  disconnect(): void {}
}

beforeEach(() => {
  Object.assign(window, { ResizeObserver: OneRound, scrollTo: () => undefined })
})
afterEach(cleanup)

const head = (id: string): Item => ({ id, kind: "head", px: 30 })
const row = (id: string, px = 50): Item => ({ id, kind: "row", px })

const shown = (container: HTMLElement): readonly { id: string; top: number; element: Element }[] =>
  [...container.querySelectorAll<HTMLElement>("li")]
    .map(element => ({
      id: element.textContent ?? "",
      top: Number(/translateY\((-?[\d.]+)px\)/.exec(element.style.transform)?.[1]),
      element,
    }))
    .sort((a, b) => a.top - b.top)

const isLaidOut = (container: HTMLElement, rows: readonly (readonly [string, number])[]): Promise<void> =>
  waitFor(() => expect(shown(container).map(({ id, top }) => [id, top])).toEqual(rows))

const listOf = (first: readonly Item[]) => {
  const [items, setItems] = createSignal(first)
  let asked = 0
  const keyOf = (item: Item): string => {
    asked += 1
    return item.id
  }
  const { container } = render(() => (
    <VirtualList label="All" items={items()} keyOf={keyOf} kindOf={item => item.kind} rowPx={60}>
      {item => <span data-px={item.px}>{item.id}</span>}
    </VirtualList>
  ))
  return { container, setItems, asked: () => asked }
}

describe("a long list", () => {
  it("puts rows where those above them end, each as high as it is", async () => {
    const { container } = listOf([head("a"), row("b"), row("c", 80), head("d"), row("e")])
    await isLaidOut(container, [
      ["a", 0],
      ["b", 30],
      ["c", 80],
      ["d", 160],
      ["e", 190],
    ])
  })

  it("lays out all rows a few times, not once for each that is measured", async () => {
    const count = 2_000
    const { container, asked } = listOf(
      Array.from({ length: count }, (_, at) =>
        at % 5 === 0 ? head(`h${at}`) : row(`r${at}`, 50 + (at % 3)),
      ),
    )
    await waitFor(() => expect(shown(container)[1]?.top).toBe(30))
    // What is in sight, and when that has been painted what lies beyond.
    await waitFor(() => expect(shown(container).length).toBeGreaterThan(20))
    expect(asked()).toBeLessThan(6 * count)
  })

  it("keeps the rows that stay, where one is added and where two of different height change places", async () => {
    const [a, b, c, d] = [head("a"), row("b"), head("c"), row("d")]
    const { container, setItems } = listOf([a, b, c, d])
    const swapped = [
      ["a", 0],
      ["c", 30],
      ["b", 60],
      ["d", 110],
    ] as const
    await isLaidOut(container, [
      ["a", 0],
      ["b", 30],
      ["c", 80],
      ["d", 110],
    ])
    const before = new Map(shown(container).map(({ id, element }) => [id, element]))
    setItems([a, row("new", 70), b, c, d])
    await isLaidOut(container, [
      ["a", 0],
      ["new", 30],
      ["b", 100],
      ["c", 150],
      ["d", 180],
    ])
    setItems([a, c, b, d])
    await isLaidOut(container, swapped)
    setItems([a, b, c, d])
    setItems([a, c, b, d])
    await isLaidOut(container, swapped)
    for (const { id, element } of shown(container)) expect(element).toBe(before.get(id))
  })
})
