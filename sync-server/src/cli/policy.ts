import { type MemberId, type Result, err, ok } from "@home/shared/base"
import { labelOfMember } from "@home/shared/device"
import type { DocumentKey } from "@home/shared/replica"
import type { OpenDevice } from "../profile/device.js"
import { act } from "./act.js"
import { readCatalogue } from "./areas.js"
import { type Failure, fail } from "./failure.js"
import { findByTitle, findMember } from "./find.js"
import type { Home, Outcome } from "./home.js"
import { type Place, withPlace } from "./place.js"
import { actFailure } from "./refusals.js"
import { requireMembership } from "./with-device.js"

/** Areas whose documents can be closed. Whoever is in a chat's circle writes there. */
export const policyAreas = ["ledger", "notes", "plans"] as const

export interface PolicyOptions {
  readonly area: (typeof policyAreas)[number]
  /** A year, or the title or id of a note or list. */
  readonly name: string
  /** `undefined`: as it is. */
  readonly usersWrite: boolean | undefined
  /** Names or ids. `undefined`: as they are. */
  readonly guests: readonly string[] | undefined
  readonly circle: string | undefined
}

const documentOf = async (
  place: Place,
  { area, name }: PolicyOptions,
): Promise<Result<DocumentKey, Failure>> => {
  const { circle } = place
  const { replica } = place.device
  if (area === "ledger")
    return /^\d{4}$/.test(name)
      ? ok(replica.keyFor("ledger", name, circle))
      : fail("usage", `"${name}" is no year of the ledger`)
  const catalogue = await readCatalogue(place)
  if (!catalogue.ok) return catalogue
  const found =
    area === "notes"
      ? findByTitle(catalogue.value.notes.values(), name, "note")
      : findByTitle(catalogue.value.lists.values(), name, "list")
  return found.ok ? ok(replica.keyFor(area, found.value.id, circle)) : found
}

const invitedOf = async (
  device: OpenDevice,
  names: readonly string[],
): Promise<Result<readonly MemberId[], Failure>> => {
  const found: MemberId[] = []
  for (const name of names) {
    const member = await findMember(device, name)
    if (!member.ok) return member
    if (member.value.role !== "guest")
      return fail("usage", `${name} is no guest: --users decides for members`)
    found.push(member.value.id)
  }
  return ok([...new Set(found)].sort())
}

/** Shows who may write a document, or changes it. What is not said stays as it is. */
export const policy = (home: Home, options: PolicyOptions): Outcome =>
  withPlace(home, options.circle, async place => {
    const { device } = place
    const { session } = device.replica
    const key = await documentOf(place, options)
    if (!key.ok) return key
    const current = session.state().docPolicies.get(key.value.id)?.[0]
    const before = { usersWrite: current?.usersWrite ?? true, invited: [...(current?.invited ?? [])].sort() }
    const guests = options.guests === undefined ? ok(before.invited) : await invitedOf(device, options.guests)
    if (!guests.ok) return guests
    const { usersWrite = before.usersWrite } = options
    const invited = guests.value
    if (options.usersWrite !== undefined || options.guests !== undefined) {
      const live = requireMembership(device)
      if (!live.ok) return live
      if (usersWrite === before.usersWrite && invited.join() === before.invited.join())
        return err(actFailure({ type: "Refused", reason: "Pointless" }))
      const { circle, id: document } = key.value
      const change = { type: "docPolicy", circle, document, usersWrite, invited } as const
      const set = await act(device, async author => ({ ...change, taking: await author.taking(change) }))
      if (!set.ok) return set
    }
    const labels: string[] = []
    for (const member of invited) labels.push(await labelOfMember(device, member))
    home.result(
      { area: options.area, document: key.value.name, usersWrite, guests: invited },
      `${options.area} ${options.name}: ${usersWrite ? "admins, editors and users write it" : "only admins and editors write it"}` +
        (labels.length === 0 ? "" : `, and the guests ${labels.join(", ")}`),
    )
    return ok(undefined)
  })
