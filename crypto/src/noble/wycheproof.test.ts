import { runWycheproof } from "../testing/wycheproof.js"
import { noble } from "./all.js"

runWycheproof("noble", noble)
