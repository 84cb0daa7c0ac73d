import { type Random, equalBytes } from "@home/shared/base"
import { domains, framedParts } from "./domain.js"
import { noble } from "./noble/all.js"
import { shortCode } from "./short-code.js"

const contributionBytes = 32

const commitmentOf = (contribution: Uint8Array): Uint8Array =>
  noble.sha256(framedParts(domains.shortCodeCommitment, [contribution]))

/**
 * Both sides' part in the six digits (SPEC.md K69): the initiator commits, the responder contributes, the
 * initiator reveals. Neither can search for digits, because each is bound before it sees the other's bytes.
 * `begin` gives the first message to send, if it is ours; `take` gives what follows from one that came.
 */
export interface DigitsExchange {
  begin(): Uint8Array | undefined
  take(message: Uint8Array): "Refused" | { readonly send?: Uint8Array; readonly digits?: string }
}

export const createDigitsExchange = (
  role: "initiator" | "responder",
  handshakeHash: Uint8Array,
  random: Random,
): DigitsExchange => {
  const own = random.bytes(contributionBytes)
  let theirs: Uint8Array | undefined
  if (role === "initiator") {
    return {
      begin: () => commitmentOf(own),
      take: message => {
        if (message.length !== contributionBytes) return "Refused"
        return { send: own, digits: shortCode(handshakeHash, [own, message.slice()]) }
      },
    }
  }
  return {
    begin: () => undefined,
    take: message => {
      if (message.length !== contributionBytes) return "Refused"
      if (theirs === undefined) {
        theirs = message.slice()
        return { send: own }
      }
      if (!equalBytes(theirs, commitmentOf(message))) return "Refused"
      return { digits: shortCode(handshakeHash, [message.slice(), own]) }
    },
  }
}
