/** Noise (revision 34) section 7.1: what one handshake message carries, in order. */
export type Token = "e" | "s" | "ee" | "es" | "se" | "ss" | "psk"

/** A handshake as section 7.2 writes it. Messages alternate, the initiator's first. */
export interface Pattern {
  /** As it stands in the protocol's name: `IK`, `XXpsk3`. */
  readonly name: string
  /** Static keys that the other side knows beforehand. */
  readonly known: { readonly initiator: boolean; readonly responder: boolean }
  readonly messages: readonly (readonly Token[])[]
}

/** Section 7.5. The initiator knows whom it calls (from the membership log) and says at once who it is. */
export const patternIk: Pattern = {
  name: "IK",
  known: { initiator: false, responder: true },
  messages: [
    ["e", "es", "s", "ss"],
    ["e", "ee", "se"],
  ],
}

/** Sections 7.5 and 9.4. Nobody knows anybody, both know a secret: an invitation. */
export const patternXxPsk3: Pattern = {
  name: "XXpsk3",
  known: { initiator: false, responder: false },
  messages: [["e"], ["e", "ee", "s", "es"], ["s", "se", "psk"]],
}
