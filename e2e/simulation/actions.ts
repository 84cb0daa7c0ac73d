import type { SimulatedDevice } from "./device.js"
import { firstOfMonth, importOf, runEdit, someCircle, someEdit } from "./edits.js"
import type { World } from "./world.js"

/** Something that may happen in a step; `run` looks for itself whether it can. */
export interface Action {
  readonly name: string
  readonly weight: number
  run(world: World): Promise<void>
}

/** A text that nobody else has written. */
export const someText = (world: World, device: SimulatedDevice): string =>
  `${world.canary} ${device.name} writes ${world.chance.hex(4)}`

export const running = (world: World): readonly SimulatedDevice[] =>
  world.devices.filter(
    device => device.running !== undefined && !device.isLost && !device.running.life.isOver,
  )

/** Running devices of people, in good faith. */
export const persons = (world: World): readonly SimulatedDevice[] =>
  running(world).filter(device => !device.isKeeper && !device.isRogue)

const noteEdit = (world: World, outcome: string, device: SimulatedDevice): void => {
  const { coverage } = world
  if (outcome === "written") coverage.count("edit")
  if (outcome === "refused by role") coverage.count("edit refused by role")
  world.trace(`${device.name} edits: ${outcome}`)
}

const edit = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(persons(world))
  const replica = device?.running?.replica
  if (device === undefined || replica === undefined) return
  for (let left = 1 + world.chance.below(3); left > 0; left--) {
    const circle = someCircle(world, replica) ?? replica.everyone()
    noteEdit(
      world,
      await runEdit(world, device, someEdit(world, replica, circle, someText(world, device))),
      device,
    )
  }
}

const importRows = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(persons(world))
  const replica = device?.running?.replica
  if (device === undefined || replica === undefined) return
  const rows = 40 + world.chance.below(100)
  const outcome = await runEdit(world, device, importOf(world, replica, rows, someText(world, device)))
  if (outcome === "written") world.coverage.count("import")
  world.trace(`${device.name} imports ${rows} rows: ${outcome}`)
}

/** Two devices that have not heard of each other's begin the same month. */
const sameMonth = async (world: World): Promise<void> => {
  const [a, b] = persons(world)
    .map(device => ({ device, order: world.chance.number() }))
    .sort((x, y) => x.order - y.order)
    .map(({ device }) => device)
  if (a === undefined || b === undefined) return
  const name = String(30 + world.chance.below(60))
  let written = 0
  for (const device of [a, b]) {
    const replica = device.running?.replica
    if (replica === undefined) return
    for (const first of firstOfMonth(world, replica, name, someText(world, device)))
      if ((await runEdit(world, device, first)) === "written") written += 1
  }
  if (written >= 6) world.coverage.count("same month begun twice")
  world.trace(`${a.name} and ${b.name} begin ${name}`)
}

const linkUp = async (world: World): Promise<void> => {
  const a = world.chance.oneOf(running(world))
  const b = world.chance.oneOf(running(world).filter(device => device !== a))
  if (a === undefined || b === undefined) return
  if ([...world.links].some(link => link.ends.includes(a) && link.ends.includes(b))) return
  const messages = world.chance.isLucky(0.3) ? world.chance.below(12) : Infinity
  world.link(a, b, messages)
  world.coverage.count("link")
  world.trace(`${a.name} - ${b.name} linked${messages === Infinity ? "" : ` for ${messages} messages`}`)
}

const linkDown = async (world: World): Promise<void> => {
  const link = world.chance.oneOf([...world.links])
  if (link === undefined) return
  link.close()
  world.links.delete(link)
  world.coverage.count("link cut")
  world.trace(`${link.ends.map(end => end.name).join(" - ")} cut`)
}

const goOnOrOffline = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(running(world))
  if (device === undefined || world.relay === undefined) return
  world.setOnline(device, !device.isOnline)
  if (!device.isOnline) world.coverage.count("goes offline")
  world.trace(`${device.name} goes ${device.isOnline ? "online" : "offline"}`)
}

const letTimePass = async (world: World): Promise<void> => {
  await world.clock.run(world.chance.below(8_000))
}

const restart = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(running(world))
  if (device === undefined) return
  const how = world.chance.isLucky(0.5) ? "orderly" : "killed"
  await world.stop(device, how)
  await world.start(device)
  world.coverage.count("restart")
  world.trace(`${device.name} restarts (${how})`)
}

/** The process dies at one of its next writes, while it edits. */
const crash = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(persons(world))
  const { running: process } = device ?? {}
  if (device === undefined || process === undefined) return
  const writes = world.chance.below(6)
  process.life.writesLeft = writes
  process.life.isLastWritten = world.chance.isLucky(0.5)
  const { replica } = process
  for (let left = 6; left > 0 && !process.life.isOver; left--) {
    const circle = someCircle(world, replica) ?? replica.everyone()
    await runEdit(world, device, someEdit(world, replica, circle, someText(world, device)))
  }
  world.trace(`${device.name} dies of write ${writes}`)
  if (process.life.isOver) world.coverage.count("crash while writing")
  await world.stop(device, "killed")
  await world.start(device)
}

/** The screen's edit reaches the disk, the seal does not: the process dies in between. */
const screenEdit = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(persons(world))
  const replica = device?.running?.replica
  if (device === undefined || replica === undefined) return
  const circle = someCircle(world, replica)
  if (circle === undefined) return
  const { key, command } = someEdit(world, replica, circle, someText(world, device))
  const probe = await world.finish("a first look", replica.change(key, command), device)
  if (probe?.ok !== true) return
  const handle = await world.finish("opening", replica.open(key), device)
  let second = someEdit(world, replica, circle, someText(world, device))
  while (second.key.id !== key.id) second = someEdit(world, replica, circle, someText(world, device))
  handle?.change(draft => {
    second.command(draft as never)
  })
  await world.finish("flushing", replica.flush(), device)
  await world.stop(device, "killed")
  await world.start(device)
  world.coverage.count("screen edit lost before publication")
  world.trace(`${device.name} dies between edit and seal of ${key.area}/${key.name}`)
}

export const everyday: readonly Action[] = [
  { name: "edit", weight: 30, run: edit },
  { name: "import", weight: 2, run: importRows },
  { name: "same month", weight: 2, run: sameMonth },
  { name: "link", weight: 10, run: linkUp },
  { name: "cut", weight: 6, run: linkDown },
  { name: "on or offline", weight: 6, run: goOnOrOffline },
  { name: "time", weight: 14, run: letTimePass },
  { name: "restart", weight: 4, run: restart },
  { name: "crash", weight: 4, run: crash },
  { name: "screen edit", weight: 2, run: screenEdit },
]
