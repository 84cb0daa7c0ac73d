import type { Random } from "@home/shared/base"
import { type CodeHost, type CodeNewcomer, enterCode, hostCode } from "./code-exchange.js"
import { createSpokenCode, formatSpokenCode, parseSpokenCode } from "./spoken-code.js"

/** Codes that are read out, as the port `SpokenCodes` of shared/device asks for them. */
export const createSpokenCodes = (
  random: Random,
): {
  host(payload: Uint8Array): CodeHost & { readonly text: string; readonly nameplate: string }
  /** `undefined`: the text is no code. */
  enter(text: string): (CodeNewcomer & { readonly nameplate: string }) | undefined
} => ({
  host: payload => {
    const code = createSpokenCode(random)
    return { ...hostCode(random, code, payload), text: formatSpokenCode(code), nameplate: code.nameplate }
  },
  enter: text => {
    const code = parseSpokenCode(text)
    return code && { ...enterCode(random, code), nameplate: code.nameplate }
  },
})
