export const shares = {
  "shares.named": "{title} (with {name})",
  "shares.with": "Shared with {name}",
  "shares.title": "Shared",
  "shares.none": "Nothing is shared with this family yet.",
  "shares.new": "Share a money book",
  "shares.newHow":
    "A new, empty book of which both families have everything. Nothing else of your family is in it, and they see nothing else.",
  "shares.unverifiedFirst":
    "You have not compared the digits with this family. Do that first: otherwise it could be somebody else who gets the book.",
  "shares.changedFirst": "Nothing new is shared with this family before you have compared its digits again.",
  "shares.name": "Name",
  "shares.nameHint": "Such as “Holiday at the lake”. Both families see it.",
  "shares.role": "What they may do",
  "shares.roleEditor": "Write, and set it up",
  "shares.roleEditorWhy": "They enter and change everything, also categories, accounts and budgets.",
  "shares.roleUser": "Write",
  "shares.roleUserWhy": "They enter and change entries. Categories, accounts and budgets are yours.",
  "shares.roleGuest": "Only read",
  "shares.roleGuestWhy": "They see everything and change nothing.",
  "shares.otherOffer":
    "You have not compared the digits with this family: it could be somebody else who offers this.",
  "shares.keeps":
    "What they have read they keep, also after you end it: you can take back what is still to come, never what was.",
  "shares.make": "Share it",
  "shares.making": "Looking for their meeting place …",
  "shares.made": "Offered. They find it under “Other families”.",

  "shares.offers": "Offered to you",
  "shares.offerFrom": "From {name}",
  "shares.offerOurs": "Your family has it on another device",
  "shares.looking": "Looking whether somebody has offered you something …",
  "shares.look": "Look again",
  "shares.noOffers": "There is nothing for this device.",
  "shares.accept": "Accept",
  "shares.acceptSure": "Share “{title}” with {name}?",
  "shares.acceptWhy":
    "It becomes a book in Money. What you write there both families have, and {name} keeps it even if you leave. Nothing else of your family is in it.",
  "shares.acceptOurs": "Open “{title}” on this device too?",
  "shares.acceptOursWhy":
    "It becomes a book in Money here as well. The other family sees that one more device of yours has come in, and not which.",
  "shares.accepting": "Fetching it …",
  "shares.accepted": "It is here: in Money, at the top.",

  "shares.people": "Who is in it",
  "shares.madeIt": "Made it and can end it",
  "shares.waiting": "Has not accepted yet",
  "shares.youHere": "your family",
  "shares.openMoney": "Open its money",
  "shares.names": "Each family appears under one name. Names of people and of devices stay at home.",
  "shares.log": "What happened",
  "shares.log.founded": "{by} made it.",
  "shares.log.deviceAdmitted": "A device of {who} came in.",
  "shares.log.deviceRemoved": "A device of {who} was taken out.",
  "shares.log.memberRemoved": "{by} ended it.",
  "shares.cardChanged":
    "{name} now comes with another card than before. Compare the digits before you rely on what is new here.",
  "shares.gone": "This is not here, or not any more.",
  "shares.ended": "Ended",
  "shares.end": "End sharing",
  "shares.endSure": "End sharing “{title}”?",
  "shares.endWhy":
    "{name} keeps what they have, and gets nothing that you write from then on. What they write then does not count. This cannot be undone; you can share a new book.",
  "shares.endedToast": "Ended.",
  "shares.endedOurs": "You have ended this. What is here stays with you.",
  "shares.endedTheirs": "{name} has ended this. What was here until then stays with you.",
  "shares.leave": "Leave",
  "shares.leaveSure": "Leave “{title}”?",
  "shares.leaveWhy":
    "Your family gets nothing new from it, on none of its devices. {name} keeps what you wrote. What is on this device is erased.",
  "shares.leftToast": "You have left it.",
  "shares.hasLeft": "Has left",
  "shares.weLeft": "Your family has left this. What was here until then stays with you.",
  "shares.forget": "Remove from this device",
  "shares.forgetSure": "Remove “{title}” from this device?",
  "shares.forgetWhy":
    "It is erased here, for good where no other device of yours has it. {name} keeps what they have, and still counts your family among those who are in it.",
  "shares.forgotten": "Removed from this device.",
  "shares.onlyRead": "The other family lets you read here, not write.",
  "shares.isOver": "This is no longer shared. What is here stays, and nothing new is entered.",

  "shares.problem.changed":
    "This family comes with another card than before. Compare the digits with them first.",
  "shares.problem.cannotShare":
    "Only who looks after the family shares with others, once this device has been let: open HOME on the device of somebody who could before.",
  "shares.problem.nobody":
    "Neither family's meeting place answers, so nothing was done. Is this device online?",
  "shares.problem.incomplete":
    "Not all of it has arrived at the meeting place. Try again when the other family was online.",
  "shares.problem.notForUs": "It is not open to your family, or not any more.",
} as const
