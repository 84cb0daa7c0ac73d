import { operationChanges } from "@home/shared/device"
import { recoverFamily } from "@home/shared/replica"
import { type View, differences, viewsOf } from "./check.js"
import { meet } from "./heal.js"
import { truth } from "./oracle.js"
import type { World } from "./world.js"

/**
 * Every device is lost, and one archive and the phrase are left: a new device recovers the family and shows what
 * the others showed. Gives what differs.
 */
export const recoverFromPhrase = async (world: World, views: readonly View[]): Promise<readonly string[]> => {
  const source = views.find(({ device }) => device.isKeeper) ?? views[0]
  const witness = views.find(({ device }) => !device.isKeeper)
  if (source === undefined || witness === undefined) return []
  const { archive } = source.device.profile
  const identity = world.newIdentity()
  const work = recoverFamily({ sealer: world.sealer }, archive, world.recovery, identity)
  const recovered = await world.finish("recovering", work)
  if (recovered?.ok !== true) return [`the phrase opens nothing: ${JSON.stringify(recovered)}`]
  const { logKey, operations, admission } = recovered.value
  const first = operationChanges(
    world.sealer,
    operations.map(({ bytes }) => bytes),
  )
  const { bundles } = await archive.readSince(0, Number.MAX_SAFE_INTEGER)
  const device = await world.adopt("phrase", identity, logKey, first, false, bundles)
  const replica = device.running?.replica
  if (replica === undefined) return ["the recovered device does not start"]
  const admitted = await world.finish("being admitted by the phrase", replica.actAs(admission), device)
  if (admitted?.ok !== true) return [`the phrase admits nobody: ${JSON.stringify(admitted)}`]
  for (let round = 0; round < 2; round++) {
    for (const { device: other } of views) await meet(world, device, other)
    await world.finish("tending", replica.tend(), device)
  }
  world.coverage.count("phrase and archive")
  return differences(await viewsOf(world, truth(world))).map(difference => `after recovery: ${difference}`)
}
