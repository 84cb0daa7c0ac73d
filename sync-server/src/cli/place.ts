import { Option } from "commander"
import { type CircleId, type Result, ok } from "@home/shared/base"
import { type ShownCircle, shownCircles } from "@home/shared/device"
import type { OpenDevice } from "../profile/device.js"
import type { OpenProfile } from "../profile/profile.js"
import { type Failure, fail } from "./failure.js"
import { one, startsWithId } from "./find.js"
import type { Home, Outcome } from "./home.js"
import { withDevice } from "./with-device.js"

/** Where a command reads and writes: the documents of one circle. */
export interface Place {
  readonly device: OpenDevice
  readonly circle: CircleId
  /** Of a share: the family's profile. */
  readonly around?: OpenProfile | undefined
}

/** What circles are called that nobody has named. */
export const everyoneName = "everyone"
export const onlyMeName = "only me"

export const circleName = ({ name, isEveryone, isOnlyMe }: ShownCircle): string =>
  name !== "" ? name : isEveryone ? everyoneName : isOnlyMe ? onlyMeName : ""

/** A circle by its name (any case) or by the beginning of its id, whether this device reads it or not. */
export const findCircle = async (device: OpenDevice, text: string): Promise<Result<ShownCircle, Failure>> => {
  const all = await shownCircles(device)
  const named = all.filter(circle => circleName(circle).toLowerCase() === text.toLowerCase() && text !== "")
  return one(named.length > 0 ? named : all.filter(({ id }) => startsWithId(id, text)), "circle", text)
}

const everyonePlace = (device: OpenDevice): Place => ({ device, circle: device.replica.everyone() })

/** `undefined`: Everyone. A circle that this device does not read is no place for it. */
const findPlace = async (device: OpenDevice, text: string | undefined): Promise<Result<Place, Failure>> => {
  if (text === undefined) return ok(everyonePlace(device))
  const found = await findCircle(device, text)
  if (!found.ok) return found
  return found.value.isRead
    ? ok({ device, circle: found.value.id })
    : fail("refused", "this device does not read that circle: somebody who does has to do it", {
        reason: "CircleNotRead",
      })
}

export const withPlace = (home: Home, circle: string | undefined, work: (place: Place) => Outcome): Outcome =>
  withDevice(home, async (device, around) => {
    const place = await findPlace(device, circle)
    return place.ok ? work({ ...place.value, around }) : place
  })

export const circleOption = (): Option =>
  new Option(
    "--circle <circle>",
    "of a circle, by its name or the beginning of its id; everyone's if left out",
  )
