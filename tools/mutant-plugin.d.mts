import type { Plugin } from "vite"

export const mutantPlugin: (repository: string) => Plugin
