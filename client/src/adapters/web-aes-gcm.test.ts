import { nobleAesGcm } from "@home/crypto"
import { runBlobCipherContract } from "@home/crypto/testing"
import { expect, it } from "vitest"
import { createWebAesGcm } from "./web-aes-gcm.js"

runBlobCipherContract("WebCrypto", createWebAesGcm(globalThis.crypto.subtle))

it("[K80] without WebCrypto it is noble's", () => {
  expect(createWebAesGcm(undefined)).toBe(nobleAesGcm)
})
