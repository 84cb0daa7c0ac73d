import { describe, expect, it } from "vitest"
import { kindOf } from "./device-kind.js"

const safari = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15"
const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"

describe("what a device is proposed to be called", () => {
  it.each([
    [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${safari}`, true, 390, "iPhone"],
    [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${safari}`, true, 820, "iPad"],
    [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${safari}`, false, 900, "Mac"],
    [`Mozilla/5.0 (Linux; Android 10; K) ${chrome}`, true, 412, "androidPhone"],
    [`Mozilla/5.0 (Linux; Android 10; K) ${chrome}`, true, 800, "androidTablet"],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome}`, true, 800, "windows"],
    [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${chrome}`, false, 800, "chromebook"],
    [`Mozilla/5.0 (X11; Linux x86_64) ${chrome}`, false, 1080, "linux"],
    ["", true, 400, "phone"],
    ["", true, 700, "tablet"],
    ["", false, 700, "computer"],
  ] as const)("is what the browser says: %s, %s", (userAgent, isCoarse, shortSidePx, kind) => {
    expect(kindOf({ userAgent, isCoarse, shortSidePx })).toBe(kind)
  })
})
