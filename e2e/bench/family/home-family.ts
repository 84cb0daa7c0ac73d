import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { type HomeProcess, startHomeProcess } from "../../harness/home-process.js"
import { type Message, startChild } from "../child.js"
import type { AuthorOptions, Content } from "./author.js"
import type { FamilySize } from "./content.js"

/** A family with its box as a process of the `home` command, and devices that were admitted and have nothing yet. */
export interface HomeFamily {
  readonly root: string
  readonly address: string
  readonly box: HomeProcess
  /** More of the founder's writing, given to box and relays. */
  write(contents: readonly Content[], relays: readonly string[]): Promise<void>
  /** As after a night without power: what it held in memory is gone. */
  restartBox(): Promise<HomeFamily>
  close(): Promise<void>
}

const startBox = async (root: string): Promise<{ box: HomeProcess; address: string; claim?: string }> => {
  const dir = join(root, "box")
  const box = startHomeProcess(["box", "--host", "127.0.0.1", "--port", "0", "--data", dir])
  for (let line = await box.nextLine(); line !== undefined; line = await box.nextLine()) {
    const { listening, claim } = line
    if (typeof listening !== "string") continue
    return { box, address: listening, ...(typeof claim === "string" ? { claim } : {}) }
  }
  throw new Error(`the box did not start:\n${box.log()}`)
}

const writePart = async (options: AuthorOptions): Promise<void> => {
  const author = startChild("family-author", options as unknown as Message)
  await author.next()
  await author.close()
}

const familyOf = (root: string, { box, address }: Awaited<ReturnType<typeof startBox>>): HomeFamily => ({
  root,
  address,
  box,
  write: async (contents, relays) => {
    for (const content of contents) await writePart({ root, box: address, relays, content, newcomers: [] })
  },
  restartBox: async () => {
    await box.stop()
    return familyOf(root, await startBox(root))
  },
  close: async () => void (await box.stop()),
})

/** All years of a family of this size. */
const yearsOf = (size: FamilySize): readonly Content[] =>
  Array.from({ length: size.years }, (_, index) => ({ type: "Year", size, index }))

export const foundHomeFamily = async (
  root: string,
  contents: readonly Content[],
  options: { readonly newcomers: readonly string[]; readonly relays?: readonly string[] },
): Promise<HomeFamily> => {
  mkdirSync(root, { recursive: true })
  const relays = options.relays ?? []
  const { box, address, claim } = await startBox(root)
  await writePart({ root, box: address, claim, relays, newcomers: [] })
  const founded = familyOf(root, { box, address })
  await founded.write(contents, relays)
  // A box that starts takes its snapshots with the next thing that comes; of nothing there are none.
  const family = contents.length === 0 ? founded : await founded.restartBox()
  await writePart({ root, box: family.address, relays, newcomers: options.newcomers })
  return family
}

/** Folders with a family that is written to the end. */
const written = new Set<string>()

/** The family of this size with further newcomers: written once a run, which takes longer than what is measured. */
export const familyOfYears = async (
  shared: string,
  size: FamilySize,
  newcomers: readonly string[],
): Promise<HomeFamily> => {
  const root = join(shared, `family-of-${size.years}`)
  if (!written.has(root)) {
    rmSync(root, { recursive: true, force: true })
    await (await foundHomeFamily(root, yearsOf(size), { newcomers: [] })).close()
    written.add(root)
  }
  const family = familyOf(root, await startBox(root))
  await writePart({ root, box: family.address, relays: [], newcomers })
  return family
}
