import type { family as english } from "../en/family.js"
import type { Message } from "../message.js"

export const family: Readonly<Record<keyof typeof english, Message>> = {}
