import { type JSX, Show, mergeProps, splitProps } from "solid-js"
import { Drawn, type Icon } from "./icon.js"

interface ButtonProps extends Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, "class" | "style"> {
  /** One primary button a screen. `danger` is for what cannot be undone. */
  readonly kind?: "primary" | "plain" | "quiet" | "danger"
  readonly icon?: Icon
  readonly isBusy?: boolean
  /** As wide as what it stands in. */
  readonly isWide?: boolean
}

export function Button(props: ButtonProps): JSX.Element {
  const whole = mergeProps({ kind: "plain", type: "button" } as const, props)
  const [own, rest] = splitProps(whole, ["kind", "icon", "isBusy", "isWide", "children", "disabled"])
  return (
    <button
      {...rest}
      class="button"
      data-kind={own.kind}
      data-wide={own.isWide === true ? "" : undefined}
      aria-busy={own.isBusy === true ? "true" : undefined}
      disabled={own.disabled === true || own.isBusy === true}
    >
      <Show when={own.icon}>{icon => <Drawn icon={icon()} size="1.25em" />}</Show>
      {own.children}
    </button>
  )
}

interface IconButtonProps extends Omit<ButtonProps, "children" | "isWide"> {
  readonly label: string
  readonly icon: Icon
}

/** A button that is only an icon: `label` is what it is called, for ears and as a tooltip. */
export function IconButton(props: IconButtonProps): JSX.Element {
  const whole = mergeProps({ kind: "quiet", type: "button" } as const, props)
  const [own, rest] = splitProps(whole, ["kind", "icon", "label", "isBusy", "disabled"])
  return (
    <button
      {...rest}
      class="button icon-button"
      data-kind={own.kind}
      aria-label={own.label}
      title={own.label}
      aria-busy={own.isBusy === true ? "true" : undefined}
      disabled={own.disabled === true || own.isBusy === true}
    >
      <Drawn icon={own.icon} size="1.375em" />
    </button>
  )
}
