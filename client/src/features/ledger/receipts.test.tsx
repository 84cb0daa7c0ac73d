import { cleanup, fireEvent, render, screen, waitFor } from "@solidjs/testing-library"
import type { BlobRef, Entry } from "@home/shared/documents"
import { createSignal } from "solid-js"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { FileState } from "../../engine/port.js"
import { english } from "../../i18n/en/index.js"
import { LanguageProvider } from "../../i18n/index.js"
import type { MoneyActions } from "../../state/money-actions.js"
import { ToastProvider } from "../../ui/toast.js"
import type { LedgerProps } from "./ledger.js"
import { Receipts } from "./receipts.js"

const receipt = (byte: string, name: string): BlobRef => ({
  id: byte.repeat(16),
  key: "ab".repeat(32),
  sizeBytes: 300_000,
  type: "text/html",
  name,
  chunks: ["c1".repeat(32) as never],
})
const bakery = receipt("01", "bakery.jpg")
const jpeg = new Blob([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)])
const page = new Blob(["<!doctype html><script>alert(1)</script>"])

const done: (readonly [string, unknown])[] = []
const saved: (readonly [Blob, string])[] = []
const listeners = new Map<string, (state: FileState) => void>()
/** What a URL of this page leads to: jsdom makes none. */
const urls = new Map<string, Blob>()
beforeEach(() => {
  for (const list of [done, saved]) list.splice(0)
  listeners.clear()
  urls.clear()
  URL.createObjectURL = content => {
    const url = `blob:${urls.size}`
    urls.set(url, content as Blob)
    return url
  }
  URL.revokeObjectURL = url => void urls.delete(url)
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
  HTMLDialogElement.prototype.close = function () {
    this.open = false
  }
})
afterEach(cleanup)

const show = (receipts: readonly BlobRef[], contents: Readonly<Record<string, Blob>> = {}) => {
  const [now, setReceipts] = createSignal(receipts)
  const entry = (): Entry => ({ id: "e1", receipts: now(), author: "anna" }) as unknown as Entry
  const actions: Partial<MoneyActions> = {
    watchReceipt: (_, { id }, listener) => {
      listeners.set(id, listener)
      return () => void listeners.delete(id)
    },
    openReceipt: ({ id }) => Promise.resolve(contents[id]),
    attachReceipt: (_, file) => {
      done.push(["attach", file])
      return Promise.resolve(file.type === "application/pdf" ? "noRoom" : undefined)
    },
    attachAgain: (_, { id }) => void done.push(["again", id]),
    detachReceipt: (_, id) => void done.push(["detach", id]),
  }
  const ledger = {
    actions,
    names: { member: (id: string) => id.toUpperCase() },
    book: { readOnly: false },
  } as unknown as LedgerProps
  const tools = {
    redraw: () => Promise.resolve(jpeg),
    save: (content: Blob, name: string) => void saved.push([content, name]),
  }
  render(() => (
    <LanguageProvider locale="en" dictionary={english}>
      <ToastProvider closeLabel="Close">
        <Receipts entry={entry()} ledger={ledger} tools={tools} />
      </ToastProvider>
    </LanguageProvider>
  ))
  return { setReceipts }
}
const tell = (ref: BlobRef, state: FileState): void => listeners.get(ref.id)?.(state)

describe("the receipts of an entry", () => {
  it("say how it stands with what is not here, and show it when it has come", async () => {
    show([bakery], { [bakery.id]: jpeg })
    tell(bakery, { type: "Asked", of: "Devices" })
    expect(screen.getByText("Not here yet. It comes when ANNA's device is connected.")).toBeTruthy()
    tell(bakery, { type: "Asked", of: "Box" })
    expect(screen.getByText("Not here yet. The box has been asked for it.")).toBeTruthy()
    tell(bakery, { type: "Coming", part: 0.25 })
    expect(screen.getByText("Coming: 25%")).toBeTruthy()
    tell(bakery, { type: "Here" })
    const open = await screen.findByRole("button", { name: "Show bakery.jpg" })
    const url = open.querySelector("img")?.getAttribute("src") ?? ""
    // Whatever was said of it: it is shown as what its bytes are.
    expect(urls.get(url)?.type).toBe("image/jpeg")
    fireEvent.click(open)
    const dialog = await screen.findByRole("dialog")
    expect(dialog.querySelector("img")?.getAttribute("alt")).toBe("bakery.jpg")
    fireEvent(dialog, new Event("cancel", { cancelable: true }))
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull())
  })

  it("never draw what is no picture of pixels: it can be saved, without a type", async () => {
    const claimed = receipt("02", "photo.jpg")
    show([claimed], { [claimed.id]: page })
    tell(claimed, { type: "Here" })
    const button = await screen.findByRole("button", { name: "Save photo.jpg" })
    fireEvent.click(button)
    await waitFor(() => expect(saved).toEqual([[page, "photo.jpg"]]))
    expect(saved[0]?.[0].type).toBe("")
    expect([urls.size, document.querySelector("img, iframe, object, embed")]).toEqual([0, null])
  })

  it("are taken away with a way back, and what was drawn of them is let go", async () => {
    const { setReceipts } = show([bakery], { [bakery.id]: jpeg })
    tell(bakery, { type: "Here" })
    await screen.findByRole("button", { name: "Show bakery.jpg" })
    fireEvent.click(screen.getByRole("button", { name: "Remove bakery.jpg" }))
    setReceipts([])
    expect(screen.getByText("A picture of the receipt stays with this entry.")).toBeTruthy()
    expect([urls.size, listeners.size]).toEqual([0, 0])
    fireEvent.click(await screen.findByRole("button", { name: "Undo" }))
    expect(done).toEqual([
      ["detach", bakery.id],
      ["again", bakery.id],
    ])
  })

  it("are chosen, pasted or dropped; what is refused is said in words", async () => {
    show([])
    const input = screen.getByLabelText("Add a picture or PDF")
    const photo = new File([jpeg], "a.png")
    fireEvent.change(input, { target: { files: [photo] } })
    await waitFor(() => expect(done).toHaveLength(1))
    const clipboardData = { files: [photo] }
    fireEvent(document, Object.assign(new Event("paste", { cancelable: true }), { clipboardData }))
    await waitFor(() => expect(done).toHaveLength(2))
    const dataTransfer = { types: ["Files"], files: [new File(["%PDF-1.4"], "bill.pdf")] }
    fireEvent.drop(screen.getByText("A picture of the receipt stays with this entry."), { dataTransfer })
    expect((await screen.findByRole("alert")).textContent).toContain("the box does not have them yet")
    fireEvent.change(input, { target: { files: [new File(["text"], "a.txt")] } })
    await waitFor(() =>
      expect(screen.getByRole("alert").textContent).toBe("Only pictures and PDF files can be added."),
    )
    expect(done.map(([, file]) => (file as { readonly name: string }).name)).toEqual([
      "a.jpg",
      "a.jpg",
      "bill.pdf",
    ])
  })
})
