/** What of the Trusted Types API is used here; TypeScript's lib does not have it. */
interface Policy {
  createHTML(html: string): string
  createScriptURL(url: string): string
}
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createHTML(html: string): string; createScriptURL(url: string): string },
  ): Policy
}

const factory = (globalThis as { readonly trustedTypes?: PolicyFactory }).trustedTypes

const rules = {
  createHTML: (html: string): string => html,
  createScriptURL: (url: string): string => {
    const { origin } = new URL(url, location.href)
    if (origin !== location.origin) throw new TypeError(`a script from ${origin}`)
    return url
  },
}

/** The only policy: the page's CSP names it and allows no second one. */
const policy: Policy = factory?.createPolicy("home", rules) ?? rules

/** For Solid's compiled templates alone (build/trusted-templates.ts): constants of the program, never content. */
export const trustedTemplate = (html: string): string => policy.createHTML(html)

/** The address of a worker of our own, as `new Worker` and `serviceWorker.register` want it. Throws for other origins. */
export const trustedScriptUrl = (url: string): string => policy.createScriptURL(url)
