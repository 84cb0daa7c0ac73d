import { editProfile, nameDevice } from "@home/shared/documents"
import type { Command } from "./command.js"

const edit: Command<{ readonly displayName?: string; readonly colour?: string; readonly picture?: string }> =
  {
    area: "profile",
    run: (draft, patch) => editProfile(draft, patch),
  }

const name: Command<{ readonly device: string; readonly name: string }> = {
  area: "profile",
  run: nameDevice,
}

/** On the document named by a member id; `editProfile` on "family" too. */
export const profileCommands = { editProfile: edit, nameDevice: name }
