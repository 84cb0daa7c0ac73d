import { createLinkSession } from "@home/shared/replica"
import type { OpenDevice } from "../../../sync-server/src/profile/device.js"
import type { ChildProgram } from "../child.js"
import { openMember } from "./author.js"
import { dialBox } from "./dial.js"
import { type FamilySize, bookName, catalogueName, documentsOfFamily, lastLedger } from "./content.js"

export interface NewcomerOptions {
  readonly root: string
  readonly names: readonly string[]
  readonly size: FamilySize
}

/** Rows of a ledger's year, as a screen would count them. */
export const rowsIn = (doc: unknown): number => {
  let rows = 0
  for (const month of Object.values((doc as { months?: Record<string, object> } | undefined)?.months ?? {}))
    rows += Object.keys(month).length
  return rows
}

/** Milliseconds from the dial until this year's ledger was open and whole, and until everything is here, durable. */
export interface Arrival extends Readonly<Record<string, number>> {
  readonly firstMs: number
  readonly allMs: number
}

const arrive = async (device: OpenDevice, address: string, size: FamilySize): Promise<Arrival> => {
  const { replica } = device
  const wanted = new Set(
    [catalogueName, bookName, lastLedger(size)].map(({ area, name }) => replica.keyFor(area, name).id),
  )
  const ledger = replica.keyFor("ledger", lastLedger(size).name)
  const startedMs = performance.now()
  let firstMs: number | undefined
  const look = async (): Promise<void> => {
    const handle = await replica.open(ledger)
    if (rowsIn(handle.doc()) >= size.entriesPerYear) firstMs ??= performance.now() - startedMs
  }
  const stop = replica.onDocumentChanged(({ id }) => {
    wanted.delete(id)
    if (wanted.size === 0 && firstMs === undefined) void look()
  })
  const options = { name: "box", isKeeper: false, isAuthorised: () => true }
  const session = createLinkSession(replica, await dialBox(device, address), options)
  if (!(await session.settle())) throw new Error("the box is gone")
  const allMs = performance.now() - startedMs
  stop()
  const known = new Set<string>()
  for (const area of ["catalogue", "book", "ledger", "chat", "notes", "plans"] as const)
    for (const { name } of await replica.documents(area)) known.add(`${area} ${name}`)
  const lacking = documentsOfFamily(size).filter(({ area, name }) => !known.has(`${area} ${name}`))
  if (firstMs === undefined || lacking.length > 0) throw new Error(`${lacking.length} documents did not come`)
  session.close()
  return { firstMs, allMs }
}

/** Devices that were admitted and have nothing: told an address, they fetch the family, all at once. */
export const homeNewcomers: ChildProgram = async parent => {
  const { root, names, size } = parent.options as unknown as NewcomerOptions
  const devices = await Promise.all(names.map(name => openMember(root, name)))
  parent.onMessage(({ address }) => {
    Promise.all(devices.map(device => arrive(device, String(address), size))).then(
      async arrivals => {
        for (const device of devices) await device.close()
        parent.tell({ arrivals })
      },
      (error: unknown) => parent.tell({ failed: String(error) }),
    )
  })
  parent.tell({ ready: true })
}
