import type { setup as english } from "../en/setup.js"
import type { Message } from "../message.js"

export const setup: Readonly<Record<keyof typeof english, Message>> = {
  "setup.welcome": "欢迎使用 HOME",
  "setup.promise": "您家的账本、笔记、计划和聊天。它们保存在自家的设备上，没有网络也能用，外人无法阅读。",
}
