import { rmSync } from "node:fs"
import { join } from "node:path"
import { err } from "@home/shared/base"
import type { Archive } from "@home/shared/replica"
import type { OpenDevice } from "../profile/device.js"
import { openProfileDatabase } from "../store/profile-database.js"
import type { Home, Outcome } from "./home.js"
import { profileFailure } from "./with-device.js"

/** An archive in the data folder for what a new device begins with. Only sealed bundles lie in it; it goes when this ends. */
export const withScratchArchive = async (
  home: Home,
  name: string,
  work: (archive: Archive) => Outcome,
): Outcome => {
  const path = join(home.dataDir, `${name}.db`)
  const sweep = (): void => {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true })
  }
  sweep()
  const database = openProfileDatabase(path)
  if (!database.ok) return err(profileFailure(database.error))
  try {
    return await work(database.value.archive)
  } finally {
    await database.value.close()
    sweep()
  }
}

/** Takes in everything that an archive holds, and gives how many bundles that were. */
export const receiveAll = async (home: Home, device: OpenDevice, archive: Archive): Promise<number> => {
  let count = 0
  for (let after = 0; ;) {
    const page = await archive.readSince(after, 256 * 1024)
    if (page.bundles.length === 0) break
    await device.replica.receive(
      page.bundles.map(({ bundle }) => bundle.bytes),
      "scratch",
    )
    count += page.bundles.length
    after = page.next
    home.terminal.progress(`${count} bundles`)
  }
  home.terminal.progress(undefined)
  return count
}
