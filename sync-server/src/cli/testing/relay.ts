import type { Clock } from "@home/shared/base"
import { createVerifier } from "@home/crypto/verify"
import { nativePublic } from "../../native/public.js"
import { silentLog, systemClock, systemRandom } from "../../profile/platform.js"
import type { RelayLimits } from "../../relay/limits.js"
import { startRelay } from "../../relay/main.js"

export const testRelay = async (
  dataDir: string,
  limits?: Partial<RelayLimits>,
  clock: Clock = systemClock,
): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const relay = await startRelay({
    host: "127.0.0.1",
    port: 0,
    dataDir,
    verify: createVerifier(nativePublic).verify,
    clock,
    random: systemRandom,
    log: silentLog,
    ...(limits === undefined ? {} : { limits }),
  })
  if (!relay.ok) throw new Error(relay.error.type)
  return relay.value
}
