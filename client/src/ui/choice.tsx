import { For, type JSX, createUniqueId } from "solid-js"
import { Field } from "./field.js"

export interface Option<Value extends string> {
  readonly value: Value
  readonly label: string
}

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly options: readonly Option<Value>[]
  readonly value: Value
  readonly onChange: (value: Value) => void
  readonly isLabelHidden?: boolean
}

/** The platform's own list: the best there is on a phone, and complete for keyboard and ears. */
export function Select<Value extends string>(
  props: ChoiceProps<Value> & { readonly hint?: string; readonly isDisabled?: boolean },
): JSX.Element {
  const change = (text: string): void => {
    const option = props.options.find(({ value }) => value === text)
    if (option !== undefined) props.onChange(option.value)
  }
  return (
    <Field label={props.label} hint={props.hint} isLabelHidden={props.isLabelHidden ?? false}>
      {ids => (
        <select
          id={ids.id}
          class="input select"
          aria-describedby={ids.describedBy}
          disabled={props.isDisabled ?? false}
          onChange={event => change(event.currentTarget.value)}
        >
          <For each={props.options}>
            {option => (
              <option value={option.value} selected={option.value === props.value}>
                {option.label}
              </option>
            )}
          </For>
        </select>
      )}
    </Field>
  )
}

/** Two to four choices side by side: a group of radio buttons that look like one control. */
export function Segmented<Value extends string>(props: ChoiceProps<Value>): JSX.Element {
  const name = createUniqueId()
  return (
    <fieldset class="field">
      <legend class={props.isLabelHidden === true ? "spoken" : "field-label"}>{props.label}</legend>
      <div class="segmented">
        <For each={props.options}>
          {option => (
            <label class="segment">
              <input
                type="radio"
                class="spoken"
                name={name}
                value={option.value}
                checked={option.value === props.value}
                onChange={() => props.onChange(option.value)}
              />
              <span>{option.label}</span>
            </label>
          )}
        </For>
      </div>
    </fieldset>
  )
}

/** On or off, at once: it needs no button to confirm it. Shows what is, also where turning it came to nothing. */
export function Switch(props: {
  readonly label: string
  readonly hint?: string
  readonly isOn: boolean
  readonly isDisabled?: boolean
  readonly onChange: (isOn: boolean) => void
}): JSX.Element {
  const id = createUniqueId()
  return (
    <div class="switch">
      <div>
        <label for={id}>{props.label}</label>
        <p id={`${id}-hint`} class="field-hint">
          {props.hint}
        </p>
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        class="switch-input"
        checked={props.isOn}
        disabled={props.isDisabled ?? false}
        aria-describedby={`${id}-hint`}
        onChange={event => {
          props.onChange(event.currentTarget.checked)
          event.currentTarget.checked = props.isOn
        }}
      />
    </div>
  )
}

/** One of several views of the same thing; arrow keys move, the chosen panel is named by its tab. */
export function Tabs<Value extends string>(
  props: ChoiceProps<Value> & { readonly children: JSX.Element },
): JSX.Element {
  const id = createUniqueId()
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    const at = props.options.findIndex(({ value }) => value === props.value)
    const next = props.options[(at + step + props.options.length) % props.options.length]
    if (next === undefined) return
    event.preventDefault()
    props.onChange(next.value)
    document.getElementById(`${id}-${next.value}`)?.focus()
  }
  return (
    <>
      <div role="tablist" class="tabs" aria-label={props.label} onKeyDown={move}>
        <For each={props.options}>
          {option => (
            <button
              type="button"
              role="tab"
              class="tab"
              id={`${id}-${option.value}`}
              aria-selected={option.value === props.value}
              aria-controls={`${id}-panel`}
              tabIndex={option.value === props.value ? 0 : -1}
              onClick={() => props.onChange(option.value)}
            >
              {option.label}
            </button>
          )}
        </For>
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${props.value}`}>
        {props.children}
      </div>
    </>
  )
}
