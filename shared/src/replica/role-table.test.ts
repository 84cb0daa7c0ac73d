import * as A from "@automerge/automerge"
import { beforeAll, describe, expect, it } from "vitest"
import type { Area } from "../base/index.js"
import { type Role, nothingTaken, profileNameOf } from "../access/index.js"
import { createDocument } from "../documents/areas.js"
import { type ForgedParts, type Forger, createForger } from "../testing/forger.js"
import { memberOf, plainFamily } from "../testing/on-node/plain-family.js"
import type { TestDevice } from "../testing/test-family.js"
import type { DocumentKey } from "./documents.js"

const world = plainFamily(71)
let anna: TestDevice
let cleo: TestDevice
let box: TestDevice

type Author = Role | "suspended" | "removed" | "box"
interface Cheat {
  readonly device: TestDevice
  readonly forger: Forger
  /** Of the time before he was suspended or removed: what he goes on with. */
  readonly before?: Pick<ForgedParts, "key" | "groupHeads">
}
const authors = new Map<Author, Cheat>()
const authorOf = (author: Author) => {
  const found = authors.get(author)
  if (found === undefined) throw new Error(`no ${author}`)
  return found
}

/** A guest reads nothing by himself: an admin takes him into Everyone. */
const takeIn = async (guest: TestDevice): Promise<void> => {
  const circle = anna.replica.everyone()
  const { id, keys } = guest.identity
  const taken = await anna.replica.act(author =>
    Promise.resolve({
      type: "circle",
      circle,
      add: [memberOf(guest)],
      remove: [],
      wraps: author.wrapsFor(id, keys.wrap, [circle]),
      taking: nothingTaken,
    }),
  )
  if (!taken.ok) throw new Error(taken.error.reason)
}

beforeAll(async () => {
  anna = await world.found("Anna")
  cleo = await world.join(anna, "Cleo", "editor")
  box = await world.join(anna, "Box", "box")
  const roles = ["admin", "editor", "user", "guest"] as const
  for (const role of roles) {
    const device = await world.join(anna, role, role)
    if (role === "guest") await takeIn(device)
    await world.sync(anna, device)
    authors.set(role, { device, forger: await createForger(world, device) })
  }
  for (const fate of ["suspended", "removed"] as const) {
    const device = await world.join(anna, fate, "admin")
    await world.sync(anna, device)
    const { session } = device.replica
    const sealing = session.keyring.sealingKey(session.state(), device.replica.everyone())
    if (sealing === undefined) throw new Error("no key")
    const before = { key: sealing.key, groupHeads: session.log.heads() }
    authors.set(fate, { device, forger: await createForger(world, device), before })
    const { id } = device.identity
    const done = await anna.replica.act(author =>
      fate === "removed" ? author.removeDevice(id) : author.suspend(id),
    )
    if (!done.ok) throw new Error(done.error.reason)
  }
  authors.set("box", { device: box, forger: await createForger(world, box) })
  for (const device of [cleo, box, ...[...authors.values()].map(each => each.device)]) {
    const isGone = device === authorOf("removed").device
    if (!isGone) await world.sync(anna, device)
  }
})

const key = (area: Area, name: string): DocumentKey => anna.replica.keyFor(area, name)

/** The author's own program writes into the document without asking what his device would say. */
const forge = async (author: Author, document: DocumentKey, kind: "changes" | "snapshot") => {
  const { forger, before } = authorOf(author)
  const doc = A.clone(createDocument(document.area), { actor: forger.actor(document) })
  const text = `by ${author}`
  const changed = A.change(doc, { time: 0 }, draft => {
    ;(draft as Record<string, unknown>)[text] = true
  })
  const change = A.getLastLocalChange(changed)
  if (change === undefined) throw new Error("nothing was changed")
  const what = kind === "changes" ? { changes: [change] } : { kind, payload: A.save(changed) }
  const sealed = await forger.seal(document, { ...what, ...before })
  return { ...sealed, text }
}

/** Who of the three receivers lets it count. */
const takenBy = async (
  author: Author,
  document: DocumentKey,
  kind: "changes" | "snapshot" = "changes",
): Promise<readonly string[]> => {
  const { bytes, text } = await forge(author, document, kind)
  const taken: string[] = []
  for (const receiver of [anna, cleo, box]) {
    await receiver.replica.receive([bytes])
    const isIn = await receiver.replica.read(document, doc => text in (doc as unknown as object))
    if (isIn) taken.push(receiver.name)
  }
  return taken
}

const everybody = ["Anna", "Cleo", "Box"]
const insiders = ["admin", "editor", "user"] as const

/** Per area who may write into it, by the table; whoever is not named may not. */
const table: readonly { readonly area: Area; readonly name: string; readonly may: readonly Author[] }[] = [
  { area: "catalogue", name: "", may: insiders },
  { area: "book", name: "", may: insiders },
  { area: "ledger", name: "2026", may: insiders },
  { area: "notes", name: "ab".repeat(16), may: insiders },
  { area: "plans", name: "cd".repeat(16), may: insiders },
  { area: "chat", name: "ef".repeat(16), may: [...insiders, "guest"] },
]
const all: readonly Author[] = ["admin", "editor", "user", "guest", "suspended", "removed", "box"]

describe("what an author's own program sends, by his role", () => {
  it.each(table)("[P50a] into $area counts for every receiver, or for none", async ({ area, name, may }) => {
    for (const author of all) {
      const counted = await takenBy(author, key(area, name))
      expect([author, counted]).toEqual([author, may.includes(author) ? everybody : []])
    }
  })

  it("[P50a] into a profile: its member's and the admins'", async () => {
    const user = profileNameOf(memberOf(authorOf("user").device))
    for (const author of all) {
      const counted = await takenBy(author, key("profile", user))
      expect([author, counted]).toEqual([author, author === "user" || author === "admin" ? everybody : []])
    }
  })

  it("[P50b] a document's policy is asked by every receiver: users stopped, a guest invited", async () => {
    const document = key("notes", "05".repeat(16))
    const change = {
      type: "docPolicy",
      circle: document.circle,
      document: document.id,
      usersWrite: false,
      invited: [memberOf(authorOf("guest").device)],
    } as const
    const set = await anna.replica.act(async author => ({ ...change, taking: await author.taking(change) }))
    expect(set.ok).toBe(true)
    const there = [cleo, box, ...insiders.map(role => authorOf(role).device), authorOf("guest").device]
    for (const device of there) await world.sync(anna, device)
    const may: readonly Author[] = ["admin", "editor", "guest"]
    for (const author of all) {
      const counted = await takenBy(author, document)
      expect([author, counted]).toEqual([author, may.includes(author) ? everybody : []])
    }
  })

  it("[P50c] as a whole document: the admins' and the box's", async () => {
    for (const author of all) {
      // Each into a document of its own: a contested one makes receivers ask for the originals.
      const document = key("notes", author.padEnd(32, "_"))
      const counted = await takenBy(author, document, "snapshot")
      expect([author, counted]).toEqual([author, author === "admin" || author === "box" ? everybody : []])
    }
  })
})
