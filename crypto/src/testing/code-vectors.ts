import { bytesToHex, textToBytes } from "@home/shared/base"
import { enterCode, hostCode } from "../code-exchange.js"
import { cpaceGenerator, cpaceKey } from "../cpace.js"
import { framedParts } from "../domain.js"
import { nobleRistretto } from "../noble/ristretto.js"
import { type SpokenCode, formatSpokenCode } from "../spoken-code.js"
import { scriptedRandom } from "./bytes.js"
import type { VectorFile } from "./own-vectors.js"

const run = (first: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (first + i) & 0xff)

/** A whole exchange behind a spoken code, with all random bytes stated in the order in which they are drawn. */
export const codeVectors = (): VectorFile => {
  const code: SpokenCode = { nameplate: "0421", words: ["river", "apple", "stone"] }
  const payload = textToBytes("what the host gives")
  const newcomerDraws = [run(0x00, 16), run(0x20, 64)]
  const hostDraws = [run(0x60, 64), run(0xa0, 24)]
  const newcomer = enterCode(scriptedRandom(...newcomerDraws), code)
  const host = hostCode(scriptedRandom(...hostDraws), code, payload)
  const sent = (step: { readonly send?: Uint8Array } | undefined): Uint8Array => {
    if (step?.send === undefined) throw new Error("nothing was said")
    return step.send
  }
  const answer = sent(host.take(newcomer.begin))
  const prove = sent(newcomer.take(answer))
  const give = sent(host.take(prove))

  const [session = run(0, 0), initiatorUniform = run(0, 0)] = newcomerDraws
  const channel = framedParts("home/1/code", [textToBytes(code.nameplate)])
  const generator = cpaceGenerator(nobleRistretto, textToBytes("river apple stone"), channel, session)
  const [initiator, responder] = [newcomer.begin.slice(17), answer.slice(17)]
  const product = nobleRistretto.multiply(nobleRistretto.scalarOf(initiatorUniform), responder)
  if (product === undefined) throw new Error("the shares do not multiply")
  const key = cpaceKey(nobleRistretto, session, product, { share: initiator }, { share: responder })
  return {
    file: "code.json",
    rules: ["K90", "K91", "K92"],
    cases: [
      {
        name: "a code that is known to both",
        input: {
          code: formatSpokenCode(code),
          payload: bytesToHex(payload),
          newcomerRandom: newcomerDraws.map(bytesToHex),
          hostRandom: hostDraws.map(bytesToHex),
        },
        output: {
          generator: bytesToHex(generator),
          sharedElement: bytesToHex(product),
          sessionKey: bytesToHex(key),
          messages: [newcomer.begin, answer, prove, give].map(bytesToHex),
        },
      },
    ],
  }
}
