import type { Area } from "@home/shared/base"
import { type Result, bytesToHex, ok } from "@home/shared/base"
import type { By, CommandError, CommandResult } from "@home/shared/documents"
import { isStayOver, movedTo } from "@home/shared/access"
import { systemClock } from "../profile/platform.js"
import type { OpenDevice } from "../profile/device.js"
import { type Failure, fail } from "./failure.js"
import type { Home } from "./home.js"
import type { Place } from "./place.js"

/** What commands of the documents want to know of whoever acts. */
export const byOf = (home: Home, device: OpenDevice): By => ({
  author: device.profile.content.member,
  nowMs: home.clock.now(),
})

export const newItemId = (home: Home): string => bytesToHex(home.random.bytes(16))

const commandFailure = (error: CommandError): Result<never, Failure> => {
  switch (error.type) {
    case "InvalidField":
      return fail("usage", `${error.field}: expected ${error.expected}`)
    case "NewerSchema":
      return fail("refused", "this was written by a newer version of home: update it before editing")
    case "NotAuthor":
      return fail("refused", "only its author changes a message")
    case "NotFound":
      return fail("usage", `there is no ${error.id}`)
    default:
      return fail("usage", `that is not possible (${error.type})`)
  }
}

/** Why this device writes nothing there. */
export const notAllowed = ({ device, circle }: Place, area: Area, name: string): string => {
  const own = device.replica.session.state().devices.get(device.replica.device)
  if (own?.live !== true) return "this device is no longer in the family"
  if (isStayOver(device.replica.session.state(), own.id, systemClock.now()))
    return "your stay as a guest is over: ask an admin of the family for a new invitation"
  if (own.suspended)
    return "this device is suspended: what it wrote since waits, and it writes nothing until somebody lifts that"
  const { replica } = device
  const document = replica.keyFor(area, name, circle).id
  if (movedTo(replica.session.state(), { area, document }) !== undefined)
    return 'it was moved to another circle, where whoever reads that goes on with it: "home circle moved" shows where'
  const policy = replica.session.state().docPolicies.get(document)?.[0]
  return policy?.usersWrite === false && replica.session.state().members.get(own.member)?.role === "user"
    ? `an admin has closed this document to users: "home policy ${area} ${name}" shows who may write it`
    : `your role does not allow writing to ${area}`
}

/** Runs a command on a document, with its refusals in words. */
export const write = async (
  { device, circle }: Place,
  area: Area,
  name: string,
  command: (draft: unknown) => CommandResult,
): Promise<Result<void, Failure>> => {
  const changed = await device.replica.change(device.replica.keyFor(area, name, circle), command)
  if (!changed.ok) return fail("refused", notAllowed({ device, circle }, area, name))
  return changed.value.ok ? ok(undefined) : commandFailure(changed.value.error)
}

/** A day on this machine's wall, YYYY-MM-DD. */
export const dayOf = (atMs: number): string => {
  const at = new Date(atMs)
  const two = (value: number): string => String(value).padStart(2, "0")
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

export const today = (home: Home): string => dayOf(home.clock.now())
