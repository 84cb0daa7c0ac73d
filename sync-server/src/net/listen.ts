import { ok } from "@home/shared/base"
import type { Listen } from "./listening.js"
import { openPort } from "./port.js"

/** HTTP and WebSocket on a port of its own. */
export const listen: Listen = async (clock, options, handlers) => {
  const port = await openPort(options)
  if (!port.ok) return port
  const mounted = await port.value.at("")(clock, options, handlers)
  if (!mounted.ok) return mounted
  const close = async (): Promise<void> => {
    await mounted.value.close()
    await port.value.close()
  }
  return ok({ ...mounted.value, close })
}
