import type { money as english } from "../en/money.js"
import type { Message } from "../message.js"

export const money: Readonly<Record<keyof typeof english, Message>> = {
  "money.empty": "还没有任何记录",
}
