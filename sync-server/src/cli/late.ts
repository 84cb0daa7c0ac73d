import { type Result, ok } from "@home/shared/base"
import type { LateEdits } from "@home/shared/replica"
import { labelOfMember } from "@home/shared/device"
import type { OpenDevice } from "../profile/device.js"
import { type Failure, fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { requireMembership, withDevice } from "./with-device.js"
import { notAllowed } from "./writing.js"

const authorOf = (device: OpenDevice, edits: LateEdits) =>
  device.replica.session.state().devices.get(edits.device)

export const listLate = (home: Home): Outcome =>
  withDevice(home, async device => {
    for (const edits of await device.replica.late()) {
      const { bundle, key, changes } = edits
      const author = authorOf(device, edits)
      const member = author?.member
      const isHeld = author?.live === true && author.suspended
      const name = member === undefined ? "" : await labelOfMember(device, member)
      home.result(
        {
          late: bundle,
          area: key.area,
          document: key.name,
          device: edits.device,
          member: member ?? null,
          name,
          held: isHeld,
          changes: changes.length,
        },
        `${bundle.slice(0, 12)}  ${changes.length} ${isHeld ? "edits held while the device is suspended," : "late edits"} from ${name} in ${key.area} ${key.name}`,
      )
    }
    return ok(undefined)
  })

/** By the beginning of the bundle's hash, or `all`. */
const chosen = (late: readonly LateEdits[], text: string): Result<readonly LateEdits[], Failure> => {
  if (text === "all") return ok(late)
  const found = late.filter(({ bundle }) => text.length >= 4 && bundle.startsWith(text.toLowerCase()))
  if (found.length === 0) return fail("usage", `no late edits are called "${text}": see "home late list"`)
  return found.length === 1 ? ok(found) : fail("usage", `"${text}" is more than one: say more of it`)
}

const decide = (
  home: Home,
  text: string,
  what: "accepted" | "discarded",
  apply: (device: OpenDevice, edits: LateEdits) => Promise<boolean>,
): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const picked = chosen(await device.replica.late(), text)
    if (!picked.ok) return picked
    for (const edits of picked.value) {
      if (!(await apply(device, edits)))
        return fail(
          "refused",
          notAllowed({ device, circle: edits.key.circle }, edits.key.area, edits.key.name),
        )
      home.result(
        { late: edits.bundle, [what]: true },
        `${what}: ${edits.changes.length} edits in ${edits.key.area} ${edits.key.name}`,
      )
    }
    return ok(undefined)
  })

/** Makes them count, for everyone. */
export const acceptLate = (home: Home, text: string): Outcome =>
  decide(home, text, "accepted", async (device, edits) => (await device.replica.acceptLate(edits)).ok)

/** Does not show them again here; the family keeps them all the same. */
export const discardLate = (home: Home, text: string): Outcome =>
  decide(home, text, "discarded", async (device, edits) => {
    await device.replica.discardLate(edits)
    return true
  })
