import { existsSync } from "node:fs"
import { type Result, ok } from "@home/shared/base"
import type { Sealer } from "@home/shared/wire"
import { readBundleFile, writeBundleFile } from "./bundle-file.js"
import { type Failure, fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { withDevice } from "./with-device.js"

export const exportArchive = (home: Home, path: string): Outcome =>
  withDevice(home, async device => {
    await device.replica.tend()
    try {
      const { bundles, bytes } = await writeBundleFile(device.replica.archive, path, count =>
        home.terminal.progress(`${count} bundles`),
      )
      home.terminal.progress(undefined)
      home.result({ file: path, bundles, bytes }, `${bundles} bundles in ${path}, ${bytes} bytes, sealed`)
      return ok(undefined)
    } catch (error) {
      return fail(
        "unreadable",
        `${path} cannot be written: ${error instanceof Error ? error.message : "unknown"}`,
        { file: path },
      )
    }
  })

/** Reads the whole file once without taking anything in: nothing is half-imported from a damaged one. */
export const checkBundleFile = async (
  home: Home,
  sealer: Pick<Sealer, "verifyBundle" | "bundleHash">,
  path: string,
): Promise<Result<number, Failure>> => {
  if (!existsSync(path))
    return fail("unreadable", `${path}: no such file`, { file: path, position: 0, reason: "no such file" })
  let count = 0
  for await (const batch of readBundleFile(sealer, path)) {
    if (!batch.ok) {
      const { position, reason } = batch.error
      return fail("unreadable", `${path}, byte ${position}: ${reason}; nothing was imported`, {
        file: path,
        position,
        reason,
      })
    }
    count += batch.value.length
    home.terminal.progress(`${count} bundles checked`)
  }
  home.terminal.progress(undefined)
  return ok(count)
}

export const importArchive = (home: Home, path: string): Outcome =>
  withDevice(home, async device => {
    const checked = await checkBundleFile(home, device.sealer, path)
    if (!checked.ok) return checked
    let added = 0
    let parked = 0
    const refused = new Map<string, number>()
    for await (const batch of readBundleFile(device.sealer, path)) {
      if (!batch.ok)
        return fail("unreadable", `${path} changed while it was read`, {
          file: path,
          position: batch.error.position,
        })
      const received = await device.replica.receive(
        batch.value.map(({ bundle }) => bundle.bytes),
        "file",
      )
      added += received.added.length
      parked += received.parked
      for (const [reason, count] of Object.entries(received.refused))
        refused.set(reason, (refused.get(reason) ?? 0) + count)
      home.terminal.progress(`${added} new`)
    }
    home.terminal.progress(undefined)
    home.result(
      { file: path, bundles: checked.value, added, parked, refused: Object.fromEntries(refused) },
      `${checked.value} bundles in ${path}, ${added} were new here`,
    )
    return ok(undefined)
  })
