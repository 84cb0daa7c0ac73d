import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { ok } from "@home/shared/base"
import { startHome } from "../start/main.js"
import { fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { type StartOptions, ended, serverDataDir, startFailure } from "./servers.js"

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
export const start = async (home: Home, options: StartOptions): Outcome => {
  const { relay: relayUrl, passphraseFile, name, tls } = options
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
    ...(name === undefined ? {} : { name }),
    ...(tls === undefined ? {} : { tls }),
    pageDir,
    clock: home.clock,
    random: home.random,
    log: home.log,
    onClaimCode: code => home.result({ claim: code }, `claim this box with:\n  home claim ${code}`),
  })
  if (!started.ok) return startFailure(started.error)
  const { page, relay: relayAddress, box: boxAddress, trust, claim } = started.value
  home.result(
    {
      listening: boxAddress,
      page,
      relay: relayAddress,
      box: boxAddress,
      ...(trust === undefined ? {} : { trust }),
      ...(claim === undefined ? {} : { claim }),
    },
    [
      `page   ${page}`,
      `relay  ${relayAddress}`,
      `box    ${boxAddress}`,
      ...(trust === undefined
        ? []
        : [
            "",
            "Each device must trust this machine's certificate once. How:",
            `  ${trust.page}`,
            "What the device shows must be this SHA-256 fingerprint:",
            `  ${trust.fingerprint}`,
          ]),
      ...(claim === undefined
        ? []
        : ["", "This box belongs to nobody yet. Take it into your family with:", `  home claim ${claim}`]),
    ].join("\n"),
  )
  await ended()
  await started.value.close()
  return ok(undefined)
}
