import { Argument, type Command } from "commander"
import {
  addToCircle,
  createCircle,
  listCircles,
  removeFromCircle,
  renameCircle,
  setBoxInCircle,
} from "./circles.js"
import { listMoved, moveToCircle } from "./moves.js"
import { circleOption } from "./place.js"
import type { Run } from "./program.js"

/** Who of the family may read what. */
export const circleCommands = (program: Command, run: Run): void => {
  const circle = program
    .command("circle")
    .description("parts of the family with documents that nobody else can read")

  const list = circle
    .command("list")
    .description("all circles, who is in them, and whether the box reads them")
  list.action(() => run(list, listCircles))

  const create = circle
    .command("create")
    .description("make a circle of yourself and others; without others it is yours alone")
    .argument("<name>", "what it is called; only those in it can read the name")
    .argument("[member...]", "names, or the beginnings of ids")
    .option("--box", "the box reads it too; left out, it keeps what it cannot read", false)
  create.action((name: string, members: string[], options: { box: boolean }) =>
    run(create, home => createCircle(home, { name, members, isBoxIn: options.box })),
  )

  const name_ = circle
    .command("name")
    .description("call a circle something else")
    .argument("<circle>", "its name, or the beginning of its id")
    .argument("<name>", "the new name")
  name_.action((text: string, name: string) => run(name_, home => renameCircle(home, text, name)))

  const add = circle
    .command("add")
    .description("put members in: they can read everything that was ever written there")
    .argument("<circle>", "its name, or the beginning of its id")
    .argument("<member...>", "names, or the beginnings of ids")
  add.action((text: string, members: string[]) =>
    run(add, home => addToCircle(home, { circle: text, members })),
  )

  const remove = circle
    .command("remove")
    .description("take members out: they keep what they have and get nothing new")
    .argument("<circle>", "its name, or the beginning of its id")
    .argument("<member...>", "names, or the beginnings of ids")
  remove.action((text: string, members: string[]) =>
    run(remove, home => removeFromCircle(home, { circle: text, members })),
  )

  const move = circle
    .command("move")
    .description(
      "take a note or a list to another circle: others keep their copy as it is and see no more changes",
    )
    .argument("<item>", "its title, or the beginning of its id")
    .argument("<circle>", "where to: a name, or the beginning of an id")
    .addOption(circleOption())
  move.action((item: string, to: string, options: { circle?: string }) =>
    run(move, home => moveToCircle(home, { item, to, circle: options.circle })),
  )

  const moved = circle
    .command("moved")
    .description("what was moved away from a circle, by whom, and what this device keeps of it")
    .addOption(circleOption())
  moved.action((options: { circle?: string }) => run(moved, home => listMoved(home, options.circle)))

  const box = circle
    .command("box")
    .description("put the box in, or leave it out: then it keeps and hands on what it cannot read")
    .argument("<circle>", "its name, or the beginning of its id")
    .addArgument(new Argument("<where>").choices(["in", "out"]))
  box.action((text: string, where: "in" | "out") => run(box, home => setBoxInCircle(home, text, where)))
}
