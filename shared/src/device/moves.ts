import { type CircleId, type DocumentName, type MemberId, type Result, err, ok } from "../base/index.js"
import { documentIdOf, may, movedNameOf } from "../access/index.js"
import {
  type By,
  type Catalogue,
  type CommandResult,
  addList,
  addNote,
  editNoteEntry,
  familyListName,
  markMoved,
  parseCatalogue,
} from "../documents/index.js"
import type { MoveError, Replica } from "../replica/index.js"
import type { LocalDevice } from "./local-device.js"

type Holder = Pick<LocalDevice, "replica" | "sealer">

/** What people take to another circle: a note, or a list of events, tasks or things to buy, or a trip. */
export interface Movable {
  readonly kind: "note" | "list"
  readonly id: string
}

export type MoveItemError =
  | MoveError
  /** The catalogue of one of the circles may not be written by this device. */
  | { readonly type: "NotAllowed" }
  | { readonly type: "NotFound" }

const catalogueName: DocumentName = { area: "catalogue", name: "" }

const readCatalogue = (replica: Replica, circle: CircleId): Promise<Catalogue | undefined> =>
  replica.read(replica.keyFor("catalogue", "", circle), doc => {
    const parsed = parseCatalogue(doc)
    return parsed.ok ? parsed.value : undefined
  })

const mayList = ({ replica, sealer }: Holder, circle: CircleId): boolean =>
  may(replica.session.state(), replica.device, "write", {
    circle,
    document: documentIdOf(replica.group, circle, catalogueName, sealer.hash),
    ...catalogueName,
  })

/** Persons who read the one circle and not the other: they keep what they have, and see no more of it. */
export const leftBehindBy = (
  { replica }: Pick<Holder, "replica">,
  from: CircleId,
  to: CircleId,
): readonly MemberId[] => {
  const { circles, members } = replica.session.state()
  const there = circles.get(to)?.members
  return [...(circles.get(from)?.members ?? [])].filter(
    member => members.get(member)?.kind === "person" && there?.has(member) !== true,
  )
}

/** The entry of a note or a list as it stands in the new circle. Who made it stays who made it. */
const enter = (
  draft: unknown,
  catalogue: Catalogue,
  item: Movable,
  id: string,
  by: By,
): CommandResult | undefined => {
  const note = item.kind === "note" ? catalogue.notes.get(item.id) : undefined
  if (note !== undefined) {
    const { title, tags, createdAtMs, createdBy, updatedAtMs, pinned } = note
    const times = { createdAtMs, ...(updatedAtMs === undefined ? {} : { updatedAtMs }) }
    const added = addNote(draft, { id, title, tags, by: { ...by, author: createdBy }, ...times })
    return added.ok && pinned ? editNoteEntry(draft, id, { pinned }, by) : added
  }
  const list = item.kind === "list" ? catalogue.lists.get(item.id) : undefined
  if (list === undefined) return undefined
  const { title, kind, colour, createdBy } = list
  return addList(draft, { id, title, kind, colour, by: { ...by, author: createdBy ?? by.author } })
}

/**
 * Takes a note or a list to another circle: the move in the log, its entry there, and the mark on its entry here, in
 * this order. What a crash left half done, the same call completes. Gives its id in the new circle.
 */
export const moveItem = async (
  device: Holder,
  item: Movable,
  circles: { readonly from: CircleId; readonly to: CircleId },
  by: By,
): Promise<Result<string, MoveItemError>> => {
  const { replica, sealer } = device
  const { from, to } = circles
  const catalogue = await readCatalogue(replica, from)
  const isThere = (item.kind === "note" ? catalogue?.notes : catalogue?.lists)?.has(item.id) === true
  if (catalogue === undefined || !isThere) return err({ type: "NotFound" })
  // The family's own list is there from the first day, and in every circle.
  if (item.kind === "list" && item.id === familyListName) return err({ type: "NotMovable" })
  if (from !== to && !(mayList(device, from) && mayList(device, to))) return err({ type: "NotAllowed" })
  const key = replica.keyFor(item.kind === "note" ? "notes" : "plans", item.id, from)
  const moved = await replica.move(key, to)
  const isBegun = replica.session.state().moves.get(key.id)?.[0]?.toCircle === to
  if (!moved.ok && !isBegun) return moved
  const id = movedNameOf(key.id, to, sealer.hash)
  const entered = await replica.change(replica.keyFor("catalogue", "", to), draft =>
    enter(draft, catalogue, item, id, by),
  )
  if (!entered.ok) return entered
  const marked = await replica.change(replica.keyFor("catalogue", "", from), draft =>
    markMoved(draft, item, { circle: to, by }),
  )
  return marked.ok ? ok(id) : marked
}
