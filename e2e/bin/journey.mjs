#!/usr/bin/env node
// The main path across real processes: see e2e/journeys/main.ts. `npm run journey -- FILE...`
import { runBundled } from "./bundle.mjs"

await runBundled("journeys/main.ts", "journey")
