import { cleanup, render, screen } from "@solidjs/testing-library"
import { afterEach, describe, expect, it } from "vitest"
import { english } from "../../i18n/en/index.js"
import { LanguageProvider } from "../../i18n/index.js"
import { Recover } from "./recover.js"

afterEach(cleanup)

describe("coming back by the words", () => {
  it("[U27a] says what is left to whoever has lost them too, and where", () => {
    render(() => (
      <LanguageProvider locale="en" dictionary={english}>
        <Recover
          calls={{ recover: () => Promise.resolve({ ok: true, value: undefined }) }}
          deviceName={() => "phone"}
          deviceKind="phone"
          relay={undefined}
          backHref="/"
          onRecovered={() => {}}
        />
      </LanguageProvider>
    ))
    expect(screen.queryByRole("heading", { name: "The words are lost as well?" })).not.toBe(null)
    expect(screen.queryByText(/run “home refound” there/)).not.toBe(null)
    expect(screen.queryByText(/nobody can bring anything back/)).not.toBe(null)
  })
})
