import type { Calls } from "../port.js"
import { createCircleCalls } from "./calls-circles.js"
import { createContactCalls } from "./calls-contacts.js"
import { createFamilyCalls } from "./calls-family.js"
import { createFileCalls } from "./calls-files.js"
import { createLockCalls } from "./calls-lock.js"
import { createPairingCalls } from "./calls-pairing.js"
import { createPlaceCalls } from "./calls-place.js"
import { createRecoverCalls } from "./calls-recover.js"
import { createSetupCalls } from "./calls-setup.js"
import { createShareCalls } from "./calls-shares.js"
import type { Context } from "./context.js"
import { createPhraseInHand } from "./phrase.js"

/** Every call of the port. `database`: its name. */
export const createCalls = (context: Context, database: string): Calls => {
  const phrase = createPhraseInHand(context)
  return {
    ...phrase.calls,
    ...createSetupCalls(context, phrase),
    ...createLockCalls(context),
    ...createFamilyCalls(context),
    ...createCircleCalls(context),
    ...createContactCalls(context),
    ...createShareCalls(context, database),
    ...createFileCalls(context),
    ...createPairingCalls(context),
    ...createRecoverCalls(context, database),
    ...createPlaceCalls(context),
  }
}
