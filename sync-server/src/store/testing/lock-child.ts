import { writeSync } from "node:fs"
import { lockProfile } from "../profile-lock.js"

// Takes the lock of a profile, says what came of it, and holds it until its standard input ends.
const locked = lockProfile(process.argv[2] ?? "")
writeSync(1, locked.ok ? "locked\n" : `${locked.error.type} ${locked.error.pid}\n`)
process.stdin.resume()
process.stdin.on("end", () => process.exit(0))
