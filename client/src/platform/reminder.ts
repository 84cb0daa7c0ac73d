const storageKey = "home:remind-at"

/** Whether the person has asked to be reminded at a time that has not come yet. Milliseconds since 1970. */
export const isReminded = (nowMs: number): boolean => {
  try {
    return Number(localStorage.getItem(storageKey) ?? 0) > nowMs
  } catch {
    // No storage: then it is asked at every start.
    return false
  }
}

export const remind = (atMs: number): void => {
  try {
    localStorage.setItem(storageKey, String(atMs))
  } catch {
    // It holds until the page is closed.
  }
}
