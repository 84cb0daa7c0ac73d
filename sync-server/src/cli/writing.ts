import type { Area } from "@home/shared/base"
import { type Result, bytesToHex, ok } from "@home/shared/base"
import type { By, CommandError, CommandResult } from "@home/shared/documents"
import type { OpenDevice } from "../profile/device.js"
import { type Failure, fail } from "./failure.js"
import type { Home } from "./home.js"

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

/** Runs a command on a document, with its refusals in words. */
export const write = async (
  device: OpenDevice,
  area: Area,
  name: string,
  command: (draft: unknown) => CommandResult,
): Promise<Result<void, Failure>> => {
  const changed = await device.replica.change(device.replica.keyFor(area, name), command)
  if (!changed.ok) return fail("refused", `your role does not allow writing to ${area}`)
  return changed.value.ok ? ok(undefined) : commandFailure(changed.value.error)
}

/** Today on this machine's wall, YYYY-MM-DD. */
export const today = (home: Home): string => {
  const now = new Date(home.clock.now())
  const two = (value: number): string => String(value).padStart(2, "0")
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
