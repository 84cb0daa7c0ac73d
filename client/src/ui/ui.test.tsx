import { cleanup, fireEvent, render, screen } from "@solidjs/testing-library"
import { createSignal } from "solid-js"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { Segmented, Switch, Tabs } from "./choice.js"
import { TextField } from "./field.js"
import { Keypad } from "./keypad.js"
import { CommandPalette, findCommands } from "./palette.js"
import { initialsOf } from "./pieces.js"
import { QrCode } from "./qr-code.js"
import { ToastProvider, useToast } from "./toast.js"

// jsdom has no modal dialogs and scrolls nowhere.
beforeEach(() => {
  Element.prototype.scrollIntoView = () => undefined
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
    this.open = false
  }
})
afterEach(() => {
  vi.useRealTimers()
  cleanup()
})

describe("a field", () => {
  it("is named by its label, and says to ears what is wrong with it", () => {
    const [error, setError] = createSignal<string>()
    render(() => (
      <TextField label="Name" hint="One line" value="" error={error()} onInput={() => undefined} />
    ))
    const input = screen.getByLabelText("Name")
    expect(input.getAttribute("aria-invalid")).toBe("false")
    setError("Too long")
    expect(input.getAttribute("aria-invalid")).toBe("true")
    const described = (input.getAttribute("aria-describedby") ?? "").split(" ")
    expect(described.map(id => document.getElementById(id)?.textContent)).toEqual(["One line", "Too long"])
  })
})

describe("choices", () => {
  const options = [
    { value: "a", label: "First" },
    { value: "b", label: "Second" },
  ] as const

  it("show what is, also where turning a switch came to nothing", () => {
    const [isOn, setOn] = createSignal(false)
    const onChange = vi.fn()
    render(() => <Switch label="Fingerprint" isOn={isOn()} onChange={onChange} />)
    const input = screen.getByRole<HTMLInputElement>("switch", { name: "Fingerprint" })
    fireEvent.click(input)
    expect(onChange).toHaveBeenCalledWith(true)
    expect(input.checked).toBe(false)
    setOn(true)
    expect(input.checked).toBe(true)
  })

  it("are radio buttons under a legend", () => {
    const onChange = vi.fn()
    render(() => <Segmented label="Which" options={options} value="a" onChange={onChange} />)
    expect(screen.getByRole("group", { name: "Which" })).toBeTruthy()
    fireEvent.click(screen.getByRole("radio", { name: "Second" }))
    expect(onChange).toHaveBeenCalledWith("b")
  })

  it("as tabs follow the arrow keys and name their panel", () => {
    const [value, setValue] = createSignal<"a" | "b">("a")
    render(() => (
      <Tabs label="Views" options={options} value={value()} onChange={setValue}>
        content
      </Tabs>
    ))
    fireEvent.keyDown(screen.getByRole("tab", { name: "First" }), { key: "ArrowLeft" })
    expect(value()).toBe("b")
    expect(screen.getByRole("tabpanel", { name: "Second" }).textContent).toBe("content")
  })
})

describe("the keypad", () => {
  it("takes its own keys and those of a keyboard", () => {
    const [value, setValue] = createSignal("")
    const labels = { label: "Keys", eraseLabel: "Erase", plusLabel: "Plus", minusLabel: "Minus" }
    render(() => <Keypad {...labels} value={value()} onChange={setValue} digits={2} />)
    for (const key of ["1", "2", "Plus", "3"]) fireEvent.click(screen.getByRole("button", { name: key }))
    expect(value()).toBe("12+3")
    fireEvent.keyDown(screen.getByRole("group", { name: "Keys" }), { key: "Backspace" })
    fireEvent.keyDown(screen.getByRole("group", { name: "Keys" }), { key: "," })
    expect(value()).toBe("12+0.")
  })
})

describe("a toast", () => {
  const show = (run: () => void): void => {
    const Say = () => {
      const toast = useToast()
      return (
        <button onClick={() => toast({ text: "Deleted", action: { label: "Undo", run } })}>Delete</button>
      )
    }
    render(() => (
      <ToastProvider closeLabel="Close">
        <Say />
      </ToastProvider>
    ))
    fireEvent.click(screen.getByText("Delete"))
  }

  it("undoes, and is gone after it", async () => {
    const run = vi.fn()
    show(run)
    expect((await screen.findByRole("status")).textContent).toContain("Deleted")
    fireEvent.click(screen.getByText("Undo"))
    expect(run).toHaveBeenCalledOnce()
    expect(screen.queryByText("Deleted")).toBeNull()
  })

  it("waits as long as it is pointed at", () => {
    vi.useFakeTimers()
    show(() => undefined)
    // The press is painted first.
    vi.advanceTimersByTime(1_000)
    fireEvent.pointerEnter(screen.getByRole("status"))
    vi.advanceTimersByTime(60_000)
    expect(screen.queryByText("Deleted")).not.toBeNull()
    fireEvent.pointerLeave(screen.getByRole("status"))
    vi.advanceTimersByTime(60_000)
    expect(screen.queryByText("Deleted")).toBeNull()
  })
})

describe("the command palette", () => {
  const commands = [
    { id: "1", label: "Settings", words: "dark theme", run: vi.fn() },
    { id: "2", label: "家人", run: vi.fn() },
  ]

  it("finds by every word, in any order, in other words too", () => {
    expect(findCommands(commands, "theme DARK").map(({ id }) => id)).toEqual(["1"])
    expect(findCommands(commands, "家").map(({ id }) => id)).toEqual(["2"])
    expect(findCommands(commands, "dark blue")).toEqual([])
  })

  it("runs what the arrows chose", () => {
    const onClose = vi.fn()
    render(() => (
      <CommandPalette
        isOpen
        title="Go to"
        placeholder=""
        nothingText="Nothing"
        closeLabel="Close"
        commands={commands}
        onClose={onClose}
      />
    ))
    const input = screen.getByRole("combobox", { name: "Go to" })
    fireEvent.keyDown(input, { key: "ArrowDown" })
    const active = document.getElementById(input.getAttribute("aria-activedescendant") ?? "")
    expect(active?.textContent).toContain("家人")
    fireEvent.keyDown(input, { key: "Enter" })
    expect(commands[1]?.run).toHaveBeenCalledOnce()
    expect(onClose).toHaveBeenCalledOnce()
  })

  it("puts what begins like the query first, and what only the query makes last", () => {
    const labels = (query: string): readonly string[] => findCommands(ranked, query).map(({ label }) => label)
    const ranked = ["Repeat", "Open reports", "Reports"].map(label => ({ id: label, label, run: () => {} }))
    expect(labels("rep")).toEqual(["Repeat", "Reports", "Open reports"])
    const run = vi.fn()
    render(() => (
      <CommandPalette
        isOpen
        title="Go to"
        placeholder=""
        nothingText="Nothing"
        closeLabel="Close"
        commands={ranked}
        forQuery={query => [{ id: "search", label: `Search ${query}`, run: () => run(query) }]}
        onClose={() => undefined}
      />
    ))
    const input = screen.getByRole("combobox", { name: "Go to" })
    expect(screen.getAllByRole("option")).toHaveLength(3)
    fireEvent.input(input, { target: { value: "bread" } })
    expect(screen.getAllByRole("option").map(({ textContent }) => textContent)).toEqual(["Search bread"])
    fireEvent.keyDown(input, { key: "Enter" })
    expect(run).toHaveBeenCalledWith("bread")
  })
})

describe("pieces", () => {
  it("know initials of names in either script", () => {
    expect(["李明", "Anna Maria Miller", "anna", "", "👵 Oma"].map(initialsOf)).toEqual([
      "李",
      "AM",
      "A",
      "?",
      "👵",
    ])
  })

  it("draw a code with its quiet zone, and say what it is", () => {
    render(() => <QrCode text="home1-00" label="Invitation" />)
    const code = screen.getByRole("img", { name: "Invitation" })
    expect(code.querySelector("path")?.getAttribute("d")).toMatch(/^M4 4h1v1h-1z/)
  })
})
