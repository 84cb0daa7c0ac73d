import { Router, useIsRouting } from "@solidjs/router"
import { cleanup, fireEvent, render, screen, waitFor } from "@solidjs/testing-library"
import { type JSX, Suspense, createSignal, lazy } from "solid-js"
import { afterEach, describe, expect, it, vi } from "vitest"
import type { SyncStatus } from "../engine/port.js"
import { LanguageProvider } from "../i18n/index.js"
import { english } from "../i18n/en/index.js"
import { chinese } from "../i18n/zh-cn/index.js"
import { parseAppearance } from "../platform/appearance.js"
import { createPoliteness } from "../platform/calm.js"
import { ScreenBoundary } from "./failure.js"
import { countLastPress } from "./last-press.js"
import { listenForShortcuts } from "./shortcuts.js"
import { SyncBadge } from "./sync-badge.js"

afterEach(cleanup)

const draw = (what: () => JSX.Element): void => {
  render(() => (
    <LanguageProvider locale="en" dictionary={english}>
      {what()}
    </LanguageProvider>
  ))
}

const peer = (kind: "relay" | "box" | "device", missingThere: number): SyncStatus["peers"][number] => ({
  kind,
  id: "0a",
  member: undefined,
  missingThere,
  missingHere: undefined,
  heardAtMs: undefined,
  isOnline: undefined,
})

describe("the sync badge", () => {
  it("[U9] says where what was entered has arrived, and no more than is known", () => {
    const states: readonly (readonly [SyncStatus, string, string])[] = [
      [{ reach: "Here", isAlone: true, peers: [] }, "Saved here", "No other device has it yet."],
      // A relay passes on and keeps nothing: that it has something is no promise.
      [
        { reach: "Here", isAlone: false, peers: [peer("relay", 0), peer("device", 3)] },
        "Saved here",
        "3 changes have not reached another one yet.",
      ],
      [
        { reach: "OnBox", isAlone: false, peers: [peer("box", 0)] },
        "On the box",
        "Some devices have not fetched it",
      ],
      [
        { reach: "Everywhere", isAlone: false, peers: [peer("device", 0)] },
        "On everyone's devices",
        "Every device",
      ],
    ]
    for (const [sync, words, why] of states) {
      draw(() => <SyncBadge sync={sync} />)
      expect(screen.getByRole("button").textContent).toBe(words)
      expect(document.body.textContent).toContain(why)
      cleanup()
    }
  })
})

describe("a screen that fails", () => {
  it("[U10] says so, and shows and logs nothing of what was on it", () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined)
    const Broken = (): JSX.Element => {
      throw new TypeError("secret words of somebody")
    }
    draw(() => (
      <ScreenBoundary>
        <Broken />
      </ScreenBoundary>
    ))
    expect(document.body.textContent).toContain("Something went wrong on this screen")
    expect(document.body.textContent).not.toContain("secret")
    expect(JSON.stringify(logged.mock.calls)).not.toContain("secret")
    logged.mockRestore()
  })
})

describe("what comes by itself", () => {
  it("[U11] waits until no field has the focus and nothing was pressed for a moment, and then stays", () => {
    vi.useFakeTimers()
    const [isWanted, setWanted] = createSignal(false)
    render(() => {
      const isThere = createPoliteness()(isWanted)
      return (
        <>
          <input aria-label="field" />
          <button>press</button>
          <output>{isThere() ? "there" : "waits"}</output>
        </>
      )
    })
    const said = (): string | null => screen.getByRole("status").textContent
    screen.getByLabelText("field").focus()
    setWanted(true)
    vi.advanceTimersByTime(60_000)
    expect(said()).toBe("waits")
    // Leaving the field for a button is a press under way: nothing may move now.
    screen.getByText("press").focus()
    expect(said()).toBe("waits")
    fireEvent.pointerDown(screen.getByText("press"))
    vi.advanceTimersByTime(2_000)
    expect(said()).toBe("waits")
    vi.advanceTimersByTime(2_000)
    expect(said()).toBe("there")
    screen.getByLabelText("field").focus()
    expect(said()).toBe("there")
    setWanted(false)
    expect(said()).toBe("waits")
    vi.useRealTimers()
  })
})

describe("a press on the way to another screen", () => {
  it("counts, also when it leads back to the one that stands", async () => {
    let arrive: ((screen: { default: () => JSX.Element }) => void) | undefined
    const Slow = lazy(() => new Promise<{ default: () => JSX.Element }>(resolve => (arrive = resolve)))
    const Root = (props: { readonly children?: JSX.Element }): JSX.Element => {
      countLastPress()
      const isRouting = useIsRouting()
      return (
        <>
          <output>{isRouting() ? "on its way" : "stands"}</output>
          <a href="/here">stay</a>
          <a href="/there">go</a>
          <main>
            <Suspense>{props.children}</Suspense>
          </main>
        </>
      )
    }
    history.replaceState(null, "", "/start")
    render(() => (
      <Router root={Root}>
        {[
          { path: "/start", component: () => "the first one" },
          { path: "/here", component: () => "this one" },
          { path: "/there", component: Slow },
        ]}
      </Router>
    ))
    fireEvent.click(await screen.findByText("stay"))
    await screen.findByText("this one")
    await screen.findByText("stands")
    fireEvent.click(screen.getByText("go"))
    // The router begins in a task of its own.
    await waitFor(() => expect(arrive).toBeDefined())
    fireEvent.click(screen.getByText("stay"))
    arrive?.({ default: () => "the other one" })
    await screen.findByText("stands")
    await waitFor(() => expect(screen.getByText("stay").hasAttribute("state")).toBe(false))
    expect(location.pathname).toBe("/here")
    expect(document.querySelector("main")?.textContent).toBe("this one")
  })
})

describe("keys", () => {
  it("[U20] do what they are for, alone or in pairs, and nothing in a field, in a dialog or with a modifier", () => {
    const done: string[] = []
    const view = render(() => {
      const add = (name: string) => () => void done.push(name)
      const shortcuts = { n: add("new"), "g m": add("money"), "?": add("help") }
      listenForShortcuts(() => shortcuts, add("palette"))
      return <input aria-label="field" />
    })
    const press = (key: string, more: KeyboardEventInit = {}): void =>
      void fireEvent.keyDown(document.body, { key, ...more })
    for (const key of ["g", "m", "m", "n", "?", "x"]) press(key)
    expect(done).toEqual(["money", "new", "help"])
    done.length = 0
    fireEvent.keyDown(screen.getByLabelText("field"), { key: "n" })
    press("n", { altKey: true })
    press("n", { ctrlKey: true })
    const dialog = document.body.appendChild(document.createElement("dialog"))
    dialog.setAttribute("open", "")
    press("n")
    expect(done).toEqual([])
    press("k", { ctrlKey: true })
    press("K", { metaKey: true })
    expect(done).toEqual(["palette", "palette"])
    dialog.remove()
    view.unmount()
    press("n")
    expect(done).toHaveLength(2)
  })
})

describe("the look that is kept", () => {
  it("is as the system says where nothing, or nonsense, is stored", () => {
    const plain = { theme: "system", contrast: "system", text: "normal", locale: "zh-CN" }
    for (const text of [null, "", "{", "[]", "null", '{"theme":"pink","text":7,"locale":"xx"}']) {
      expect(parseAppearance(text, ["zh-CN"]), String(text)).toEqual(plain)
    }
    expect(parseAppearance('{"theme":"dark","locale":"en"}', ["zh-CN"])).toEqual({
      ...plain,
      theme: "dark",
      locale: "en",
    })
  })

  it("changes the language of what is on the screen", () => {
    render(() => (
      <LanguageProvider locale="zh-CN" dictionary={chinese}>
        <SyncBadge sync={{ reach: "Here", isAlone: true, peers: [] }} />
      </LanguageProvider>
    ))
    expect(screen.getByRole("button").textContent).toBe("已存到本机")
  })
})
