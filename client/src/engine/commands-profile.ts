import { editProfile } from "@home/shared/documents"
import type { Command } from "./command.js"

const edit: Command<{ readonly displayName?: string; readonly colour?: string; readonly picture?: string }> =
  {
    area: "profile",
    run: (draft, patch) => editProfile(draft, patch),
  }

/** On the document named by a member id, or "family". */
export const profileCommands = { editProfile: edit }
