import { boxCommand } from "./command-box.js"
import { relayCommand } from "./command-relay.js"
import { startCommand } from "./command-start.js"
import { areaCommands } from "./commands-areas.js"
import { circleCommands } from "./commands-circles.js"
import { contactCommands } from "./commands-contacts.js"
import { familyCommands } from "./commands-family.js"
import { itemCommands } from "./commands-items.js"
import { shareCommands } from "./commands-shares.js"
import { storeCommands } from "./commands-store.js"
import type { Commands } from "./program.js"

/** Everything that `home` can do. */
export const allCommands: readonly Commands[] = [
  relayCommand,
  boxCommand,
  startCommand,
  familyCommands,
  circleCommands,
  contactCommands,
  shareCommands,
  areaCommands,
  itemCommands,
  storeCommands,
]
