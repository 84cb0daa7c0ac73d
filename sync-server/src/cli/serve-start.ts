import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { ok } from "@home/shared/base"
import { startHome } from "../start/main.js"
import { fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { type BoxOptions, ended, serverDataDir, startFailure } from "./servers.js"

/** The folder of the built app: found upwards from the program, wherever that was built. */
const pageFolder = (): string | undefined => {
  for (
    let folder = dirname(fileURLToPath(import.meta.url));
    folder !== dirname(folder);
    folder = dirname(folder)
  ) {
    const candidate = join(folder, "client", "dist")
    if (existsSync(join(candidate, "index.html"))) return candidate
  }
  return undefined
}

/** Relay, box and page in one process, until it is told to end. */
export const start = async (home: Home, options: BoxOptions): Outcome => {
  const { relay: relayUrl, passphraseFile } = options
  const pageDir = pageFolder()
  if (pageDir === undefined)
    return fail("unreadable", "the page's files are not there: the installation is not whole")
  const started = await startHome({
    dataDir: options.dataDir ?? serverDataDir(undefined),
    host: options.host,
    port: options.port,
    ...(relayUrl === undefined ? {} : { relay: relayUrl }),
    ...(passphraseFile === undefined ? {} : { passphraseFile }),
    advertise: options.advertise,
    pageDir,
    clock: home.clock,
    random: home.random,
    log: home.log,
    onClaimCode: code => home.result({ claim: code }, `claim this box with:\n  home claim ${code}`),
  })
  if (!started.ok) return startFailure(started.error)
  const { page, relay: relayAddress, box: boxAddress, claim } = started.value
  home.result(
    {
      listening: boxAddress,
      page,
      relay: relayAddress,
      box: boxAddress,
      ...(claim === undefined ? {} : { claim }),
    },
    [
      `page   ${page}`,
      `relay  ${relayAddress}`,
      `box    ${boxAddress}`,
      ...(claim === undefined
        ? []
        : ["", "This box belongs to nobody yet. Take it into your family with:", `  home claim ${claim}`]),
    ].join("\n"),
  )
  await ended()
  await started.value.close()
  return ok(undefined)
}
