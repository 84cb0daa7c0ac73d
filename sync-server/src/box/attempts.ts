export interface AttemptLimits {
  /** Attempts of one address within `windowMs` that may fail. */
  readonly failures: number
  readonly windowMs: number
  /** Addresses remembered at once; beyond it the oldest are forgotten. */
  readonly addresses: number
}

/** How often an address may try a secret. Attempts under way count as failed until they succeed. */
export interface Attempts {
  /** False: too many failed lately; nothing was counted. */
  begin(address: string, nowMs: number): boolean
  /** The attempt that began at `beganMs` was right after all. */
  succeeded(address: string, beganMs: number): void
}

export const createAttempts = (limits: AttemptLimits): Attempts => {
  const beganByAddress = new Map<string, readonly number[]>()
  return {
    begin: (address, nowMs) => {
      const recent = (beganByAddress.get(address) ?? []).filter(atMs => atMs > nowMs - limits.windowMs)
      const isAllowed = recent.length < limits.failures
      // Set anew each time, so that the first entry is the one that was quiet for longest.
      beganByAddress.delete(address)
      beganByAddress.set(address, isAllowed ? [...recent, nowMs] : recent)
      if (beganByAddress.size > limits.addresses) {
        const [oldest] = beganByAddress.keys()
        if (oldest !== undefined) beganByAddress.delete(oldest)
      }
      return isAllowed
    },
    succeeded: (address, beganMs) => {
      const began = [...(beganByAddress.get(address) ?? [])]
      const at = began.indexOf(beganMs)
      if (at < 0) return
      began.splice(at, 1)
      beganByAddress.set(address, began)
    },
  }
}
