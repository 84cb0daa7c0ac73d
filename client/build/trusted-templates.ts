import type { Plugin } from "vite"

const solidWeb = /\/solid-js\/web\/dist\/web\.js$/
const assignment = "t.innerHTML = html;"

/**
 * Solid makes its templates through `innerHTML`, which `require-trusted-types-for 'script'` refuses. This sends that one
 * assignment through our policy; a Solid that does it in another way, or in more places, fails the build.
 */
export const trustedTemplates = (policyPath: string): Plugin => {
  let isPatched = false
  return {
    name: "home:trusted-templates",
    apply: "build",
    enforce: "pre",
    buildStart() {
      isPatched = false
    },
    transform(code, id) {
      if (!solidWeb.test(id)) return undefined
      if (code.split(assignment).length !== 2) {
        throw new Error(`trusted-templates: not exactly one "${assignment}" in ${id}`)
      }
      isPatched = true
      return {
        code: `import { trustedTemplate } from ${JSON.stringify(policyPath)}\n${code.replace(assignment, "t.innerHTML = trustedTemplate(html);")}`,
        map: null,
      }
    },
    buildEnd(error) {
      if (error === undefined && !isPatched) throw new Error("trusted-templates: solid-js/web was not seen")
    },
  }
}
