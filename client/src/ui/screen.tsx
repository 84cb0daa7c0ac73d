import ArrowLeft from "lucide-solid/icons/arrow-left"
import { type JSX, Show, createEffect, onCleanup, onMount } from "solid-js"
import { Drawn } from "./icon.js"

interface ScreenProps {
  readonly title: string
  /** The way up: where the arrow beside the title leads. */
  readonly back?: { readonly href: string; readonly label: string }
  readonly actions?: JSX.Element
  /** Narrow for reading and forms, wide for tables and charts. */
  readonly width?: "narrow" | "wide"
  readonly children: JSX.Element
}

let opened = 0

/** One screen: its heading gets the focus when it opens, so that keyboard and ears begin where the eye does. */
export function Screen(props: ScreenProps): JSX.Element {
  let heading: HTMLHeadingElement | undefined
  createEffect(() => {
    document.title = `${props.title} · HOME`
  })
  onMount(() => {
    opened += 1
    // At the first screen the page itself has just been opened: the browser begins at its top.
    if (opened > 1) heading?.focus({ preventScroll: true })
  })
  onCleanup(() => (heading = undefined))
  return (
    <div class="screen" data-width={props.width ?? "narrow"}>
      <header class="screen-head">
        <Show when={props.back}>
          {back => (
            <a class="button icon-button" data-kind="quiet" href={back().href} aria-label={back().label}>
              <Drawn icon={ArrowLeft} size="1.375em" />
            </a>
          )}
        </Show>
        <h1 ref={element => (heading = element)} tabIndex={-1}>
          {props.title}
        </h1>
        <div class="screen-actions">{props.actions}</div>
      </header>
      {props.children}
    </div>
  )
}

/** A group of things on a screen, under a heading of its own. */
export function Section(props: {
  readonly title: string
  readonly actions?: JSX.Element
  readonly children: JSX.Element
}): JSX.Element {
  return (
    <section class="section">
      <header class="section-head">
        <h2>{props.title}</h2>
        {props.actions}
      </header>
      {props.children}
    </section>
  )
}
