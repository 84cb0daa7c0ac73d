#!/usr/bin/env node
import { runBundled } from "./bundle.mjs"

await runBundled("bench/main.ts", "bench", { isSplit: true })
