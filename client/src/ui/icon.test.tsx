import { cleanup, render } from "@solidjs/testing-library"
import House from "lucide-solid/icons/house"
import Plus from "lucide-solid/icons/plus"
import { createSignal } from "solid-js"
import { afterEach, expect, it } from "vitest"
import { Drawn, type Icon } from "./icon.js"

afterEach(cleanup)

it("an icon is drawn like the library draws it, wherever it stands and whichever it becomes", () => {
  const [icon, setIcon] = createSignal<Icon>(House)
  const { container } = render(() => (
    <>
      <Drawn icon={icon()} size="1.5rem" />
      <Drawn icon={House} size="1em" />
      <House size="1em" aria-hidden="true" />
    </>
  ))
  const pictures = (): string[] => [...container.querySelectorAll("svg")].map(svg => svg.outerHTML)
  const [first = "", second, library] = pictures()
  expect(second).toBe(library)
  expect(first.replaceAll("1.5rem", "1em")).toBe(library)
  setIcon(() => Plus)
  expect(pictures()[0]).toContain("lucide-plus")
  expect(pictures()[1]).toBe(library)
})
