import { bytesToHex } from "@home/shared/base"
import { describe, expect, it } from "vitest"
import type { BlobCipher } from "../blob-cipher.js"
import { nobleAesGcm } from "../noble/aes-gcm.js"
import { fromHex } from "./bytes.js"

const none = new Uint8Array(0)
const bytes = (length: number, first = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (first + 31 * i) & 0xff)

/** What every AES-256-GCM must give: the published cases, and byte for byte what noble gives. */
export const runBlobCipherContract = (name: string, cipher: BlobCipher): void => {
  describe(`AES-256-GCM: ${name}`, () => {
    it("[K80] gives test cases 13 to 15 of McGrew and Viega", async () => {
      const [key, nonce] = [new Uint8Array(32), new Uint8Array(12)]
      expect(bytesToHex(await cipher.seal(key, nonce, none, none))).toBe("530f8afbc74536b9a963b4f1c4cb738b")
      expect(bytesToHex(await cipher.seal(key, nonce, none, new Uint8Array(16)))).toBe(
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
      )
      const sealed = await cipher.seal(
        fromHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
        fromHex("cafebabefacedbaddecaf888"),
        none,
        fromHex(
          "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" +
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
        ),
      )
      expect(bytesToHex(sealed)).toBe(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" +
          "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad" +
          "b094dac5d93471bdec1a502270e3cc6c",
      )
    })

    it("[K80] seals and opens as the reference does, and refuses what was altered", async () => {
      for (const length of [0, 1, 15, 16, 17, 4096, 70_000]) {
        const [key, nonce, associated, plaintext] = [bytes(32, length), bytes(12), bytes(11), bytes(length)]
        const sealed = await cipher.seal(key, nonce, associated, plaintext)
        expect(sealed).toEqual(await nobleAesGcm.seal(key, nonce, associated, plaintext))
        expect(sealed.constructor).toBe(Uint8Array)
        expect(await cipher.open(key, nonce, associated, sealed)).toEqual(plaintext)
        const altered = sealed.slice()
        altered[length >> 1] = (altered[length >> 1] ?? 0) ^ 1
        for (const refused of [altered, sealed.subarray(1), sealed.subarray(0, -1), bytes(15), none])
          expect(await cipher.open(key, nonce, associated, refused)).toBeUndefined()
        expect(await cipher.open(bytes(32, length + 1), nonce, associated, sealed)).toBeUndefined()
        expect(await cipher.open(key, bytes(12, 2), associated, sealed)).toBeUndefined()
        expect(await cipher.open(key, nonce, none, sealed)).toBeUndefined()
      }
    })

    it("[K80] takes no key and no nonce of another length", async () => {
      for (const [key, nonce] of [
        [bytes(16), bytes(12)],
        [bytes(31), bytes(12)],
        [bytes(32), bytes(11)],
        [bytes(32), bytes(16)],
      ] as const) {
        await expect(cipher.seal(key, nonce, none, none)).rejects.toThrow()
        await expect(cipher.open(key, nonce, none, bytes(16))).rejects.toThrow()
      }
    })
  })
}
