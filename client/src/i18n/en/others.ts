export const others = {
  "others.title": "Other families",
  "others.none": "No other family yet",
  "others.noneWhy":
    "Friends or relatives have a HOME of their own? Exchange cards with them once. After that you can share a money book with them: for a holiday, or a present for Grandma.",
  "others.noneSafe": "A card shows them nothing of yours, and you see nothing of theirs.",
  "others.onlyAdmin": "Only who looks after the family exchanges cards with others.",
  "others.unnamed": "Family without a name",
  "others.unverified": "Not compared",
  "others.verified": "Compared",
  "others.changed": "Has changed",

  "others.card": "Our card",
  "others.cardDetail": "For others to scan, or to send",
  "others.cardHow":
    "The other family opens HOME, goes to Family, “Other families”, “Add a family”, and scans this. Then scan theirs.",
  "others.cardQr": "The card of our family as a code",
  "others.cardCopy": "Copy the card",
  "others.cardSays":
    "It holds the name of your family and where to find it, and nobody who belongs to it. You can send it in any message: whether it arrived unchanged, you compare afterwards.",
  "others.noCard":
    "The card is not here yet. It comes from the device on which the family was founded, or once the 24 words have been used again.",

  "others.add": "Add a family",
  "others.addHow": "Scan the card that the other family shows, or paste what they sent you.",
  "others.addText": "Their card",
  "others.addHint": "A long text that begins with homecard1-",

  "others.unverifiedWhy":
    "Somebody may have swapped the card on its way. Until you have compared the digits, it could be anybody who uses this name.",
  "others.verifiedBy": "{name} compared the digits on {day}. It is the family you know.",
  "others.verifiedOn": "The digits were compared on {day}. It is the family you know.",
  "others.changedWhy": "Be careful: this name now comes with another card than before.",
  "others.changedReason":
    "Either that family has made new 24 words, or somebody pretends to be it. Until you have compared again, nothing new is shared with it.",
  "others.changedHelp": "Call them at a number that you know, and ask which digits they see for your family.",
  "others.compare": "Compare the digits",
  "others.compareHow":
    "Call them, or sit together. Both of you open this page about each other. These digits must be the same on both devices, every one of them.",
  "others.digits": "The digits",
  "others.same": "All digits are the same",
  "others.differ": "They differ",
  "others.differWhy":
    "Then do not share anything: somebody may stand between you. Remove this card, and let them show you theirs in person.",
  "others.theySeeThese": "They see these digits",
  "others.knownCard": "The card that you knew",
  "others.otherCard": "The other card",
  "others.takenIn": "{name} took it in on {day}.",
  "others.scanHow": "Sitting together? Let one of you scan the other's code instead.",
  "others.digitsQr": "The digits as a code",
  "others.isVerified": "Saved: compared.",
  "others.notHere": "This family is not among your contacts.",
  "others.remove": "Remove this family",
  "others.removeSure": "Remove {name}?",
  "others.removeWhy":
    "The card is forgotten, and that you have compared it. Both of you can exchange cards again later.",
  "others.removed": "Removed.",

  "others.problem.notACard": "That is no card. It begins with homecard1-.",
  "others.problem.ownFamily": "That is the card of your own family.",
  "others.problem.forged": "This card was changed on its way, or made up. Ask for it again.",
  "others.problem.otherNumber":
    "These are other digits. Somebody may stand between you. Nothing was confirmed.",
} as const
