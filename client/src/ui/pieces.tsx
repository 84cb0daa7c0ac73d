import { For, type JSX, Show, createMemo } from "solid-js"
import { Dynamic } from "solid-js/web"
import { Drawn, type Icon } from "./icon.js"

export type Tone = "plain" | "good" | "notice" | "danger"

/** A word about a state; the tone only repeats what the word says. */
export function Badge(props: {
  readonly tone?: Tone
  readonly icon?: Icon
  readonly children: JSX.Element
}): JSX.Element {
  return (
    <span class="badge" data-tone={props.tone ?? "plain"}>
      <Show when={props.icon}>{icon => <Drawn icon={icon()} size="1em" />}</Show>
      {props.children}
    </span>
  )
}

/** A sentence that matters, on the screen where it matters. */
export function Note(props: {
  readonly tone?: Tone
  readonly icon?: Icon
  readonly children: JSX.Element
}): JSX.Element {
  return (
    <div class="note" data-tone={props.tone ?? "plain"}>
      <Show when={props.icon}>{icon => <Drawn icon={icon()} size="1.375em" />}</Show>
      <div class="note-text">{props.children}</div>
    </div>
  )
}

/** What stands where nothing is yet: says what will be here and how to begin. */
export function EmptyState(props: {
  readonly icon: Icon
  readonly title: string
  readonly children?: JSX.Element
  readonly action?: JSX.Element
}): JSX.Element {
  return (
    <div class="empty">
      <Drawn icon={props.icon} size="2.5rem" />
      <h2>{props.title}</h2>
      <div class="quiet">{props.children}</div>
      {props.action}
    </div>
  )
}

/** Grey rows where rows will be; told to ears once, as a word. */
export function Skeleton(props: { readonly label: string; readonly rows?: number }): JSX.Element {
  return (
    <div class="skeleton" role="status">
      <span class="spoken">{props.label}</span>
      <For each={Array.from({ length: props.rows ?? 5 })}>{() => <div class="skeleton-row" />}</For>
    </div>
  )
}

export function List(props: { readonly label?: string; readonly children: JSX.Element }): JSX.Element {
  return (
    <ul class="list" aria-label={props.label}>
      {props.children}
    </ul>
  )
}

interface RowProps {
  readonly lead?: JSX.Element
  readonly title: JSX.Element
  readonly detail?: JSX.Element
  readonly trail?: JSX.Element
  /** Makes the whole row a link. */
  readonly href?: string
  /** Makes the whole row a button. */
  readonly onSelect?: () => void
}

/** A line of a list: picture, title over detail, and a value or a button at its end. */
export function Row(props: RowProps): JSX.Element {
  const tag = createMemo(() => {
    if (props.href !== undefined) return "a"
    return props.onSelect === undefined ? "div" : "button"
  })
  return (
    <li class="row-item">
      <Dynamic
        component={tag()}
        class="row"
        href={props.href}
        type={tag() === "button" ? "button" : undefined}
        onClick={props.onSelect === undefined ? undefined : () => props.onSelect?.()}
      >
        <Show when={props.lead}>
          <span class="row-lead">{props.lead}</span>
        </Show>
        <span class="row-text">
          <span class="row-title">{props.title}</span>
          <Show when={props.detail}>
            <span class="row-detail">{props.detail}</span>
          </Show>
        </span>
        <Show when={props.trail}>
          <span class="row-trail">{props.trail}</span>
        </Show>
      </Dynamic>
    </li>
  )
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** 李明 -> 李, "Anna Maria" -> AM. */
export const initialsOf = (name: string): string => {
  const firsts = name
    .trim()
    .split(/\s+/)
    .flatMap(word => [...segmenter.segment(word)].slice(0, 1).map(({ segment }) => segment))
  const [first = "?", ...others] = firsts
  const last = others.at(-1)
  return /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u.test(first) && last !== undefined
    ? (first + last).toUpperCase()
    : first.toUpperCase()
}

const tints = 6

/** A person as a disc of a colour of their own; the name stands beside it, so it is silent. */
export function Avatar(props: {
  readonly name: string
  /** Which one of a row of people it is: gives a colour to who has chosen none. */
  readonly place?: number
  readonly colour?: string
  readonly icon?: Icon
}): JSX.Element {
  return (
    <span
      class="avatar"
      data-tint={(props.place ?? 0) % tints}
      aria-hidden="true"
      ref={element => {
        if (props.colour !== undefined && props.colour !== "")
          element.style.setProperty("--tint", props.colour)
      }}
    >
      <Show when={props.icon} fallback={initialsOf(props.name)}>
        {icon => <Drawn icon={icon()} size="1.25em" />}
      </Show>
    </span>
  )
}

/** How far something is. Without a value it only says that something happens. */
export function Progress(props: {
  readonly label: string
  readonly value?: number | undefined
  readonly max?: number
}): JSX.Element {
  return (
    <Show when={props.value !== undefined} fallback={<progress class="progress" aria-label={props.label} />}>
      <progress class="progress" aria-label={props.label} value={props.value} max={props.max ?? 1} />
    </Show>
  )
}
