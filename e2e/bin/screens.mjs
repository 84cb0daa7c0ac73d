#!/usr/bin/env node
// Pictures of every screen: see e2e/screens/main.ts. `npm run screens -- [FOLDER]`
import { runBundled } from "./bundle.mjs"

await runBundled("screens/main.ts", "screens")
