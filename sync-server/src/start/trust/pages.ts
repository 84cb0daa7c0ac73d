import type { IncomingMessage } from "node:http"
import type { Authority } from "../../tls/own-certificate.js"
import { type PageServer, closedHeaders } from "../page-server.js"
import { appleProfile } from "./apple-profile.js"
import { style } from "./style.js"
import { type TrustTexts, chinese, english } from "./texts.js"

/** No script at all; the one style sheet is a file. */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

interface Answer {
  readonly type: string
  readonly body: string | Uint8Array
  /** A file to keep, not a page. */
  readonly saveAs?: string
}

/**
 * Explains how a device learns to trust the machine's own certificate, and gives it out. Served over plain http too: it
 * must open before the certificate is trusted. `prefix`: where the pages live, `/trust`.
 */
export const createTrustPages = (authority: Authority, prefix: string): PageServer => {
  const files: Readonly<Record<string, Answer>> = {
    "/style.css": { type: "text/css; charset=utf-8", body: style },
    "/ca.crt": { type: "application/x-x509-ca-cert", body: authority.bytes, saveAs: "ca.crt" },
    "/ca.pem": { type: "application/x-pem-file", body: authority.pem, saveAs: "ca.pem" },
    "/home.mobileconfig": { type: "application/x-apple-aspen-config", body: appleProfile(authority) },
  }
  const answerTo = (request: IncomingMessage): Answer | undefined => {
    const path = (request.url ?? "").slice(prefix.length)
    const texts = pages[path] ?? (path === "" || path === "/" ? textsFor(request) : undefined)
    if (texts === undefined) return files[path]
    const body = pageOf(texts, authority, { prefix, origin: secureOrigin(request) })
    return { type: "text/html; charset=utf-8", body }
  }
  return (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD")
      return void response.writeHead(405, { ...closedHeaders, allow: "GET, HEAD" }).end()
    const answer = answerTo(request)
    response.writeHead(answer === undefined ? 404 : 200, {
      ...closedHeaders,
      "content-security-policy": contentSecurityPolicy,
      "content-type": answer?.type ?? "text/plain",
      "cache-control": "no-store",
      vary: "accept-language",
      ...(answer?.saveAs === undefined
        ? {}
        : { "content-disposition": `attachment; filename="${answer.saveAs}"` }),
    })
    response.end(request.method === "HEAD" ? undefined : (answer?.body ?? "not found\n"))
  }
}

const pages: Readonly<Record<string, TrustTexts>> = { "/en": english, "/zh-CN": chinese }

/** By the first of the browser's languages that we have. */
const textsFor = ({ headers: { "accept-language": wanted = "" } }: IncomingMessage): TrustTexts => {
  const [first] = /\b(?:en|zh)\b/.exec(wanted) ?? []
  return first === "zh" ? chinese : english
}

/** The same host and port over https; `undefined` when what the browser named is no host. */
const secureOrigin = ({ headers: { host = "" } }: IncomingMessage): string | undefined =>
  /^(?:[\w.-]+|\[[\da-fA-F:]+\])(?::\d{1,5})?$/.test(host) ? `https://${host}/` : undefined

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)

const paragraphs = (texts: readonly string[]): string =>
  texts.map(text => `<p>${escaped(text)}</p>`).join("\n")

const pageOf = (
  texts: TrustTexts,
  authority: Authority,
  { prefix, origin }: { readonly prefix: string; readonly origin: string | undefined },
): string => {
  const other = texts.lang === "en" ? "zh-CN" : "en"
  const guides = texts.guides.map(
    ({ device, file, steps }) => `<details>
<summary>${escaped(device)}</summary>
<p><a class="button" href="${prefix}/${file}">${escaped(texts.download(file))}</a></p>
<ol>
${steps.map(step => `<li>${escaped(step)}</li>`).join("\n")}
</ol>
</details>`,
  )
  const link = origin === undefined ? "" : `<p><a class="button" href="${origin}">${origin}</a></p>`
  return `<!doctype html>
<html lang="${texts.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(texts.title)} · HOME</title>
<link rel="stylesheet" href="${prefix}/style.css">
</head>
<body>
<main>
<p><a href="${prefix}/${other}" lang="${other}" hreflang="${other}">${texts.other}</a></p>
<h1>${escaped(texts.title)}</h1>
${paragraphs(texts.why)}
<h2>${escaped(texts.compareTitle)}</h2>
${paragraphs(texts.compare)}
<dl>
<dt>${escaped(texts.name)}</dt><dd>${escaped(authority.name)}</dd>
<dt>${escaped(texts.fingerprint)}</dt><dd><code>${authority.fingerprint}</code></dd>
</dl>
<h2>${escaped(texts.howTitle)}</h2>
${guides.join("\n")}
<h2>${escaped(texts.thenTitle)}</h2>
<p>${escaped(texts.then)}</p>
${link}
<h2>${escaped(texts.endTitle)}</h2>
<p>${escaped(texts.end)}</p>
</main>
</body>
</html>
`
}
