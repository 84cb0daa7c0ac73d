import { type Result, err, ok } from "@home/shared/base"

/** A relay as a person writes it, in the form that all devices must agree on: it names the rooms. */
export const relayUrlOf = (text: string): Result<string, { readonly type: "InvalidRelay" }> => {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  const isRelay =
    url !== undefined &&
    /^wss?:$/.test(url.protocol) &&
    url.search === "" &&
    url.hash === "" &&
    url.host !== ""
  return isRelay ? ok(url.href.replace(/\/+$/, "")) : err({ type: "InvalidRelay" })
}
