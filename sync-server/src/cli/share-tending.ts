import { ok } from "@home/shared/base"
import { leaversIn, openOwnCard, tendShare } from "@home/shared/device"
import type { OpenDevice } from "../profile/device.js"
import { openProfile } from "../profile/profile.js"
import { placeOf, readShareFolders } from "../profile/share-folders.js"
import type { Home } from "./home.js"
import { syncQuietly } from "./sync-round.js"
import { useProfile } from "./with-device.js"

/** Who left the family leaves the shares that this device is in; where none of them was, no share is opened. */
export const tendShares = async (home: Home, family: OpenDevice): Promise<void> => {
  const { store, dir } = family.profile.folder
  for (const folder of await readShareFolders(store, dir)) {
    if ((await leaversIn(family, folder.group)).size === 0) continue
    const own = await openOwnCard(family, family.profile.content.identity)
    const place = placeOf(dir, folder)
    const profile = own && (await openProfile(place.dir, place.secret, home.random))
    if (own === undefined || profile?.ok !== true) continue
    await useProfile(home, profile.value, async share => {
      const taken = await tendShare(home, family, { replica: share.replica, secrets: own.secrets })
      if (taken.length > 0 && !(await syncQuietly(home, share)))
        home.terminal.say('Nobody of the share was reached: "home sync --share" goes on.')
      return ok(undefined)
    })
  }
}
