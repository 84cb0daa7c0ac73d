import { err, ok } from "@home/shared/base"
import type { OperationBody } from "@home/shared/access"
import type { Author } from "@home/shared/replica"
import type { OpenDevice } from "../profile/device.js"
import type { Outcome } from "./home.js"
import { actFailure } from "./refusals.js"

/** Signs an operation and adds it to the family's log, with its refusals in words. */
export const act = async (
  device: OpenDevice,
  body: OperationBody | ((author: Author) => Promise<OperationBody>),
): Outcome => {
  const done = await device.replica.act(body)
  return done.ok ? ok(undefined) : err(actFailure(done.error))
}
