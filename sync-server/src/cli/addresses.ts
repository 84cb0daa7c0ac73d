import { type Result, ok } from "@home/shared/base"
import { type Failure, fail } from "./failure.js"

/** A relay as a person writes it; the form that all devices must agree on, since it names the rooms. */
export const parseRelayUrl = (text: string): Result<string, Failure> => {
  try {
    const url = new URL(text)
    if ((url.protocol === "ws:" || url.protocol === "wss:") && url.search === "" && url.hash === "") {
      return ok(url.href.replace(/\/+$/, ""))
    }
  } catch {
    // falls through: not a URL
  }
  return fail("usage", `${text} is no relay: it must begin with ws:// or wss://`)
}

export const parsePort = (text: string): Result<number, Failure> => {
  const port = Number(text)
  return /^\d{1,5}$/.test(text) && port <= 65_535 ? ok(port) : fail("usage", `${text} is no port: 0 to 65535`)
}

/** A host's name in lower case, or an address. RFC 1123, section 2.1. */
export const parseHostName = (text: string): Result<string, Failure> => {
  const name = text.toLowerCase()
  const isName = name.length <= 253 && /^(?!-)[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63})*$/.test(name)
  return isName ? ok(name) : fail("usage", `${text} is no host name: nas.local, for example`)
}
