import type { Command } from "./command.js"
import { bookCommands } from "./commands-book.js"
import { ledgerCommands } from "./commands-ledger.js"
import { profileCommands } from "./commands-profile.js"

/** All that can be journalled. A feature adds a file `commands-<area>.ts` and a line here. */
export const commands = { ...profileCommands, ...bookCommands, ...ledgerCommands }

export type CommandName = keyof typeof commands
export type CommandInput<N extends CommandName> = (typeof commands)[N] extends Command<infer I> ? I : never
