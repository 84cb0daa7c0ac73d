/** Where a relay answers beside the page, when HOME's own server gives the page out. */
const relayPath = "/relay"

/** The ws address of the relay that this page's server has; `undefined`: a plain static host, or no network. */
export const findMeetingPlace = async (): Promise<string | undefined> => {
  try {
    const response = await fetch(`${relayPath}/health`, { cache: "no-store" })
    const answer: unknown = await response.json()
    const isRelay = typeof answer === "object" && answer !== null && "status" in answer
    return isRelay ? location.origin.replace(/^http/, "ws") + relayPath : undefined
  } catch {
    // Offline, or an answer that is no relay's.
    return undefined
  }
}
