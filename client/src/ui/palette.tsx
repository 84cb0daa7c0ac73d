import { For, type JSX, Show, createEffect, createMemo, createSignal, createUniqueId } from "solid-js"
import { Keys } from "./keys.js"
import { Dialog } from "./overlay.js"
import { Drawn, type Icon } from "./icon.js"

export interface PaletteCommand {
  readonly id: string
  readonly label: string
  /** Other words that find it, never shown. */
  readonly words?: string
  readonly icon?: Icon
  /** What does the same without the palette, a key or several one after the other: "g m". */
  readonly keys?: string | undefined
  readonly run: () => void
}

/** Every word of the query stands somewhere in the label or the other words; what begins like the query comes first. */
export const findCommands = (
  commands: readonly PaletteCommand[],
  query: string,
): readonly PaletteCommand[] => {
  const whole = query.trim().toLocaleLowerCase()
  const words = whole.split(/\s+/).filter(Boolean)
  const place = ({ label }: PaletteCommand): number => {
    const text = label.toLocaleLowerCase()
    return text.startsWith(whole) ? 0 : text.includes(whole) ? 1 : 2
  }
  return commands
    .filter(({ label, words: others = "" }) => {
      const text = `${label} ${others}`.toLocaleLowerCase()
      return words.every(word => text.includes(word))
    })
    .sort((a, b) => place(a) - place(b))
}

/** All that can be reached or done, by typing: a combobox over a list, as ARIA describes it. */
export function CommandPalette(props: {
  readonly isOpen: boolean
  readonly title: string
  readonly placeholder: string
  readonly nothingText: string
  readonly closeLabel: string
  readonly commands: readonly PaletteCommand[]
  /** Those that only what was typed makes: found behind all others. */
  readonly forQuery?: (query: string) => readonly PaletteCommand[]
  readonly onClose: () => void
}): JSX.Element {
  const id = createUniqueId()
  const [query, setQuery] = createSignal("")
  const [at, setAt] = createSignal(0)
  const found = createMemo((): readonly PaletteCommand[] => {
    const text = query().trim()
    const made = text === "" ? [] : (props.forQuery?.(text) ?? [])
    return [...findCommands(props.commands, text), ...made]
  })
  createEffect(() => {
    if (!props.isOpen) return
    setQuery("")
    setAt(0)
  })
  const run = (command: PaletteCommand | undefined): void => {
    if (command === undefined) return
    props.onClose()
    command.run()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === "Enter" && !event.isComposing) run(found()[at()])
    if (step === undefined || found().length === 0) return
    event.preventDefault()
    setAt((at() + step + found().length) % found().length)
    document.getElementById(`${id}-${at()}`)?.scrollIntoView({ block: "nearest" })
  }
  return (
    <Dialog
      isOpen={props.isOpen}
      title={props.title}
      closeLabel={props.closeLabel}
      onClose={() => props.onClose()}
    >
      <input
        class="input"
        type="search"
        role="combobox"
        autofocus
        aria-label={props.title}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found()[at()] === undefined ? undefined : `${id}-${at()}`}
        placeholder={props.placeholder}
        value={query()}
        onInput={event => {
          setQuery(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={`${id}-list`} class="palette-list" role="listbox" aria-label={props.title}>
        <For each={found()}>
          {(command, index) => (
            <li
              id={`${id}-${index()}`}
              role="option"
              class="menu-item"
              aria-selected={index() === at()}
              onPointerMove={() => setAt(index())}
              onClick={() => run(command)}
            >
              <Show when={command.icon}>{icon => <Drawn icon={icon()} size="1.25em" />}</Show>
              <span class="palette-label">{command.label}</span>
              <Show when={command.keys}>{keys => <Keys keys={keys()} />}</Show>
            </li>
          )}
        </For>
      </ul>
      <p class="quiet" role="status">
        {found().length === 0 ? props.nothingText : ""}
      </p>
    </Dialog>
  )
}
