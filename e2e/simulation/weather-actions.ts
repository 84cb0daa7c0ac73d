import { type Action, persons, running, someText } from "./actions.js"
import { runEdit, someEdit } from "./edits.js"
import { admins } from "./family-actions.js"
import { relayTtlMs } from "./relay.js"
import type { World } from "./world.js"

const killRelay = async (world: World): Promise<void> => {
  if (world.relay === undefined) return
  world.relay.kill()
  world.coverage.count("relay killed")
  await world.clock.run(world.chance.below(4_000))
  const forgets = world.chance.isLucky(0.35)
  if (forgets) world.relay.forget()
  if (forgets) world.coverage.count("relay forgot")
  world.relay.start()
  world.trace(`the relay was killed${forgets ? " and forgot everything" : ""}`)
}

/** Nobody is at the relay for longer than it remembers. */
const expire = async (world: World): Promise<void> => {
  if (world.relay === undefined) return
  await world.clock.run(3_000)
  const online = running(world).filter(device => device.isOnline)
  for (const device of online) world.setOnline(device, false)
  world.relay.kill()
  await world.clock.run(relayTtlMs + 3_600_000)
  world.relay.start()
  await world.clock.run(6_000)
  // Somebody stays away even longer.
  for (const device of online) if (world.chance.isLucky(0.7)) world.setOnline(device, true)
  world.coverage.count("relay expired")
  world.trace("the relay's memory ran out")
}

const backUp = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(running(world).filter(one => !one.isRogue))
  if (device === undefined) return
  await world.backUp(device)
  world.trace(`${device.name} is backed up`)
}

/** What a dead disk or an eager admin brings about: back to the day of the copy, and on from there. */
const restore = async (world: World): Promise<void> => {
  const copied = running(world).filter(one => !one.isRogue && one.backups.length > 0)
  const box = world.chance.isLucky(0.3) ? copied.find(one => one.isKeeper) : undefined
  const device = box ?? world.chance.oneOf(copied)
  if (device === undefined) return
  const isNoticed = device.isKeeper || world.chance.isLucky(0.5)
  await world.restore(device, isNoticed)
  world.coverage.count(
    device.isKeeper ? "box restored" : isNoticed ? "restored, noticed" : "restored, unnoticed",
  )
  world.trace(`${device.name} is restored from an old copy${isNoticed ? "" : ", and does not notice"}`)
}

/** Writes, is heard, goes back to the day before, and writes under the same numbers again. */
const goBack = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(persons(world))
  const other = world.chance.oneOf(persons(world).filter(one => one !== device))
  if (device === undefined || other === undefined) return
  const write = async (): Promise<void> => {
    const replica = device.running?.replica
    if (replica === undefined) return
    const edit = someEdit(world, replica, replica.everyone(), someText(world, device))
    for (let left = 3; left > 0; left--)
      await runEdit(
        world,
        device,
        left === 2 ? edit : someEdit(world, replica, replica.everyone(), someText(world, device)),
      )
  }
  await world.backUp(device)
  device.backups.splice(0, device.backups.length - 1)
  await write()
  world.link(device, other)
  await world.clock.run(2_000)
  const wasOnline = device.isOnline
  device.isOnline = false
  await world.restore(device, false)
  world.coverage.count("restored, unnoticed")
  await write()
  world.setOnline(device, wasOnline)
  world.trace(`${device.name} writes, goes back, and writes again`)
}

const restoreBox = async (world: World): Promise<void> => {
  const box = running(world).find(one => one.isKeeper && !one.isRogue)
  if (box === undefined) return
  if (box.backups.length === 0) return world.backUp(box)
  await world.restore(box, true)
  world.coverage.count("box restored")
  world.trace("the box is restored from an old backup")
}

/** A phone falls into the sea. Somebody who may admit others must be left. */
const lose = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(running(world).filter(one => !one.isRogue))
  if (device === undefined || persons(world).length < 4) return
  if (admins(world).every(other => other === device)) return
  await world.stop(device, "killed")
  device.isLost = true
  world.coverage.count("device lost for ever")
  world.trace(`${device.name} is lost for ever`)
}

export const weather: readonly Action[] = [
  { name: "relay killed", weight: 3, run: killRelay },
  { name: "relay expired", weight: 1, run: expire },
  { name: "back up", weight: 3, run: backUp },
  { name: "restore", weight: 2, run: restore },
  { name: "go back in time", weight: 1, run: goBack },
  { name: "restore the box", weight: 0.7, run: restoreBox },
  { name: "lose", weight: 0.7, run: lose },
]
