import { cleanup, fireEvent, render, screen, waitFor } from "@solidjs/testing-library"
import type { JSX } from "solid-js"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { AccessLineView, Calls, DeviceView, MemberView, Membership, Self } from "../../engine/port.js"
import { english } from "../../i18n/en/index.js"
import { LanguageProvider } from "../../i18n/index.js"
import { ToastProvider } from "../../ui/toast.js"
import { AccessScreen } from "./access-screen.js"
import { LateEdits } from "./late-edits.js"
import { MemberScreen } from "./member-screen.js"

const refused = { remove: false, suspend: false, resume: false, makeMain: false }
const device = (id: string, more: Partial<DeviceView> = {}): DeviceView => ({
  id: id as DeviceView["id"],
  name: id,
  kind: undefined,
  isLive: true,
  isSuspended: false,
  reads: [],
  isHere: false,
  may: refused,
  ...more,
})
const member = (id: string, more: Partial<MemberView> = {}): MemberView => ({
  id: id as MemberView["id"],
  name: id,
  colour: "",
  place: 0,
  kind: "person",
  role: "editor",
  isLive: true,
  isFounder: false,
  isYou: false,
  untilMs: undefined,
  devices: [device(`${id}'s phone`)],
  may: { remove: false, giveRoles: [] },
  ...more,
})
const self = { role: "admin", isLive: true, isSuspended: false, mayAddDevice: true } as Self

const called: (readonly [string, unknown])[] = []
const calls = new Proxy({} as Calls, {
  get: (_, name: string) => (input: unknown) => {
    called.push([name, input])
    return Promise.resolve({ ok: true, value: undefined })
  },
})
beforeEach(() => {
  called.splice(0)
  HTMLElement.prototype.hidePopover = () => {}
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

const show = (shown: MemberView, as: Self = self, circles: Membership["circles"] = []) =>
  inLanguage(() => (
    <MemberScreen
      id={shown.id}
      self={as}
      membership={{ familyName: "Home", circles, members: [shown] }}
      calls={calls}
      sync={undefined}
      nowMs={0}
      onRename={() => Promise.resolve(undefined)}
      onNameDevice={() => Promise.resolve(undefined)}
    />
  ))

const offered = (): readonly string[] =>
  screen.queryAllByRole("menuitem", { hidden: true }).map(item => item.textContent)
const press = (name: string, role = "button"): void => {
  fireEvent.click(screen.getAllByRole(role, { name, hidden: true }).at(-1) as HTMLElement)
}

describe("a member's screen", () => {
  it("[U24] offers what would count, and nothing else", () => {
    const everything = { remove: true, suspend: true, resume: true, makeMain: true }
    show(
      member("Ben", {
        devices: [device("phone", { may: everything })],
        may: { remove: true, giveRoles: ["user"] },
      }),
    )
    expect(offered()).toEqual(["Rename", "Make it my main device", "Lift the pause", "Pause", "Remove"])
    expect(screen.getAllByRole("option").map(option => option.textContent)).toEqual([
      "Can edit everything",
      "Member",
    ])
    expect(screen.queryByText("Remove from the family")).not.toBe(null)
    cleanup()
    // An editor who looks at another: there is nothing to press.
    show(member("Ben"), { ...self, role: "editor" })
    expect([offered(), screen.queryAllByRole("option"), screen.queryAllByRole("button")]).toEqual([
      [],
      [],
      [],
    ])
    cleanup()
    show(member("Ben", { isYou: true }), { ...self, isSuspended: true, mayAddDevice: false })
    expect([offered(), screen.queryAllByRole("textbox"), screen.queryAllByRole("link").length]).toEqual([
      [],
      [],
      1,
    ])
  })

  it("[U24a] each device says what it can read, where there is something to tell apart", () => {
    const circle = (id: string, more: object) =>
      ({
        id,
        name: "",
        isEveryone: false,
        isRead: true,
        isOnlyMe: false,
        ...more,
      }) as unknown as Membership["circles"][number]
    const circles = [circle("e", { isEveryone: true }), circle("a", { name: "Adults" })]
    const reads = (...ids: string[]) => ids as unknown as DeviceView["reads"]
    const ben = member("Ben", {
      devices: [
        device("phone", { kind: "iPhone", reads: reads("e", "a") }),
        device("tablet", { isSuspended: true }),
      ],
    })
    show(ben, self, circles)
    expect(screen.queryByText("iPhone · Not seen yet · Can read: The whole family and Adults")).not.toBe(null)
    expect(screen.queryByText("Not seen yet · Can read nothing new")).not.toBe(null)
    cleanup()
    show(ben, self, circles.slice(0, 1))
    expect(screen.queryByText(/Can read/)).toBe(null)
    cleanup()
    show(member("Box", { kind: "box" }), self)
    expect(screen.getByRole<HTMLInputElement>("textbox").value).toBe("Box")
  })

  it("[U24] says why there is nothing to press: rank, or the role of who looks", () => {
    show(member("Anna"))
    expect(screen.queryByText(/Anna came into the family before you/)).not.toBe(null)
    cleanup()
    show(member("Anna"), { ...self, role: "editor" })
    expect(screen.queryByText(/Only somebody who looks after the family/)).not.toBe(null)
    cleanup()
    show(member("Anna", { may: { remove: true, giveRoles: [] } }))
    expect(screen.queryByText(/came into the family before you/)).toBe(null)
  })

  it("[U24] says why one's own device that comes before this one cannot be removed", () => {
    show(member("Anna", { isYou: true, devices: [device("old"), device("new", { isHere: true })] }))
    expect(screen.queryByText(/“old” comes before this device/)).not.toBe(null)
  })

  it("[U25] a pause says beforehand what it means, is shown, and is lifted again", async () => {
    show(member("Ben", { devices: [device("phone", { may: { ...refused, suspend: true } })] }))
    press("Pause", "menuitem")
    expect(screen.queryByText(/what it writes waits until the pause is lifted/)).not.toBe(null)
    press("Pause")
    await waitFor(() => expect(called).toEqual([["suspendDevice", { device: "phone" }]]))
    cleanup()
    const paused = device("phone", { isSuspended: true, may: { ...refused, suspend: true, resume: true } })
    show(member("Ben", { devices: [paused] }))
    expect(screen.queryByText("Paused")).not.toBe(null)
    expect(offered()).not.toContain("Pause")
    press("Lift the pause", "menuitem")
    await waitFor(() => expect(called.at(-1)).toEqual(["resumeDevice", { device: "phone" }]))
  })

  it("[U25] what a paused device wrote is shown as such, for whoever may take it over", () => {
    const late = {
      id: "1",
      area: "ledger",
      document: "2026",
      device: "phone" as DeviceView["id"],
      member: "Ben" as MemberView["id"],
      changes: 2,
      isHeld: true,
    } as const
    const membership: Membership = { familyName: "Home", circles: [], members: [member("Ben")] }
    inLanguage(() => <LateEdits late={[late]} canDecide membership={membership} calls={calls} />)
    expect(screen.queryByText(/That device is paused/)).not.toBe(null)
    expect(screen.queryAllByRole("button")).toHaveLength(2)
    cleanup()
    inLanguage(() => <LateEdits late={[late]} canDecide={false} membership={membership} calls={calls} />)
    expect(screen.queryAllByRole("button")).toHaveLength(0)
  })
})

describe("who came and went", () => {
  const line = (operation: string, act: AccessLineView["act"], more: Partial<AccessLineView> = {}) =>
    ({
      operation,
      by: "d",
      byMember: "Anna",
      act,
      whyVoid: undefined,
      isGenuine: true,
      heardAtMs: undefined,
      ...more,
    }) as unknown as AccessLineView
  const membership: Membership = { familyName: "Home", circles: [], members: [member("Anna"), member("Ben")] }
  const showLog = (lines: readonly AccessLineView[]) =>
    inLanguage(() => (
      <AccessScreen
        membership={membership}
        calls={{ accessLog: () => Promise.resolve({ ok: true, value: lines }) }}
      />
    ))
  const removed = line("2", { type: "memberRemoved", member: "Ben" as never })

  it("[U26] tells in words who did what to whom, the newest first, and what does not count with what stands against it", async () => {
    const lines = [
      line("1", { type: "founded", member: "Anna" as never, device: "Anna's phone" as never }),
      { ...removed, heardAtMs: new Date(2026, 10, 21, 9).getTime() },
      line(
        "3",
        { type: "deviceSuspended", member: "Anna" as never, device: "Anna's phone" as never },
        { byMember: "Ben" as never, whyVoid: { type: "Sealed", by: "2" as never } },
      ),
    ]
    showLog(lines)
    await waitFor(() => expect(screen.queryAllByRole("listitem")).toHaveLength(3))
    expect([...document.querySelectorAll(".row-title")].map(title => title.textContent)).toEqual([
      "Ben paused the device “Anna's phone” (Anna).",
      "Anna removed Ben.",
      "Anna founded the family.",
    ])
    expect(screen.queryByText("Does not count")).not.toBe(null)
    // Of what was before this device came nobody here knows the day.
    expect([...document.querySelectorAll(".row-detail")].map(detail => detail.textContent)).toEqual([
      "Because of this: Anna removed Ben.",
      "Nov 21, 2026",
    ])
    expect(screen.queryByText("Because of this: Anna removed Ben.")).not.toBe(null)
    expect(screen.queryByText(/3 entries, all checked again/)).not.toBe(null)
  })

  it("[U26] warns when a line is not what its author made", async () => {
    showLog([{ ...removed, isGenuine: false }])
    await waitFor(() => expect(screen.queryByText(/Do not rely on this list/)).not.toBe(null))
  })
})
