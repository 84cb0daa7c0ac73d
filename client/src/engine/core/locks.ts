import { type PassphraseCost, createVault, openVault, rewrapVault } from "@home/crypto"
import { type Random, type Result, err, ok } from "@home/shared/base"
import type { Sealer } from "@home/shared/wire"
import {
  type ClearStore,
  type HiddenWrap,
  type PasskeyWrap,
  unwrapHidden,
} from "../../adapters/clear-records.js"
import type { Unlock, UnlockError, UnlockWay } from "../port.js"

/** The ways to this profile's master key. The vault with its passphrase is always one of them. */
export interface Locks {
  /** Empty: there is no profile. */
  ways(): Promise<readonly UnlockWay[]>
  open(unlock: Unlock): Promise<Result<Uint8Array, UnlockError>>
  changePassphrase(current: string, next: string): Promise<Result<void, UnlockError>>
  addPasskey(
    masterKey: Uint8Array,
    passkey: Omit<PasskeyWrap, "sealed"> & { readonly secret: Uint8Array },
  ): Promise<void>
  removePasskeys(): Promise<void>
  setDeviceLock(wrap: HiddenWrap | undefined): Promise<void>
}

const passkeyDomain = "passkey"

/** A new vault, to be put in place once everything else of the profile is on disk. */
export const newVault = (
  deps: { readonly random: Random; readonly cost: PassphraseCost },
  passphrase: string,
): Promise<{ readonly vault: Uint8Array; readonly masterKey: Uint8Array }> =>
  createVault(deps, [{ type: "Passphrase", passphrase }])

export const createLocks = (deps: {
  readonly clear: ClearStore
  readonly sealer: Sealer
  readonly random: Random
  readonly cost: PassphraseCost
}): Locks => {
  const { clear, sealer, random, cost } = deps

  const byPassphrase = async (passphrase: string): Promise<Result<Uint8Array, UnlockError>> => {
    const vault = await clear.get("vault")
    if (vault === undefined) return err({ type: "NoSuchWay" })
    if (passphrase === "") return err({ type: "WrongPassphrase" })
    const opened = await openVault(vault, { type: "Passphrase", passphrase })
    if (opened.ok) return opened
    return err({ type: opened.error.type === "WrongPassphrase" ? "WrongPassphrase" : "ProfileDamaged" })
  }

  const byPasskey = async (secret: Uint8Array): Promise<Result<Uint8Array, UnlockError>> => {
    for (const { salt, sealed } of (await clear.get("passkeys")) ?? []) {
      const masterKey = sealer.openUnder(passkeyDomain, secret, salt, sealed)
      if (masterKey !== undefined) return ok(masterKey)
    }
    return err({ type: "WrongPasskey" })
  }

  const byDeviceLock = async (): Promise<Result<Uint8Array, UnlockError>> => {
    const wrap = await clear.get("deviceLock")
    const masterKey = wrap && (await unwrapHidden(wrap))
    return masterKey === undefined ? err({ type: "NoSuchWay" }) : ok(masterKey)
  }

  return {
    ways: async () => {
      if ((await clear.get("vault")) === undefined) return []
      const passkeys = (await clear.get("passkeys")) ?? []
      const ways: UnlockWay[] = [{ type: "Passphrase" }]
      if (passkeys.length > 0) {
        const credentials = passkeys.map(({ credentialId, salt }) => ({ credentialId, salt }))
        ways.push({ type: "Passkey", credentials })
      }
      if ((await clear.get("deviceLock")) !== undefined) ways.push({ type: "DeviceLock" })
      return ways
    },
    open: unlock => {
      switch (unlock.type) {
        case "Passphrase":
          return byPassphrase(unlock.passphrase)
        case "Passkey":
          return byPasskey(unlock.secret)
        case "DeviceLock":
          return byDeviceLock()
      }
    },
    changePassphrase: async (current, next) => {
      const vault = await clear.get("vault")
      if (vault === undefined) return err({ type: "NoSuchWay" })
      if (current === "") return err({ type: "WrongPassphrase" })
      const [from, to] = [current, next].map(passphrase => ({ type: "Passphrase", passphrase }) as const)
      if (from === undefined || to === undefined) return err({ type: "NoSuchWay" })
      const changed = await rewrapVault({ random, cost }, vault, from, [to])
      if (!changed.ok)
        return err({ type: changed.error.type === "WrongPassphrase" ? "WrongPassphrase" : "ProfileDamaged" })
      await clear.put("vault", changed.value)
      return ok(undefined)
    },
    addPasskey: async (masterKey, { credentialId, salt, secret }) => {
      const others = ((await clear.get("passkeys")) ?? []).filter(
        known => known.credentialId.join() !== credentialId.join(),
      )
      const sealed = sealer.sealUnder(passkeyDomain, secret, salt, masterKey)
      await clear.put("passkeys", [...others, { credentialId, salt, sealed }])
    },
    removePasskeys: () => clear.remove("passkeys"),
    setDeviceLock: wrap => (wrap === undefined ? clear.remove("deviceLock") : clear.put("deviceLock", wrap)),
  }
}
