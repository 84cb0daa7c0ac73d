import { type JSX, Show, createUniqueId, splitProps } from "solid-js"

interface FieldProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  /** The label is for ears only: a search box that says what it is by its place. */
  readonly isLabelHidden?: boolean
  /** Draws the control with the id of the label's target and what describes it. */
  readonly children: (ids: FieldIds) => JSX.Element
}

interface FieldIds {
  readonly id: string
  readonly describedBy: string | undefined
  readonly isInvalid: boolean
}

/** A label, its control, and what is wrong or good to know about it. */
export function Field(props: FieldProps): JSX.Element {
  const id = createUniqueId()
  const ids: FieldIds = {
    id,
    get describedBy() {
      const parts = [
        props.hint === undefined ? [] : [`${id}-hint`],
        props.error === undefined ? [] : [`${id}-error`],
      ]
      return parts.flat().join(" ") || undefined
    },
    get isInvalid() {
      return props.error !== undefined
    },
  }
  return (
    <div class="field">
      <label for={id} class={props.isLabelHidden === true ? "spoken" : "field-label"}>
        {props.label}
      </label>
      {props.children(ids)}
      <Show when={props.hint}>
        <p id={`${id}-hint`} class="field-hint">
          {props.hint}
        </p>
      </Show>
      <p id={`${id}-error`} class="field-error" role="alert">
        {props.error}
      </p>
    </div>
  )
}

type Native<Element> = Omit<Element, "class" | "style" | "id" | "onInput" | "value" | "children">

interface TextFieldProps extends Native<JSX.InputHTMLAttributes<HTMLInputElement>> {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly isLabelHidden?: boolean
  readonly value: string
  readonly onInput: (value: string) => void
}

const fieldKeys = ["label", "hint", "error", "isLabelHidden", "value", "onInput"] as const

export function TextField(props: TextFieldProps): JSX.Element {
  const [own, rest] = splitProps(props, fieldKeys)
  return (
    <Field label={own.label} hint={own.hint} error={own.error} isLabelHidden={own.isLabelHidden ?? false}>
      {ids => (
        <input
          {...rest}
          id={ids.id}
          class="input"
          value={own.value}
          aria-describedby={ids.describedBy}
          aria-invalid={ids.isInvalid}
          onInput={event => own.onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

interface TextAreaProps extends Native<JSX.TextareaHTMLAttributes<HTMLTextAreaElement>> {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly isLabelHidden?: boolean
  readonly value: string
  readonly onInput: (value: string) => void
}

export function TextArea(props: TextAreaProps): JSX.Element {
  const [own, rest] = splitProps(props, fieldKeys)
  return (
    <Field label={own.label} hint={own.hint} error={own.error} isLabelHidden={own.isLabelHidden ?? false}>
      {ids => (
        <textarea
          {...rest}
          id={ids.id}
          class="input"
          value={own.value}
          aria-describedby={ids.describedBy}
          aria-invalid={ids.isInvalid}
          onInput={event => own.onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
