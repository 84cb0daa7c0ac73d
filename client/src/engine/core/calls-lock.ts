import { err, ok } from "@home/shared/base"
import { wrapHidden } from "../../adapters/clear-records.js"
import type { Calls } from "../port.js"
import { type Context, notOpen } from "./context.js"

type LockCalls = Pick<
  Calls,
  | "unlock"
  | "lock"
  | "changePassphrase"
  | "setAutoLock"
  | "setDeviceLock"
  | "addPasskey"
  | "removePasskeys"
  | "eraseEverything"
>

export const createLockCalls = (context: Context): LockCalls => {
  const reshow = (): void => {
    const state = context.cells.state.get()
    if (state?.type !== "Open") return
    void Promise.all([context.disk().clear.get("deviceLock"), context.disk().clear.get("passkeys")]).then(
      ([lock, passkeys]) =>
        context.cells.state.set({
          ...state,
          self: { ...state.self, hasDeviceLock: lock !== undefined, passkeys: passkeys?.length ?? 0 },
        }),
    )
  }
  return {
    unlock: async unlock => {
      const masterKey = await context.locks().open(unlock)
      if (!masterKey.ok) return masterKey
      const opened = await context.open(masterKey.value)
      return opened.ok ? ok(undefined) : opened
    },
    lock: async () => {
      // Who says so does not want the app to open by itself at the next start either.
      await context.locks().setDeviceLock(undefined)
      await context.shut()
      return ok(undefined)
    },
    changePassphrase: async ({ current, next }) => {
      if (context.family() === undefined) return err(notOpen)
      return next === "" ? err({ type: "NoPassphrase" }) : context.locks().changePassphrase(current, next)
    },
    setAutoLock: async ({ minutes }) => {
      if (context.family() === undefined) return err(notOpen)
      await context.setAutoLock(minutes)
      return ok(undefined)
    },
    setDeviceLock: async ({ isOn }) => {
      const family = context.family()
      if (family === undefined) return err(notOpen)
      await context.locks().setDeviceLock(isOn ? await wrapHidden(family.masterKey) : undefined)
      reshow()
      return ok(undefined)
    },
    addPasskey: async passkey => {
      const family = context.family()
      if (family === undefined) return err(notOpen)
      await context.locks().addPasskey(family.masterKey, passkey)
      reshow()
      return ok(undefined)
    },
    removePasskeys: async () => {
      if (context.family() === undefined) return err(notOpen)
      await context.locks().removePasskeys()
      reshow()
      return ok(undefined)
    },
    eraseEverything: async () => {
      await context.erase()
      return ok(undefined)
    },
  }
}
