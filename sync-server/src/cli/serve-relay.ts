import { createVerifier } from "@home/crypto/verify"
import { ok } from "@home/shared/base"
import { nativePublic } from "../native/public.js"
import { startRelay } from "../relay/main.js"
import type { Home, Outcome } from "./home.js"
import { type ServerOptions, ended, serverDataDir, serverLog, startFailure } from "./servers.js"

/** A relay until the process is told to end. It holds no key. */
export const relay = async (home: Home, options: ServerOptions): Outcome => {
  const started = await startRelay({
    host: options.host,
    port: options.port,
    dataDir: options.dataDir ?? serverDataDir("relay"),
    verify: createVerifier(nativePublic).verify,
    clock: home.clock,
    random: home.random,
    log: serverLog(home),
  })
  if (!started.ok) return startFailure(started.error)
  const { url, port } = started.value
  home.result({ listening: url, port }, `relay at ${url}`)
  await ended()
  await started.value.close()
  return ok(undefined)
}
