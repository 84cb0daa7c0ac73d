import { type CircleId, type MemberId, type Result, err, ok } from "../base/index.js"
import { type Circle, circleProfile } from "../access/index.js"
import { type ActError, type Replica, circlesReadBy } from "../replica/index.js"
import { readName, writeName } from "./names.js"

interface Holder {
  readonly replica: Replica
}

/** A circle as somebody in the family sees it. */
export interface ShownCircle {
  readonly id: CircleId
  /** The one that every member but guests is in from the beginning. */
  readonly isEveryone: boolean
  /** "" of Everyone, of a circle that nobody has named, and of one that this device does not read. */
  readonly name: string
  /** Persons. */
  readonly members: readonly MemberId[]
  /** Whether a box reads it; one that does not keeps what it cannot read. */
  readonly isBoxIn: boolean
  /** Whether this device reads it. Of other circles the log tells who is in them, and nobody tells what they are called. */
  readonly isRead: boolean
  /** This device's member is alone in it, and no box reads along. */
  readonly isOnlyMe: boolean
}

/** The members that are boxes and belong to the family now. */
export const boxMembers = ({ replica }: Holder): readonly MemberId[] =>
  [...replica.session.state().members.values()]
    .filter(({ live, kind }) => live && kind === "box")
    .map(({ id }) => id)

const shownCircle = async (device: Holder, circle: Circle): Promise<ShownCircle> => {
  const { replica } = device
  const state = replica.session.state()
  const own = state.devices.get(replica.device)?.member
  const isBox = (member: MemberId): boolean => state.members.get(member)?.kind === "box"
  const all = [...circle.members]
  const isRead = circlesReadBy(state, replica.device).includes(circle.id)
  return {
    id: circle.id,
    isEveryone: circle.everyone,
    name: isRead && !circle.everyone ? await readName(device, circleProfile, circle.id) : "",
    members: all.filter(member => !isBox(member)),
    isBoxIn: all.some(isBox),
    isRead,
    isOnlyMe: !circle.everyone && all.length === 1 && all[0] === own,
  }
}

/** Every circle that a person is in: Everyone first, the others in the order in which they were made. */
export const shownCircles = async (device: Holder): Promise<readonly ShownCircle[]> => {
  const shown: ShownCircle[] = []
  for (const circle of device.replica.session.state().circles.values()) {
    const one = await shownCircle(device, circle)
    if (one.members.length > 0 || one.isEveryone) shown.push(one)
  }
  return shown.sort((one, other) => Number(other.isEveryone) - Number(one.isEveryone))
}

/**
 * What a circle is called stands in a profile document of the circle itself, as the family's name does in Everyone's:
 * sealed under the circle's key, so that nobody outside it, the relay and a box that was left out included, learns it.
 * False: not allowed, or no valid name.
 */
export const nameCircle = (device: Holder, circle: CircleId, name: string): Promise<boolean> =>
  writeName(device, circleProfile, name, circle)

/** Makes a circle of one's own member and others, boxes included, and names it. */
export const makeCircle = async (
  device: Holder,
  name: string,
  others: readonly MemberId[],
): Promise<Result<CircleId, ActError>> => {
  const { replica } = device
  const done = await replica.act(author => author.newCircle(others))
  if (!done.ok) return done
  const body = replica.session.log.get(done.value)?.body
  if (body?.type !== "circle") throw new Error("the circle that was just made is not in the log")
  return (await nameCircle(device, body.circle, name))
    ? ok(body.circle)
    : err({ type: "Refused", reason: "RoleTooLow" })
}
