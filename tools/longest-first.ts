import { BaseSequencer, type TestSpecification } from "vitest/node"

/** What takes the longest: begun last, one processor would wait for it at the end. */
const longest = [
  "e2e/app/access.e2e.ts",
  "e2e/app/engine.e2e.ts",
  "e2e/app/set-up.e2e.ts",
  "e2e/app/two-families.e2e.ts",
  "sync-server/src/cli/process.test.ts",
  "e2e/journeys/circles.test.ts",
]

const placeOf = ({ moduleId, project }: TestSpecification): number => {
  const place = longest.findIndex(file => moduleId.endsWith(`/${file}`))
  if (place >= 0) return place
  // A process that several files share goes on only while one of them is the next.
  return project.config.isolate ? longest.length : longest.length + 1
}

/** The longest first, then files with a process of their own, then those that share one. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => placeOf(a) - placeOf(b))
  }
}
