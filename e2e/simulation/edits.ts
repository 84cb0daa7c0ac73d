import type { CircleId } from "@home/shared/base"
import {
  type By,
  type CommandResult,
  type EntryFields,
  addAccount,
  addChecklistItem,
  addEntry,
  addNote,
  addPlan,
  deleteEntry,
  editBody,
  editProfile,
  familyListName,
  parseLedger,
  sendMessage,
  noteChatMonth,
  noteLedgerYear,
} from "@home/shared/documents"
import { type DocumentKey, type Replica, circlesReadBy } from "@home/shared/replica"
import type { SimulatedDevice } from "./device.js"
import type { World } from "./world.js"

type Command = (draft: never) => CommandResult

interface Edit {
  readonly key: DocumentKey
  readonly command: Command
}

const months = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"] as const

export const memberOf = (replica: Replica): string =>
  replica.session.state().devices.get(replica.device)?.member ?? ""

/** A circle that the device reads; `undefined`: none (a guest before anybody let him in somewhere). */
export const someCircle = (world: World, replica: Replica): CircleId | undefined => {
  const circles = circlesReadBy(replica.session.state(), replica.device)
  const everyone = replica.everyone()
  if (circles.includes(everyone) && world.chance.isLucky(0.75)) return everyone
  return world.chance.oneOf(circles)
}

const entryOf = (world: World, year: string, text: string): EntryFields => ({
  date: `${year}-${months[world.chance.below(12)]}-0${1 + world.chance.below(9)}`,
  direction: "expense",
  status: "settled",
  amountMinor: world.chance.below(100_000),
  currency: "EUR",
  account: "cash",
  payee: text,
  note: text,
  category: "",
  tags: [],
  splits: [],
  shares: {},
})

export const noteName = (world: World, number: number): string => `${world.canary}-note-${number}`

/** One edit of a kind that people make, every text a canary. `text` marks it. */
export const someEdit = (world: World, replica: Replica, circle: CircleId, text: string): Edit => {
  const { chance, clock } = world
  const by: By = { author: memberOf(replica), nowMs: clock.now() }
  const id = chance.hex(8)
  const year = chance.isLucky(0.8) ? "2026" : "2027"
  const room = `family/2026-0${1 + chance.below(2)}`
  const edits: readonly { readonly weight: number; readonly make: () => Edit }[] = [
    {
      weight: 3,
      make: () => ({
        key: replica.keyFor("ledger", year, circle),
        command: draft => addEntry(draft, { year, id, fields: entryOf(world, year, text), by }),
      }),
    },
    {
      weight: 1,
      make: () => ({
        key: replica.keyFor("ledger", year, circle),
        command: draft => {
          const ledger = parseLedger(draft)
          const entry = ledger.ok ? chance.oneOf([...ledger.value.entries.values()]) : undefined
          return deleteEntry(draft, { id: entry?.id ?? id, by })
        },
      }),
    },
    {
      weight: 3,
      make: () => ({
        key: replica.keyFor("notes", noteName(world, chance.below(3)), circle),
        command: draft => addChecklistItem(draft, { id, text, order: "m", by }),
      }),
    },
    {
      weight: 2,
      make: () => ({
        key: replica.keyFor("notes", noteName(world, chance.below(2)), circle),
        command: draft => {
          const { body } = draft as { readonly body: string }
          const at = chance.below(body.length + 1)
          return editBody(draft, `${body.slice(0, at)}${text}\n${body.slice(at)}`)
        },
      }),
    },
    {
      weight: 3,
      make: () => ({
        key: replica.keyFor("chat", room, circle),
        command: draft => sendMessage(draft, { id, text, by }),
      }),
    },
    {
      weight: 1,
      make: () => ({
        key: replica.keyFor("plans", familyListName, circle),
        command: draft =>
          addPlan(draft, {
            id,
            fields: {
              kind: "task",
              title: text,
              rdates: [],
              exdates: [],
              assignees: [],
              reminders: [],
              tags: [],
              location: "",
              url: "",
              status: "open" as never,
            },
            body: text,
            by,
          }),
      }),
    },
    {
      weight: 1,
      make: () => ({
        key: replica.keyFor("catalogue", "", circle),
        command: draft => addNote(draft, { id, title: text, tags: [], by }),
      }),
    },
    {
      weight: 1,
      make: () => ({
        key: replica.keyFor("profile", by.author, circle),
        command: draft => editProfile(draft, { displayName: text }),
      }),
    },
    {
      weight: 1,
      make: () => ({
        key: replica.keyFor("book", "", circle),
        command: draft =>
          addAccount(draft, id, {
            name: text,
            kind: "cash",
            currency: "",
            openingMinor: 0,
            archived: false,
          } as never),
      }),
    },
  ]
  return chance.weighted(edits).make()
}

/** What a device begins a month, or a year, with: the same document on every device, by name. */
export const firstOfMonth = (world: World, replica: Replica, name: string, text: string): readonly Edit[] => {
  const by: By = { author: memberOf(replica), nowMs: world.clock.now() }
  const year = `20${name.slice(0, 2)}`
  const id = world.chance.hex(8)
  const circle = replica.everyone()
  return [
    {
      key: replica.keyFor("ledger", year, circle),
      command: draft => addEntry(draft, { year, id, fields: entryOf(world, year, text), by }),
    },
    {
      key: replica.keyFor("chat", `family/${year}-01`, circle),
      command: draft => sendMessage(draft, { id, text, by }),
    },
    { key: replica.keyFor("catalogue", "", circle), command: draft => noteLedgerYear(draft, year) },
    {
      key: replica.keyFor("catalogue", "", circle),
      command: draft => noteChatMonth(draft, "0".repeat(32), `${year}-01`),
    },
  ]
}

/** A file's rows, in one change. */
export const importOf = (world: World, replica: Replica, rows: number, text: string): Edit => ({
  key: replica.keyFor("ledger", "2025", replica.everyone()),
  command: draft => {
    const by: By = { author: memberOf(replica), nowMs: world.clock.now() }
    let outcome: CommandResult = { ok: true, value: undefined }
    for (let row = 0; row < rows; row++) {
      const fields = entryOf(world, "2025", `${text} row ${row}`)
      outcome = addEntry(draft, { year: "2025", id: world.chance.hex(8), fields, by })
    }
    return outcome
  },
})

export type Outcome = "written" | "refused by role" | "pointless" | "died"

export const runEdit = async (
  world: World,
  device: SimulatedDevice,
  { key, command }: Edit,
): Promise<Outcome> => {
  const replica = device.running?.replica
  if (replica === undefined) return "died"
  const work = replica.change(key, command)
  const changed = await world.finish(`${device.name} edits ${key.area}/${key.name}`, work, device)
  if (changed === undefined) return "died"
  if (!changed.ok) return "refused by role"
  return changed.value.ok ? "written" : "pointless"
}
