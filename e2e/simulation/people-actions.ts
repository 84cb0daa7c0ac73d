import type { DeviceId } from "@home/shared/base"
import { type Action, persons } from "./actions.js"
import type { SimulatedDevice } from "./device.js"
import { memberOf, noteName } from "./edits.js"
import { act, admins, canGrow } from "./family-actions.js"
import type { World } from "./world.js"

// What a family decides about its people besides letting them in and out: pauses, stays with an end, who may write a
// document, whose phone is the main one.

const suspendSome = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(admins(world))
  const state = device?.running?.replica.session.state()
  if (device === undefined || state === undefined) return
  const others = [...state.devices.values()].filter(({ live, id }) => live && id !== device.identity.id)
  const target = world.chance.oneOf(others)
  if (target === undefined) return
  const name = world.devices.find(({ identity }) => identity.id === target.id)?.name
  if (await act(world, device, `pauses ${name}`, author => author.suspend(target.id)))
    world.coverage.count("device suspended")
}

const liftSome = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(persons(world))
  const state = device?.running?.replica.session.state()
  if (device === undefined || state === undefined) return
  const target = world.chance.oneOf([...state.devices.values()].filter(one => one.live && one.suspended))
  if (target === undefined) return
  const name = world.devices.find(({ identity }) => identity.id === target.id)?.name
  const body = { type: "resume", device: target.id } as const
  if (await act(world, device, `lifts the pause of ${name}`, () => Promise.resolve(body)))
    world.coverage.count("suspension lifted")
}

/** A stay may end while everyone is offline. */
const inviteForATime = async (world: World): Promise<void> => {
  const { chance, clock } = world
  const host = chance.oneOf(admins(world))
  if (host === undefined || !canGrow(world)) return
  const name = `visitor-${world.devices.length}`
  const guest = await world.join(host, name, { guestUntilMs: clock.now() + 1 + chance.below(60_000) })
  world.trace(`${host.name} invites ${name} for a time: ${guest === undefined ? "in vain" : "in"}`)
  const replica = guest?.running?.replica
  if (replica === undefined) return
  world.coverage.count("guest for a time invited")
  const member = memberOf(replica) as never
  await act(world, host, `lets ${name} into everyone`, author =>
    Promise.resolve(author.listIn(replica.everyone(), [member])),
  )
}

const setPolicy = async (world: World): Promise<void> => {
  const { chance } = world
  const device = chance.oneOf(admins(world))
  const replica = device?.running?.replica
  if (device === undefined || replica === undefined) return
  // Not the first one, in which guests write all the same: nobody may have invited them there.
  const { circle, id: document } = replica.keyFor("notes", noteName(world, 1 + chance.below(2)))
  const guests = [...replica.session.state().members.values()].filter(one => one.live && one.role === "guest")
  const invited = guests.filter(() => chance.isLucky(0.5)).map(({ id }) => id)
  const change = {
    ...{ type: "docPolicy" as const, circle, document },
    ...{ usersWrite: chance.isLucky(0.5), invited: invited.sort() },
  }
  const done = await act(world, device, "says who writes a note", async author => ({
    ...change,
    taking: await author.taking(change),
  }))
  if (done) world.coverage.count("policy set")
}

const siblingsOf = (device: SimulatedDevice): readonly DeviceId[] => {
  const replica = device.running?.replica
  const own = replica && memberOf(replica)
  return [...(replica?.session.state().devices.values() ?? [])]
    .filter(({ live, member, id }) => live && member === own && id !== device.identity.id)
    .map(({ id }) => id)
}

const yieldTo = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(persons(world).filter(one => siblingsOf(one).length > 0))
  const heir = device && world.chance.oneOf(siblingsOf(device))
  if (device === undefined || heir === undefined) return
  const body = { type: "yield", to: { type: "Device", device: heir } } as const
  if (await act(world, device, "makes another phone the main one", () => Promise.resolve(body)))
    world.coverage.count("main phone yielded")
}

export const people: readonly Action[] = [
  { name: "suspend", weight: 3, run: suspendSome },
  { name: "lift", weight: 4, run: liftSome },
  { name: "invite for a time", weight: 2, run: inviteForATime },
  { name: "policy", weight: 3, run: setPolicy },
  { name: "yield", weight: 2, run: yieldTo },
]

/** Of these, what a share has too. */
export const brakes: readonly Action[] = people.filter(({ name }) =>
  ["suspend", "lift", "policy"].includes(name),
)
