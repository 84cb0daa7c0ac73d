import { startBox } from "../../box/main.js"
import { silentLog, systemClock, systemRandom } from "../../profile/platform.js"

export const testBox = async (
  dataDir: string,
): Promise<{ readonly address: string; readonly claim: string; close(): Promise<void> }> => {
  const box = await startBox({
    host: "127.0.0.1",
    port: 0,
    dataDir,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
  })
  if (!box.ok) throw new Error(box.error.type)
  const { address, claim, close } = box.value
  return { address, claim: claim ?? "", close }
}
