import type { CircleId, MemberId } from "@home/shared/base"
import { type Result, ok } from "@home/shared/base"
import type { Catalogue } from "@home/shared/documents"
import { type MoveItemError, labelOfMember, leftBehindBy, moveItem, shownCircles } from "@home/shared/device"
import type { OpenDevice } from "../profile/device.js"
import { readCatalogue } from "./areas.js"
import { type Failure, fail } from "./failure.js"
import { findByTitle } from "./find.js"
import type { Home, Outcome } from "./home.js"
import { circleName, findCircle, withPlace } from "./place.js"
import { actFailure } from "./refusals.js"
import { requireMembership } from "./with-device.js"
import { byOf } from "./writing.js"

const moveFailure = (error: MoveItemError): Failure => {
  switch (error.type) {
    case "Refused":
      return error.reason === "RoleTooLow"
        ? {
            kind: "refused",
            message:
              "only editors and admins take something away from others: ask one of them (from a circle of your own you may)",
            details: { reason: error.reason },
          }
        : actFailure(error)
    case "NotAllowed":
      return { kind: "refused", message: "your role does not allow writing in one of the two circles" }
    case "NotMovable":
      return {
        kind: "usage",
        message: "the family's own list stays where it is: make another one and move that",
      }
    case "NotHere":
      return {
        kind: "refused",
        message: 'some of it is not on this device yet: run "home sync --once" and try again',
      }
    case "TooLarge":
      return { kind: "refused", message: "it is too large to be moved: export it and import it there" }
    case "NotFound":
      return { kind: "usage", message: "it is not there any more" }
  }
}

const findMovable = (catalogue: Catalogue, text: string) =>
  findByTitle(
    [
      ...[...catalogue.notes.values()]
        .filter(({ trashedAtMs }) => trashedAtMs === undefined)
        .map(({ id, title }) => ({ kind: "note" as const, id, title })),
      ...[...catalogue.lists.values()].map(({ id, title }) => ({ kind: "list" as const, id, title })),
    ],
    text,
    "note or list",
  )

const labels = async (device: OpenDevice, members: readonly MemberId[]) => {
  const found: { readonly member: MemberId; readonly name: string }[] = []
  for (const member of members) found.push({ member, name: await labelOfMember(device, member) })
  return found
}

const said = (names: readonly string[]): string =>
  names.length === 0
    ? "nobody loses sight of it"
    : `${names.join(", ")} ${names.length === 1 ? "keeps" : "keep"} the copy as it is now and will see no more changes`

export interface MoveOptions {
  /** A note or a list by its title or the beginning of its id. */
  readonly item: string
  readonly to: string
  /** Where it is; Everyone if left out. */
  readonly circle: string | undefined
}

export const moveToCircle = (home: Home, options: MoveOptions): Outcome =>
  withPlace(home, options.circle, async place => {
    const { device, circle: from } = place
    const live = requireMembership(device)
    if (!live.ok) return live
    const to = await findCircle(device, options.to)
    if (!to.ok) return to
    if (to.value.id === from) return fail("usage", "it is in that circle already")
    if (!to.value.isRead)
      return fail(
        "refused",
        "this device does not read that circle: somebody who does has to move it there",
        {
          reason: "CircleNotRead",
        },
      )
    const catalogue = await readCatalogue(place)
    if (!catalogue.ok) return catalogue
    const item = findMovable(catalogue.value, options.item)
    if (!item.ok) return item
    const { kind, id, title } = item.value
    const kept = await labels(device, leftBehindBy(device, from, to.value.id))
    const moved = await moveItem(device, { kind, id }, { from, to: to.value.id }, byOf(home, device))
    if (!moved.ok) return { ok: false, error: moveFailure(moved.error) }
    home.result(
      { moved: id, kind, title, id: moved.value, from, circle: to.value.id, kept },
      `${title} is now in ${circleName(to.value) || to.value.id.slice(0, 8)} (${moved.value.slice(0, 8)}); ${said(kept.map(({ name }) => name))}`,
    )
    return ok(undefined)
  })

/** What went away from a circle, for who still reads that one. */
export const listMoved = (home: Home, circle: string | undefined): Outcome =>
  withPlace(home, circle, async place => {
    const catalogue = await readCatalogue(place)
    if (!catalogue.ok) return catalogue
    for (const { kind, id, title, toCircle, by, atMs } of catalogue.value.moved) {
      const to = (await shownCircles(place.device)).find(each => each.id === (toCircle as CircleId))
      const name = await labelOfMember(place.device, by as MemberId)
      const reads = to?.isRead === true
      const where = to === undefined ? "" : circleName(to)
      home.result(
        { moved: id, kind, title, circle: toCircle, reads, by, name, atMs },
        reads
          ? `${id.slice(0, 8)}  ${title}: ${name} moved it to ${where || toCircle.slice(0, 8)}, where you go on reading it`
          : `${id.slice(0, 8)}  ${title}: ${name} moved it to a circle without you; this device keeps it as it was, and gets no changes`,
      )
    }
    return ok(undefined)
  })

/** One that was moved, for who looks for it where it was. */
export const findMoved = (
  catalogue: Catalogue,
  kind: "note" | "list",
  text: string,
): Result<Catalogue["moved"][number], Failure> =>
  findByTitle(
    catalogue.moved.filter(item => item.kind === kind),
    text,
    kind,
  )
