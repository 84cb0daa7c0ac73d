import { type Result, err, ok } from "@home/shared/base"
import { type OpenDevice, openDevice } from "../profile/device.js"
import {
  type OpenProfile,
  type ProfileError,
  eraseRemoved,
  openProfile,
  wasRemoved,
} from "../profile/profile.js"
import { placeOf, readShareFolders } from "../profile/share-folders.js"
import { type Failure, fail } from "./failure.js"
import { findByTitle } from "./find.js"
import type { Home, Outcome } from "./home.js"
import { knownPassphrase, noPassphrase } from "./passphrase.js"

/** A profile's error in words, with its exit code. */
export const profileFailure = (error: ProfileError): Failure => {
  switch (error.type) {
    case "NoProfile":
      return { kind: "usage", message: `no family in ${error.dir}: begin with "home found" or "home join"` }
    case "ProfileExists":
      return {
        kind: "usage",
        message: `${error.dir} holds a device already: choose another folder with --data`,
      }
    case "ProfileInUse":
      return {
        kind: "inUse",
        message:
          error.pid === undefined
            ? "another process works with this profile"
            : `process ${error.pid} works with this profile`,
        ...(error.pid === undefined ? {} : { details: { pid: error.pid } }),
      }
    case "NoPassphrase":
      return {
        kind: "usage",
        message: noPassphrase,
      }
    case "KeyFileMissing":
      return { kind: "passphrase", message: `the key file ${error.path} is not there` }
    case "WrongSecret":
      return { kind: "passphrase", message: "wrong passphrase" }
    case "ProfileDamaged":
      return {
        kind: "unreadable",
        message: `the profile in ${error.dir} is damaged: restore it, or join again`,
      }
    case "Damaged":
    case "Foreign":
      return {
        kind: "unreadable",
        message: `${error.path} is no readable profile: restore it, or join again`,
      }
    case "Newer":
      return {
        kind: "unreadable",
        message: `${error.path} was written by a newer version of home: update it`,
      }
  }
}

/** Opens a profile that was just made or found, gives its device to `work`, and closes both whatever happens. */
export const useProfile = async <T>(
  home: Home,
  profile: OpenProfile,
  work: (device: OpenDevice) => Outcome<T>,
): Outcome<T> => {
  const device = await openDevice(profile, home, { isKeeper: false })
  try {
    return await work(device)
  } finally {
    const { kind, devices } = device.replica.session.state()
    // Another family keeps what it was shown: it was told so, and so were we.
    const isRemoved = kind === "family" && devices.get(device.replica.device)?.live === false
    await device.close()
    if (isRemoved) {
      eraseRemoved(profile.folder.dir)
      home.terminal.say("This device was removed from the family: what it kept here has been erased.")
    }
  }
}

/** Opens the folder of a share that stands in the family's; the family's stays as it is. */
export const openShare = async (
  home: Home,
  family: OpenProfile,
  text: string,
): Promise<Result<OpenProfile, Failure>> => {
  const { store, dir } = family.folder
  const folders = await readShareFolders(store, dir)
  const found = findByTitle(
    folders.map(folder => ({ ...folder, id: folder.group })),
    text,
    "share",
  )
  if (!found.ok) return found
  const place = placeOf(dir, found.value)
  const opened = await openProfile(place.dir, place.secret, home.random)
  return opened.ok ? opened : err(profileFailure(opened.error))
}

/**
 * Runs `work` on the device of the profile in `home.dataDir`, or with `--share` on that share's; then `around` is the
 * family's profile, which stays open meanwhile.
 */
export const withDevice = async <T>(
  home: Home,
  work: (device: OpenDevice, around?: OpenProfile) => Outcome<T>,
): Outcome<T> => {
  const secret = knownPassphrase(home.terminal)
  if (!secret.ok) return secret
  if (wasRemoved(home.dataDir))
    return fail(
      "refused",
      'this device was removed from the family, and what it kept was erased: begin anew with "home join"',
    )
  const profile = await openProfile(home.dataDir, secret.value, home.random)
  if (!profile.ok) return err(profileFailure(profile.error))
  if (home.share === undefined) return useProfile(home, profile.value, work)
  try {
    const share = await openShare(home, profile.value, home.share)
    return share.ok ? await useProfile(home, share.value, device => work(device, profile.value)) : share
  } finally {
    await profile.value.close()
  }
}

/** A device that the family has removed changes nothing any more; behind its command what it keeps is erased. */
export const requireMembership = (device: OpenDevice): Result<void, Failure> =>
  device.replica.session.state().devices.get(device.replica.device)?.live === true
    ? ok(undefined)
    : fail("refused", "this device is no longer in the family")
