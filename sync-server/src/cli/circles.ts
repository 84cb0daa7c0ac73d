import { type MemberId, type Result, err, ok } from "@home/shared/base"
import type { OperationBody } from "@home/shared/access"
import {
  type ShownCircle,
  boxMembers,
  isName,
  labelOfMember,
  makeCircle,
  nameCircle,
  shownCircles,
} from "@home/shared/device"
import type { Author } from "@home/shared/replica"
import type { OpenDevice } from "../profile/device.js"
import { type Failure, fail } from "./failure.js"
import { findMember } from "./find.js"
import type { Home, Outcome } from "./home.js"
import { circleName, everyoneName, findCircle, onlyMeName } from "./place.js"
import { actFailure } from "./refusals.js"
import { requireMembership, withDevice } from "./with-device.js"

const show = async (home: Home, device: OpenDevice, circle: ShownCircle): Promise<void> => {
  const { id, name, members, isEveryone, isOnlyMe, isRead, isBoxIn } = circle
  const labels: string[] = []
  for (const member of members) labels.push(await labelOfMember(device, member))
  const box =
    boxMembers(device).length === 0 ? "" : isBoxIn ? "; the box reads it" : "; the box cannot read it"
  const called = circleName(circle) || (isRead ? "without a name" : "a circle without you")
  home.result(
    {
      circle: id,
      name,
      everyone: isEveryone,
      onlyMe: isOnlyMe,
      reads: isRead,
      box: isBoxIn,
      members: members.map((member, i) => ({ member, name: labels[i] ?? "" })),
    },
    `${id.slice(0, 8)}  ${called}: ${labels.join(", ")}${box}`,
  )
}

export const listCircles = (home: Home): Outcome =>
  withDevice(home, async device => {
    for (const circle of await shownCircles(device)) await show(home, device, circle)
    return ok(undefined)
  })

const membersOf = async (
  device: OpenDevice,
  names: readonly string[],
): Promise<Result<readonly MemberId[], Failure>> => {
  const found: MemberId[] = []
  for (const name of names) {
    const member = await findMember(device, name)
    if (!member.ok) return member
    if (member.value.kind === "box")
      return fail("usage", `${name} is a box: "home circle box" puts it in or leaves it out`)
    found.push(member.value.id)
  }
  return ok([...new Set(found)])
}

/** A circle's name is one that no other circle has which this device reads: it is what commands find it by. */
const freeName = async (device: OpenDevice, name: string): Promise<Result<void, Failure>> => {
  if (!isName(name)) return fail("usage", "a circle's name is one line, not empty and not endless")
  const taken = [everyoneName, onlyMeName, ...(await shownCircles(device)).map(circleName)]
  return taken.some(other => other.toLowerCase() === name.trim().toLowerCase())
    ? fail("usage", `there is a circle called "${name}" already`)
    : ok(undefined)
}

/** The circle as it is after an act, for people and programs. */
const showAgain = async (home: Home, device: OpenDevice, id: ShownCircle["id"]): Outcome => {
  const circle = (await shownCircles(device)).find(each => each.id === id)
  if (circle !== undefined) await show(home, device, circle)
  return ok(undefined)
}

export interface CircleCreateOptions {
  readonly name: string
  readonly members: readonly string[]
  readonly isBoxIn: boolean
}

export const createCircle = (home: Home, options: CircleCreateOptions): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const free = await freeName(device, options.name)
    if (!free.ok) return free
    const members = await membersOf(device, options.members)
    if (!members.ok) return members
    const boxes = options.isBoxIn ? boxMembers(device) : []
    const made = await makeCircle(device, options.name.trim(), [...members.value, ...boxes])
    return made.ok ? showAgain(home, device, made.value) : err(actFailure(made.error))
  })

/** Everyone is changed by roles and removals, never by these commands. */
const changing = (
  home: Home,
  text: string,
  bodyOf: (
    device: OpenDevice,
    circle: ShownCircle,
  ) => Promise<Result<(author: Author) => Promise<OperationBody>, Failure>>,
): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const circle = await findCircle(device, text)
    if (!circle.ok) return circle
    if (circle.value.isEveryone)
      return fail(
        "usage",
        'who is in the family is in this circle: "home role" and "home remove" change that',
      )
    const body = await bodyOf(device, circle.value)
    if (!body.ok) return body
    const done = await device.replica.act(body.value)
    return done.ok ? showAgain(home, device, circle.value.id) : err(actFailure(done.error))
  })

export interface CircleMembersOptions {
  readonly circle: string
  readonly members: readonly string[]
}

export const addToCircle = (home: Home, { circle: text, members: names }: CircleMembersOptions): Outcome =>
  changing(home, text, async (device, circle) => {
    const members = await membersOf(device, names)
    if (!members.ok) return members
    return ok(author => Promise.resolve(author.listIn(circle.id, members.value)))
  })

export const removeFromCircle = (
  home: Home,
  { circle: text, members: names }: CircleMembersOptions,
): Outcome =>
  changing(home, text, async (device, circle) => {
    const members = await membersOf(device, names)
    if (!members.ok) return members
    return ok(author => author.unlistFrom(circle.id, members.value))
  })

/** Put in, a box reads the circle and helps newcomers; left out, it keeps and hands on what it cannot read. */
export const setBoxInCircle = (home: Home, text: string, where: "in" | "out"): Outcome =>
  changing(home, text, (device, circle) => {
    const listed = device.replica.session.state().circles.get(circle.id)?.members
    const boxes = boxMembers(device).filter(box => (listed?.has(box) === true) === (where === "out"))
    if (boxes.length === 0)
      return Promise.resolve(fail("usage", where === "in" ? "no box is left out of it" : "no box is in it"))
    return Promise.resolve(
      ok(author =>
        where === "in"
          ? Promise.resolve(author.listIn(circle.id, boxes))
          : author.unlistFrom(circle.id, boxes),
      ),
    )
  })

export const renameCircle = (home: Home, text: string, name: string): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const circle = await findCircle(device, text)
    if (!circle.ok) return circle
    if (circle.value.isEveryone)
      return fail("usage", "this circle is the whole family and has no name of its own")
    const free = await freeName(device, name)
    if (!free.ok) return free
    if (!(await nameCircle(device, circle.value.id, name.trim())))
      return fail("refused", "only an admin who is in the circle, or whose circle it is alone, names it")
    return showAgain(home, device, circle.value.id)
  })
