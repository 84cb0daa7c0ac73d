import { writeSync } from "node:fs"
import { textToBytes } from "@home/shared/base"
import { testBundle, testFeed } from "@home/shared/testing"
import { openProfileDatabase } from "../profile-database.js"

// Appends batches of bundles and pairs of values for ever, and prints a line when each is durable.
const [path = "", from = "1"] = process.argv.slice(2)
const opened = openProfileDatabase(path)
if (!opened.ok) throw new Error(opened.error.type)
const { store, archive } = opened.value
for (let batch = Number(from); ; batch++) {
  const bundles = [1, 2, 3].map(feed =>
    testBundle({ feed: testFeed(feed), seq: batch, sizeBytes: 100 + 37 * (batch % 40) }),
  )
  const value = textToBytes(String(batch))
  await Promise.all([
    archive.append(bundles),
    store.write([
      { type: "Put", key: ["left"], value },
      { type: "Put", key: ["right"], value },
    ]),
  ])
  // Not through the stream: the line must not wait in this process' memory.
  writeSync(1, `${batch}\n`)
}
