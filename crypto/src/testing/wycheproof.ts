import { bytesToHex } from "@home/shared/base"
import { describe, expect, it } from "vitest"
import type { Aead, Primitives } from "../primitives.js"
import { fromHex } from "./bytes.js"
import { readSample, report } from "./samples.js"

interface Case {
  readonly tcId: number
  readonly result: "valid" | "invalid" | "acceptable"
  readonly flags: readonly string[]
}
interface Suite<G> {
  readonly numberOfTests: number
  readonly testGroups: readonly G[]
}
interface AeadGroup {
  readonly ivSize: number
  readonly tests: readonly (Case & Record<"key" | "iv" | "aad" | "msg" | "ct" | "tag", string>)[]
}
interface SignatureGroup {
  readonly publicKey: { readonly pk: string }
  readonly tests: readonly (Case & Record<"msg" | "sig", string>)[]
}
interface AgreementGroup {
  readonly tests: readonly (Case & Record<"public" | "private" | "shared", string>)[]
}
interface DerivationGroup {
  readonly tests: readonly (Case &
    Record<"ikm" | "salt" | "info" | "okm", string> & { readonly size: number })[]
}

/** Third-party vectors over one implementation of the primitives. */
export const runWycheproof = (name: string, primitives: Primitives): void => {
  const aeadSuites: readonly {
    readonly suiteName: string
    readonly aead: Aead
    readonly nonceBits: number
    readonly rule: string
  }[] = [
    { suiteName: "chacha20_poly1305", aead: primitives.chacha20poly1305, nonceBits: 96, rule: "K4" },
    { suiteName: "xchacha20_poly1305", aead: primitives.xchacha20poly1305, nonceBits: 192, rule: "K5" },
  ]

  describe(`wycheproof: ${name}`, () => {
    for (const { suiteName, aead, nonceBits, rule } of aeadSuites) {
      const suite = readSample<Suite<AeadGroup>>(`${suiteName}_test.json`)
      it.skipIf(suite === undefined)(
        `[${rule}] ${suiteName}: seals and opens what is valid, refuses what is not`,
        () => {
          let passed = 0
          let otherNonces = 0
          for (const group of suite?.testGroups ?? [])
            for (const test of group.tests) {
              const [key, nonce, aad, message] = [test.key, test.iv, test.aad, test.msg].map(fromHex) as [
                Uint8Array,
                Uint8Array,
                Uint8Array,
                Uint8Array,
              ]
              const sealed = fromHex(test.ct + test.tag)
              if (group.ivSize !== nonceBits) {
                // No caller here has a nonce of another length; that it is refused is all there is to ask.
                expect(() => aead.seal(key, nonce, aad, message), `tcId ${test.tcId}`).toThrow()
                otherNonces++
              } else if (test.result === "valid") {
                expect(bytesToHex(aead.seal(key, nonce, aad, message)), `tcId ${test.tcId}`).toBe(
                  test.ct + test.tag,
                )
                expect(aead.open(key, nonce, aad, sealed), `tcId ${test.tcId}`).toEqual(message)
              } else expect(aead.open(key, nonce, aad, sealed), `tcId ${test.tcId}`).toBeUndefined()
              passed++
            }
          expect(passed).toBe(suite?.numberOfTests)
          report(
            `wycheproof/${suiteName}`,
            passed,
            ` (${otherNonces} of them nonces of another length, refused)`,
          )
        },
      )
    }

    const signatures = readSample<Suite<SignatureGroup>>("ed25519_test.json")
    it.skipIf(signatures === undefined)("[K2] ed25519: verifies exactly the valid signatures", async () => {
      let passed = 0
      for (const group of signatures?.testGroups ?? [])
        for (const test of group.tests) {
          const verified = await primitives.ed25519Verify(
            fromHex(group.publicKey.pk),
            fromHex(test.msg),
            fromHex(test.sig),
          )
          expect(verified, `tcId ${test.tcId}`).toBe(test.result === "valid")
          passed++
        }
      expect(passed).toBe(signatures?.numberOfTests)
      report("wycheproof/ed25519", passed)
    })

    const agreements = readSample<Suite<AgreementGroup>>("x25519_test.json")
    it.skipIf(agreements === undefined)(
      "[K3] x25519: the shared secret, or none where it would be zero",
      () => {
        let passed = 0
        for (const group of agreements?.testGroups ?? [])
          for (const test of group.tests) {
            const shared = primitives.x25519(fromHex(test.private), fromHex(test.public))
            const expected = /^0*$/.test(test.shared) ? undefined : test.shared
            expect(shared && bytesToHex(shared), `tcId ${test.tcId}`).toBe(expected)
            passed++
          }
        expect(passed).toBe(agreements?.numberOfTests)
        report("wycheproof/x25519", passed)
      },
    )

    const derivations = readSample<Suite<DerivationGroup>>("hkdf_sha256_test.json")
    it.skipIf(derivations === undefined)("[K1] hkdf-sha256: output, and no output beyond 8,160 bytes", () => {
      let passed = 0
      for (const group of derivations?.testGroups ?? [])
        for (const test of group.tests) {
          const derive = (): Uint8Array =>
            primitives.hkdfExpand(
              primitives.hkdfExtract(fromHex(test.salt), fromHex(test.ikm)),
              fromHex(test.info),
              test.size,
            )
          if (test.result === "valid") expect(bytesToHex(derive()), `tcId ${test.tcId}`).toBe(test.okm)
          else expect(derive, `tcId ${test.tcId}`).toThrow()
          passed++
        }
      expect(passed).toBe(derivations?.numberOfTests)
      report("wycheproof/hkdf_sha256", passed)
    })
  })
}
