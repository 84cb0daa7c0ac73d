import type { DeviceId, MemberId } from "@home/shared/base"
import type { OperationBody, Role } from "@home/shared/access"
import { type Author, type Replica, circlesReadBy } from "@home/shared/replica"
import { type Action, persons } from "./actions.js"
import type { SimulatedDevice } from "./device.js"
import { memberOf } from "./edits.js"
import type { World } from "./world.js"

const deviceLimit = 8

const stateOf = (replica: Replica) => replica.session.state()

export const canGrow = (world: World): boolean =>
  world.devices.filter(device => !device.isLost).length < deviceLimit

const roleOf = (device: SimulatedDevice): Role | undefined => {
  const replica = device.running?.replica
  return replica && stateOf(replica).members.get(memberOf(replica) as MemberId)?.role
}

export const admins = (world: World): readonly SimulatedDevice[] =>
  persons(world).filter(device => roleOf(device) === "admin")

export const act = async (
  world: World,
  device: SimulatedDevice,
  what: string,
  body: (author: Author, replica: Replica) => Promise<OperationBody>,
): Promise<boolean> => {
  const replica = device.running?.replica
  if (replica === undefined) return false
  const done = await world.finish(
    `${device.name}: ${what}`,
    replica.act(author => body(author, replica)),
    device,
  )
  if (done?.ok === false) world.coverage.count("operation refused")
  world.trace(
    `${device.name}: ${what}: ${done === undefined ? "died" : done.ok ? "done" : done.error.reason}`,
  )
  return done?.ok === true
}

const invite = async (world: World): Promise<void> => {
  const { chance, coverage } = world
  const as =
    chance.oneOf(["admin", "editor", "editor", "user", "guest", "own device", "own device"] as const) ??
    "editor"
  const host = chance.oneOf(as === "own device" ? persons(world) : admins(world))
  if (host === undefined || !canGrow(world)) return
  const name = `${as === "own device" ? `${host.name}-two` : as}-${world.devices.length}`
  const joined = await world.join(host, name, as)
  world.trace(`${host.name} invites ${name}: ${joined === undefined ? "in vain" : "in"}`)
  if (joined === undefined) return
  if (as === "own device") coverage.count("own device invited")
  else coverage.count("member invited")
  if (as === "guest") coverage.count("guest invited")
}

const devicesOf = (replica: Replica, members: readonly MemberId[]) =>
  [...stateOf(replica).devices.values()].filter(device => device.live && members.includes(device.member))

/** Somebody else who is live in the author's view. */
const someoneElse = (world: World, replica: Replica): MemberId | undefined =>
  world.chance.oneOf(
    [...stateOf(replica).members.values()]
      .filter(member => member.live && member.kind === "person" && member.id !== memberOf(replica))
      .map(({ id }) => id),
  )

const makeCircle = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(admins(world))
  if (device === undefined) return
  const done = await act(world, device, "makes a circle", (author, replica) => {
    const other = someoneElse(world, replica)
    return author.newCircle(other === undefined ? [] : [other])
  })
  if (done) world.coverage.count("circle made")
}

const changeCircle = async (world: World): Promise<void> => {
  const { chance } = world
  const device = chance.oneOf(admins(world))
  const replica = device?.running?.replica
  if (device === undefined || replica === undefined) return
  const state = stateOf(replica)
  const id = chance.oneOf(circlesReadBy(state, device.identity.id))
  const circle = id && state.circles.get(id)
  const member = someoneElse(world, replica)
  if (circle === undefined || member === undefined) return
  const isIn = circle.members.has(member)
  const done = await act(world, device, isIn ? "takes out of a circle" : "adds to a circle", async author =>
    isIn ? author.unlistFrom(circle.id, [member]) : author.listIn(circle.id, [member]),
  )
  if (done) world.coverage.count("circle changed")
}

/** Who is removed may go on: his device hears of nothing any more. */
export const shutOut = (world: World, ids: readonly DeviceId[]): void => {
  for (const device of world.devices) {
    if (!ids.includes(device.identity.id) || !world.chance.isLucky(0.6)) continue
    device.isRogue = true
    isolate(world, device)
  }
}

export const isolate = (world: World, device: SimulatedDevice): void => {
  world.setOnline(device, false)
  for (const link of world.links) {
    if (!link.ends.includes(device)) continue
    link.close()
    world.links.delete(link)
  }
}

const removeSomeDevice = async (world: World, device: SimulatedDevice): Promise<boolean> => {
  const replica = device.running?.replica
  const target =
    replica &&
    world.chance.oneOf(
      [...stateOf(replica).devices.values()].filter(({ live, id }) => live && id !== device.identity.id),
    )
  if (target === undefined) return false
  const name = world.devices.find(({ identity }) => identity.id === target.id)?.name
  const done = await act(world, device, `removes the device ${name}`, author =>
    author.removeDevice(target.id),
  )
  if (done) world.coverage.count("device removed")
  if (done) shutOut(world, [target.id])
  return done
}

const removeSomeMember = async (world: World, device: SimulatedDevice): Promise<boolean> => {
  const replica = device.running?.replica
  const member = replica && someoneElse(world, replica)
  if (replica === undefined || member === undefined) return false
  const ids = devicesOf(replica, [member]).map(({ id }) => id)
  const names = world.devices.filter(({ identity }) => ids.includes(identity.id)).map(({ name }) => name)
  const done = await act(world, device, `removes the member of ${names.join(", ")}`, author =>
    author.removeMember(member),
  )
  if (done) world.coverage.count("member removed")
  if (done) shutOut(world, ids)
  return done
}

const changeSomeRole = async (world: World, device: SimulatedDevice): Promise<boolean> => {
  const replica = device.running?.replica
  const member = replica && someoneElse(world, replica)
  const before = replica && member && stateOf(replica).members.get(member)?.role
  const role = world.chance.oneOf(
    (["admin", "editor", "user", "guest"] as const).filter(other => other !== before),
  )
  if (replica === undefined || member === undefined || before === undefined || role === undefined)
    return false
  const done = await act(world, device, `makes ${before} ${role}`, author => author.setRole(member, role))
  if (done) world.coverage.count("role changed")
  return done
}

const takeRights = async (world: World, device: SimulatedDevice): Promise<boolean> => {
  const take =
    world.chance.oneOf([removeSomeDevice, removeSomeMember, changeSomeRole, changeSomeRole]) ?? changeSomeRole
  return take(world, device)
}

const takeSomeRights = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(admins(world))
  if (device !== undefined) await takeRights(world, device)
}

/** Two who do not hear of each other take rights, perhaps each other's. */
const takeTwice = async (world: World): Promise<void> => {
  const [a, b] = [...admins(world)]
  if (a === undefined || b === undefined) return
  isolate(world, a)
  isolate(world, b)
  const first = await takeRights(world, a)
  const second = await takeRights(world, b)
  if (first && second) world.coverage.count("rights taken twice at once")
  for (const device of [a, b]) if (!device.isRogue) world.setOnline(device, true)
}

export const family: readonly Action[] = [
  { name: "invite", weight: 4, run: invite },
  { name: "make a circle", weight: 2, run: makeCircle },
  { name: "change a circle", weight: 3, run: changeCircle },
  { name: "take rights", weight: 3, run: takeSomeRights },
  { name: "take rights twice", weight: 2, run: takeTwice },
]
