import { For, type JSX, Show } from "solid-js"
import { Popover, type PopoverButton } from "./overlay.js"
import { Drawn, type Icon } from "./icon.js"

export interface MenuItem {
  readonly label: string
  readonly icon?: Icon
  readonly isDangerous?: boolean
  readonly onSelect: () => void
}

/** Actions behind a button: arrows, Home and End move, a letter jumps, Escape closes. */
export function Menu(props: {
  readonly label: string
  readonly items: readonly MenuItem[]
  readonly button: (attributes: PopoverButton) => JSX.Element
}): JSX.Element {
  const move = (event: KeyboardEvent): void => {
    const panel = event.currentTarget as HTMLElement
    const items = [...panel.querySelectorAll<HTMLElement>("[role=menuitem]")]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const letter = event.key.length === 1 ? event.key.toLowerCase() : undefined
    const goal = {
      ArrowDown: items[(at + 1) % items.length],
      ArrowUp: items[(at - 1 + items.length) % items.length],
      Home: items[0],
      End: items.at(-1),
    }[event.key]
    const named =
      letter === undefined ? undefined : items.find(item => item.textContent.toLowerCase().startsWith(letter))
    const next = goal ?? named
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  }
  return (
    <Popover
      role="menu"
      label={props.label}
      button={attributes => props.button(attributes)}
      onKeyDown={move}
      onOpen={panel => panel.querySelector<HTMLElement>("[role=menuitem]")?.focus()}
    >
      {close => (
        <For each={props.items}>
          {item => (
            <button
              type="button"
              role="menuitem"
              class="menu-item"
              tabIndex={-1}
              data-kind={item.isDangerous === true ? "danger" : undefined}
              onClick={() => {
                close()
                item.onSelect()
              }}
            >
              <Show when={item.icon}>{icon => <Drawn icon={icon()} size="1.25em" />}</Show>
              {item.label}
            </button>
          )}
        </For>
      )}
    </Popover>
  )
}
