import * as A from "@automerge/automerge"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { documentsOf, parseCatalogue } from "./catalogue.js"
import {
  addList,
  addNote,
  addRoom,
  editList,
  editNoteEntry,
  editRoom,
  markMoved,
  noteChatMonth,
  noteLedgerYear,
} from "./catalogue-commands.js"
import { chatMonthOf, deleteMessage, editMessage, parseChat, react, sendMessage } from "./chat.js"
import { familyListName, familyRoomId } from "./fixed-steps.js"
import {
  addAttachment,
  addChecklistItem,
  editBody,
  editChecklistItem,
  importBody,
  parseNote,
  removeAttachment,
  removeChecklistItem,
} from "./notes.js"
import { orderBetween } from "./order.js"
import { editProfile, nameDevice, parseProfile, setAddresses } from "./profile.js"
import { after, anna, ben, device, forkOf, mergeOf, must, refusal } from "./samples.js"

describe("the catalogue", () => {
  it("[D15] names every document of the family, the family's list and room from the first day", () => {
    const fresh = must(parseCatalogue(device("catalogue", "11")))
    expect([...fresh.lists.keys(), ...fresh.rooms.keys()]).toEqual([familyListName, familyRoomId])
    let doc = after(device("catalogue", "11"), draft => noteLedgerYear(draft, "2026"))
    doc = after(doc, draft => noteChatMonth(draft, familyRoomId, "2026-11"))
    doc = after(doc, draft => addNote(draft, { id: "n1", title: "Garden", tags: ["green"], by: anna }))
    doc = after(doc, draft =>
      addList(draft, { id: "l1", title: "Shopping", kind: "shopping", colour: "red", by: anna }),
    )
    doc = after(doc, draft => addRoom(draft, { id: "r1", title: "Kitchen", by: anna }))
    doc = after(doc, draft => editRoom(draft, "r1", { title: "Cooks" }))
    doc = after(doc, draft => editList(draft, "l1", { archived: true }))
    const catalogue = must(parseCatalogue(doc))
    expect(catalogue.rooms.get("r1")).toMatchObject({ title: "Cooks", createdBy: anna.author })
    expect(catalogue.lists.get("l1")).toMatchObject({ kind: "shopping", archived: true })
    expect(documentsOf(catalogue).map(({ area, name }) => `${area}/${name}`)).toEqual([
      "catalogue/",
      "book/",
      "ledger/2026",
      "notes/n1",
      "plans/family",
      "plans/l1",
      `chat/${familyRoomId}/2026-11`,
    ])
    expect(refusal(doc, draft => noteLedgerYear(draft, "26"))).toMatchObject({ field: "year" })
    expect(refusal(doc, draft => noteChatMonth(draft, familyRoomId, "2026-13"))).toMatchObject({
      field: "month",
    })
  })

  it("[D15] two devices that name the same year and month write the same thing", () => {
    const name = (byte: string) =>
      after(
        after(device("catalogue", byte), draft => noteLedgerYear(draft, "2026")),
        draft => noteChatMonth(draft, familyRoomId, "2026-11"),
      )
    const merged = must(parseCatalogue(mergeOf(name("11"), name("22"))))
    expect([merged.ledgerYears, merged.rooms.get(familyRoomId)?.months]).toEqual([["2026"], ["2026-11"]])
  })

  it("[D15a] what was moved to another circle is in no list, and stands among the moved", () => {
    const doc = after(device("catalogue", "11"), draft =>
      addNote(draft, { id: "n1", title: "Garden", tags: [], by: anna }),
    )
    const listed = after(doc, draft =>
      addList(draft, { id: "l1", title: "Hut", kind: "trip", colour: "", by: anna }),
    )
    const away = after(listed, draft => {
      const note = markMoved(draft, { kind: "note", id: "n1" }, { circle: "c2", by: ben })
      return note.ok ? markMoved(draft, { kind: "list", id: "l1" }, { circle: "c2", by: ben }) : note
    })
    const catalogue = must(parseCatalogue(away))
    const where = { toCircle: "c2", by: ben.author, atMs: ben.nowMs }
    expect(catalogue.moved).toEqual([
      { kind: "note", id: "n1", title: "Garden", ...where },
      { kind: "list", id: "l1", title: "Hut", ...where },
    ])
    const named = documentsOf(catalogue).map(({ name }) => name)
    expect([named.includes("n1"), named.includes("l1")]).toEqual([false, false])
    expect(
      refusal(away, draft => markMoved(draft, { kind: "note", id: "n2" }, { circle: "c2", by: ben })),
    ).toMatchObject({ type: "NotFound" })
  })

  it("[D16] title, tags, pin and trash of a note are changed one by one", () => {
    const doc = after(device("catalogue", "11"), draft =>
      addNote(draft, { id: "n1", title: "Garden", tags: ["a"], by: anna }),
    )
    const one = after(forkOf(doc, "22"), draft =>
      editNoteEntry(draft, "n1", { tags: ["a", "b"], pinned: true }, anna),
    )
    const two = after(forkOf(doc, "33"), draft =>
      editNoteEntry(draft, "n1", { title: "Allotment", tags: ["c"], trashedAtMs: 7 }, ben),
    )
    const merged = mergeOf(one, two)
    expect(must(parseCatalogue(merged)).notes.get("n1")).toMatchObject({
      title: "Allotment",
      tags: ["b", "c"],
      pinned: true,
      trashedAtMs: 7,
      createdBy: anna.author,
    })
    const back = after(merged, draft => editNoteEntry(draft, "n1", { trashedAtMs: undefined }, anna))
    expect(must(parseCatalogue(back)).notes.get("n1")?.trashedAtMs).toBeUndefined()
    expect(refusal(doc, draft => editNoteEntry(draft, "n2", {}, anna))).toMatchObject({ type: "NotFound" })
  })

  it("[D16] a profile has a name, a colour and a picture", () => {
    const doc = after(device("profile", "11"), draft =>
      editProfile(draft, { displayName: "Anna", colour: "teal" }),
    )
    expect(must(parseProfile(doc))).toMatchObject({ displayName: "Anna", colour: "teal", picture: "" })
    expect(refusal(doc, draft => editProfile(draft, { displayName: " " }))).toMatchObject({
      field: "displayName",
    })
  })

  it("[D19] a profile names the devices of its member; who names two names both", () => {
    const [one, two] = ["0a".repeat(32), "0b".repeat(32)]
    const doc = after(device("profile", "11"), draft =>
      nameDevice(draft, { device: one, name: "Anna's phone", kind: "iPhone" }),
    )
    const both = mergeOf(
      after(doc, draft => nameDevice(draft, { device: one, name: "Old phone" })),
      after(forkOf(doc, "22"), draft => nameDevice(draft, { device: two, name: "平板" })),
    )
    const { devices, deviceKinds, issues, displayName } = must(parseProfile(both))
    expect([...deviceKinds]).toEqual([[one, "iPhone"]])
    expect([...devices].sort()).toEqual([
      [one, "Old phone"],
      [two, "平板"],
    ])
    expect([issues, displayName]).toEqual([[], ""])
    for (const [device_, name, field] of [
      [one, " ", "name"],
      [one, "x".repeat(201), "name"],
      ["../x", "name", "device"],
    ] as const)
      expect(
        refusal(device("profile", "11"), draft => nameDevice(draft, { device: device_, name })),
      ).toMatchObject({ field })
    type Root = Record<string, Record<string, unknown>>
    const emptied = A.change(device("profile", "11") as A.Doc<Root>, root => {
      const profile = root["profile"]
      if (profile === undefined) return
      profile[`device/${one}`] = new A.ImmutableString("")
      profile[`kind/${one}`] = new A.ImmutableString("wristwatch")
    })
    const read = must(parseProfile(emptied))
    expect(read.deviceKinds.size).toBe(0)
    expect([read.devices.size, read.issues.map(({ path }) => path)]).toEqual([0, [`profile/device/${one}`]])
  })

  it("[D17] a box's profile says where it listens; a new list replaces the old one", () => {
    const both = ["ws://192.168.1.9:7777", "wss://box.example:443"]
    const doc = after(device("profile", "11"), draft => setAddresses(draft, both))
    expect(must(parseProfile(doc))).toMatchObject({ addresses: both, issues: [] })
    const moved = after(doc, draft => setAddresses(draft, ["ws://10.0.0.2:7777"]))
    expect(must(parseProfile(moved))).toMatchObject({ addresses: ["ws://10.0.0.2:7777"], issues: [] })
    const fits = `ws://${"a".repeat(251)}`
    expect(must(parseProfile(after(moved, draft => setAddresses(draft, [fits])))).addresses).toEqual([fits])
    for (const wrong of [
      ["http://192.168.1.9"],
      ["ws://"],
      ["ws://a b"],
      ["ws://ä"],
      [`${fits}a`],
      Array.from({ length: 9 }, (_, port) => `ws://10.0.0.2:${port}`),
    ])
      expect(refusal(device("profile", "11"), draft => setAddresses(draft, wrong))).toMatchObject({
        field: "addresses",
      })
    expect(refusal(device("notes", "11"), draft => setAddresses(draft, []))).toEqual({ type: "NotADocument" })
  })

  it("[D17] addresses that are none are reported and skipped, and no more than eight are read", () => {
    type Root = Record<string, Record<string, unknown>>
    const doc = A.change(device("profile", "11") as A.Doc<Root>, root => {
      const profile = root["profile"]
      if (profile === undefined) return
      const texts = [
        "javascript:alert(1)",
        `ws://${"a".repeat(252)}`,
        ...Array.from({ length: 9 }, () => "ws://a"),
      ]
      for (const [index, text] of texts.entries()) profile[`address/${index}`] = new A.ImmutableString(text)
    })
    const { addresses, issues } = must(parseProfile(doc))
    expect(addresses).toEqual(Array.from({ length: 6 }, () => "ws://a"))
    expect(issues.map(({ path }) => path)).toEqual(["profile/address/0", "profile/address/1"])
  })
})

describe("notes", () => {
  it("[D30] what two people type at once stands there together", () => {
    const doc = after(device("notes", "11"), draft => editBody(draft, "milk, bread"))
    const one = after(forkOf(doc, "22"), draft => editBody(draft, "oat milk, bread"))
    const two = after(forkOf(doc, "33"), draft => editBody(draft, "milk, bread, 茶"))
    expect(must(parseNote(mergeOf(one, two))).body).toBe("oat milk, bread, 茶")
  })

  it("[D31] an import fills an empty note once, and never one that somebody wrote in", () => {
    const input = { text: "from the file", format: "markdown", properties: { mood: "good" } }
    const filled = after(device("notes", "11"), draft => importBody(draft, input))
    const again = after(
      after(filled, draft => editBody(draft, "")),
      draft => importBody(draft, input),
    )
    expect(must(parseNote(again)).body).toBe("")
    const written = after(device("notes", "11"), draft => editBody(draft, "mine"))
    expect(must(parseNote(after(written, draft => importBody(draft, input)))).body).toBe("mine")
  })

  it("[D32] a checklist keeps its order everywhere, and moving an item is one write", () => {
    const add =
      (own: string, order: string, by = anna) =>
      (draft: unknown) =>
        addChecklistItem(draft, { id: own, text: own, order, by })
    const first = orderBetween(undefined, undefined)
    const last = orderBetween(first, undefined)
    let doc = after(device("notes", "11"), add("milk", first))
    doc = after(doc, add("bread", last))
    const one = after(forkOf(doc, "22"), add("tea", orderBetween(first, last)))
    const two = after(forkOf(doc, "33"), add("eggs", orderBetween(first, last), ben))
    const ticked = after(two, draft => editChecklistItem(draft, "milk", { done: true }))
    for (const merged of [mergeOf(one, ticked), mergeOf(ticked, one)]) {
      const { checklist } = must(parseNote(merged))
      expect(checklist.map(({ id, done }) => `${id}${done ? "!" : ""}`)).toEqual([
        "milk!",
        "eggs",
        "tea",
        "bread",
      ])
    }
    const moved = after(doc, draft =>
      editChecklistItem(draft, "bread", { order: orderBetween(undefined, first) }),
    )
    expect(must(parseNote(moved)).checklist.map(({ id }) => id)).toEqual(["bread", "milk"])
    expect(refusal(moved, draft => editChecklistItem(draft, "salt", { done: true }))).toMatchObject({
      type: "NotFound",
    })
    expect(must(parseNote(after(moved, draft => removeChecklistItem(draft, "milk")))).checklist).toHaveLength(
      1,
    )
  })

  it("[D32] there is always room between two orders", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 60 }), positions => {
        const orders: string[] = []
        for (const position of positions) {
          const index = position % (orders.length + 1)
          const [before, next] = [orders[index - 1], orders[index]]
          const order = orderBetween(before, next)
          expect(before === undefined || before < order).toBe(true)
          expect(next === undefined || order < next).toBe(true)
          orders.splice(index, 0, order)
        }
      }),
    )
    expect(orderBetween("V", "V") > "V").toBe(true)
  })

  it("[D33] attachments are names of blobs, with type and size", () => {
    const attachment = { id: "a1", name: "plan.pdf", mediaType: "application/pdf", sizeBytes: 12, blob: "b1" }
    const doc = after(device("notes", "11"), draft => addAttachment(draft, attachment))
    expect(must(parseNote(doc)).attachments.get("a1")).toEqual(attachment)
    expect(
      refusal(doc, draft => addAttachment(draft, { ...attachment, id: "a2", sizeBytes: -1 })),
    ).toMatchObject({ field: "sizeBytes" })
    expect(must(parseNote(after(doc, draft => removeAttachment(draft, "a1")))).attachments.size).toBe(0)
  })
})

describe("chat", () => {
  const hello = () =>
    after(device("chat", "11"), draft => sendMessage(draft, { id: "m1", text: "hello", by: anna }))
  const first = (doc: unknown) => must(parseChat(doc)).messages[0]

  it("[D60] messages stand in the order of sending, the same on every device", () => {
    const doc = hello()
    const one = after(forkOf(doc, "22"), draft =>
      sendMessage(draft, { id: "m3", text: "c", replyTo: "m1", by: ben }),
    )
    const two = after(forkOf(doc, "33"), draft => sendMessage(draft, { id: "m2", text: "b", by: ben }))
    for (const merged of [mergeOf(one, two), mergeOf(two, one)])
      expect(must(parseChat(merged)).messages.map(({ id, replyTo }) => [id, replyTo])).toEqual([
        ["m1", undefined],
        ["m2", undefined],
        ["m3", "m1"],
      ])
    expect(chatMonthOf(Date.UTC(2026, 10, 30, 23, 59))).toBe("2026-11")
    expect(refusal(hello(), draft => sendMessage(draft, { id: "m1", text: "x", by: ben }))).toMatchObject({
      type: "AlreadyExists",
    })
    expect(refusal(hello(), draft => sendMessage(draft, { id: "m9", text: "  ", by: ben }))).toMatchObject({
      field: "text",
    })
  })

  it("[D61] only the author edits or deletes; a deleted message keeps its place without its text", () => {
    for (const command of [editMessage, deleteMessage])
      expect(refusal(hello(), draft => command(draft, { id: "m1", text: "x", by: ben }))).toEqual({
        type: "NotAuthor",
      })
    expect(
      first(after(hello(), draft => editMessage(draft, { id: "m1", text: "hi", by: anna }))),
    ).toMatchObject({ text: "hi", editedAtMs: anna.nowMs })
    const doc = hello()
    const removed = after(forkOf(doc, "22"), draft => deleteMessage(draft, { id: "m1", by: anna }))
    const changed = after(forkOf(doc, "33"), draft =>
      editMessage(draft, { id: "m1", text: "again", by: anna }),
    )
    for (const merged of [mergeOf(removed, changed), mergeOf(changed, removed)])
      expect(first(merged)).toMatchObject({ id: "m1", text: "", deletedAtMs: anna.nowMs })
  })

  it("[D62] reactions of two who never saw each other's both count, and one takes back only one's own", () => {
    const doc = hello()
    const one = after(forkOf(doc, "22"), draft => react(draft, { id: "m1", emoji: "👍", on: true, by: anna }))
    const two = after(forkOf(doc, "33"), draft => react(draft, { id: "m1", emoji: "👍", on: true, by: ben }))
    const both = mergeOf(one, two)
    expect([...(first(both)?.reactions ?? [])]).toEqual([["👍", [anna.author, ben.author]]])
    const back = after(both, draft => react(draft, { id: "m1", emoji: "👍", on: false, by: ben }))
    expect([...(first(back)?.reactions ?? [])]).toEqual([["👍", [anna.author]]])
    expect(refusal(doc, draft => react(draft, { id: "m2", emoji: "👍", on: true, by: ben }))).toMatchObject({
      type: "NotFound",
    })
  })
})
