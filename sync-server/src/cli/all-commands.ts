import { relayCommand } from "./command-relay.js"
import { areaCommands } from "./commands-areas.js"
import { circleCommands } from "./commands-circles.js"
import { contactCommands } from "./commands-contacts.js"
import { familyCommands } from "./commands-family.js"
import { itemCommands } from "./commands-items.js"
import { serverCommands } from "./commands-servers.js"
import { shareCommands } from "./commands-shares.js"
import { storeCommands } from "./commands-store.js"
import type { Commands } from "./program.js"

/** Everything that `home` can do. */
export const allCommands: readonly Commands[] = [
  relayCommand,
  serverCommands,
  familyCommands,
  circleCommands,
  contactCommands,
  shareCommands,
  areaCommands,
  itemCommands,
  storeCommands,
]
