import { cleanup, fireEvent, render, screen, waitFor } from "@solidjs/testing-library"
import type { JSX } from "solid-js"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { AccessLineView, ContactsView, ShareOfferView, ShareView } from "../../engine/port.js"
import { english } from "../../i18n/en/index.js"
import { LanguageProvider } from "../../i18n/index.js"
import { ToastProvider } from "../../ui/toast.js"
import { Offers } from "./offers.js"
import { ShareScreen } from "./share-screen.js"

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
  }
})
afterEach(cleanup)

const inLanguage = (children: () => JSX.Element) =>
  render(() => (
    <LanguageProvider locale="en" dictionary={english}>
      <ToastProvider closeLabel="close">{children()}</ToastProvider>
    </LanguageProvider>
  ))

const share = {
  ...{ share: "5a", title: "Lake", family: "f1", side: "ours", role: "editor", self: "us" },
  ...{ isLive: true, hasArrived: true, hasLeft: false, mayWrite: true, mayEnd: true },
  members: [
    { id: "us", name: "Muster", colour: "" },
    { id: "them", name: "Li", colour: "" },
  ],
} as unknown as ShareView
const lines = [
  { act: { type: "founded" }, byMember: "us", isGenuine: true },
  { act: { type: "deviceAdmitted", member: "them" }, isGenuine: true, heardAtMs: Date.UTC(2026, 10, 21, 12) },
  { act: { type: "roleGiven", member: "them" }, isGenuine: true },
  { act: { type: "deviceAdmitted", member: "them" }, isGenuine: true, whyVoid: { type: "Outvoted" } },
] as unknown as readonly AccessLineView[]

const calls: Parameters<typeof ShareScreen>[0]["calls"] = {
  accessLog: () => Promise.resolve({ ok: true, value: lines }),
  leaveShare: () => Promise.resolve({ ok: true, value: undefined }),
  endShare: () => Promise.resolve({ ok: true, value: undefined }),
  forgetShare: () => Promise.resolve({ ok: true, value: undefined }),
}

const show = (standing: "verified" | "changed") =>
  inLanguage(() => (
    <ShareScreen
      id="5a"
      shares={[share]}
      contacts={{ families: [{ family: "f1", standing }] } as unknown as ContactsView}
      calls={calls}
      onOpenMoney={() => {}}
      onForgotten={() => {}}
    />
  ))

describe("what two families share", () => {
  it("[U41a] says which devices came in and when, and is loud when the other family's card changed", async () => {
    show("verified")
    await waitFor(() => expect(screen.queryByText("Muster made it.")).not.toBe(null))
    expect(screen.queryAllByText("A device of Li came in.")).toHaveLength(1)
    expect(screen.queryByText("Nov 21, 2026")).not.toBe(null)
    expect(screen.queryByText(/another card than before/)).toBe(null)
    cleanup()
    show("changed")
    expect(screen.queryByText(/Li now comes with another card than before/)).not.toBe(null)
    expect(screen.getByRole("link", { name: "Compare the digits" }).getAttribute("href")).toBe(
      "/family/others/f1",
    )
  })

  it("[U45] is left by whoever accepted it, who is told what that means", async () => {
    const left: unknown[] = []
    inLanguage(() => (
      <ShareScreen
        id="5a"
        shares={[{ ...share, side: "theirs", mayEnd: false }]}
        contacts={{ mayKeep: true, families: [] } as unknown as ContactsView}
        calls={{
          ...calls,
          leaveShare: input => {
            left.push(input)
            return Promise.resolve({ ok: true, value: undefined })
          },
        }}
        onOpenMoney={() => {}}
        onForgotten={() => left.push("gone")}
      />
    ))
    expect(screen.queryByRole("button", { name: "End sharing" })).toBe(null)
    fireEvent.click(screen.getByRole("button", { name: "Leave" }))
    expect(screen.queryByText(/Li keeps what you wrote/)).not.toBe(null)
    fireEvent.click(screen.getAllByRole("button", { name: "Leave" }).at(-1) as HTMLElement)
    await waitFor(() => expect(left).toEqual([{ share: "5a" }, "gone"]))
  })

  it("[U41b] tells what one's own family has on another device from what others offer", async () => {
    const offers = [
      { offer: "1", title: "Lake", family: "f0", name: "Muster", isOurs: true },
      { offer: "2", title: "Present", family: "f1", name: "Li", isOurs: false },
    ] as unknown as readonly ShareOfferView[]
    inLanguage(() => (
      <Offers
        calls={{
          shareOffers: () => Promise.resolve({ ok: true, value: offers }),
          acceptShare: () => Promise.resolve({ ok: false, error: { type: "NotForUs" } }),
        }}
        unverified={new Set(["f1"])}
        onAccepted={() => {}}
      />
    ))
    await waitFor(() => expect(screen.queryByText("From Li")).not.toBe(null))
    expect(screen.queryByText("Your family has it on another device")).not.toBe(null)
    fireEvent.click(screen.getAllByRole("button", { name: "Accept" })[0] as HTMLElement)
    expect(screen.queryByText("Open “Lake” on this device too?")).not.toBe(null)
    expect(screen.queryByText(/one more device of yours has come in/)).not.toBe(null)
  })
})
