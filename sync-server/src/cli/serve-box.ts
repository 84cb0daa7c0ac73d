import { ok } from "@home/shared/base"
import { startBox } from "../box/main.js"
import type { Home, Outcome } from "./home.js"
import { type BoxOptions, ended, serverDataDir, serverLog, startFailure } from "./servers.js"

/** A box until the process is told to end. Its first line carries the code that claims it, while nobody has. */
export const box = async (home: Home, options: BoxOptions): Outcome => {
  const { relay: relayUrl, passphraseFile } = options
  const started = await startBox({
    dataDir: options.dataDir ?? serverDataDir("box"),
    host: options.host,
    port: options.port,
    ...(relayUrl === undefined ? {} : { relay: relayUrl }),
    ...(passphraseFile === undefined ? {} : { passphraseFile }),
    advertise: options.advertise,
    clock: home.clock,
    random: home.random,
    log: serverLog(home),
    onClaimCode: code => home.result({ claim: code }, `claim this box with: home claim ${code}`),
  })
  if (!started.ok) return startFailure(started.error)
  const { address, claim } = started.value
  home.result(
    { listening: address, ...(claim === undefined ? {} : { claim }) },
    claim === undefined ? `box at ${address}` : `box at ${address}\nclaim it with: home claim ${claim}`,
  )
  await ended()
  await started.value.close()
  return ok(undefined)
}
