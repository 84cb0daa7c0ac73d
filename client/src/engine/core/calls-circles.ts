import { type Result, err, ok } from "@home/shared/base"
import type { OperationBody } from "@home/shared/access"
import { boxMembers, isName, makeCircle, nameCircle } from "@home/shared/device"
import type { Author } from "@home/shared/replica"
import type { ActRefused, Calls, NotOpen } from "../port.js"
import { type Context, notOpen } from "./context.js"
import type { Family } from "./family.js"

type CircleCalls = Pick<Calls, "makeCircle" | "nameCircle" | "setInCircle" | "setBoxInCircle">

const invalidName = { type: "InvalidName", field: "circle" } as const

export const createCircleCalls = (context: Context): CircleCalls => {
  const act = async (
    bodyOf: (author: Author, family: Family) => OperationBody | Promise<OperationBody>,
  ): Promise<Result<void, ActRefused | NotOpen>> => {
    const family = context.family()
    if (family === undefined) return err(notOpen)
    const done = await family.replica.act(async author => bodyOf(author, family))
    family.touch()
    return done.ok ? ok(undefined) : done
  }

  return {
    makeCircle: async ({ name, members, isBoxIn }) => {
      const family = context.family()
      if (family === undefined) return err(notOpen)
      if (!isName(name)) return err(invalidName)
      const boxes = isBoxIn ? boxMembers(family) : []
      const made = await makeCircle(family, name.trim(), [...members, ...boxes])
      family.touch()
      return made
    },
    nameCircle: async ({ circle, name }) => {
      const family = context.family()
      if (family === undefined) return err(notOpen)
      if (!isName(name)) return err(invalidName)
      const isNamed = await nameCircle(family, circle, name.trim())
      family.touch()
      return isNamed ? ok(undefined) : err({ type: "Refused", reason: "RoleTooLow" })
    },
    setInCircle: ({ circle, member, isIn }) =>
      act(author => (isIn ? author.listIn(circle, [member]) : author.unlistFrom(circle, [member]))),
    setBoxInCircle: ({ circle, isIn }) =>
      act((author, family) => {
        const listed = family.replica.session.state().circles.get(circle)?.members
        const boxes = boxMembers(family).filter(box => (listed?.has(box) === true) !== isIn)
        return isIn ? author.listIn(circle, boxes) : author.unlistFrom(circle, boxes)
      }),
  }
}
