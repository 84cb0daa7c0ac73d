export const shell = {
  "app.name": "HOME",
  "app.skip": "Skip to content",
  "nav.label": "Areas",
  "nav.money": "Money",
  "nav.family": "Family",
  "nav.settings": "Settings",

  "action.back": "Back",
  "action.cancel": "Cancel",
  "action.close": "Close",
  "action.continue": "Continue",
  "action.copy": "Copy",
  "action.copied": "Copied",
  "action.delete": "Delete",
  "action.done": "Done",
  "action.remove": "Remove",
  "action.save": "Save",
  "action.undo": "Undo",

  "keypad.label": "Amount keypad",
  "keypad.erase": "Erase last digit",
  "keypad.plus": "Plus",
  "keypad.minus": "Minus",

  "camera.label": "Camera picture",
  "camera.starting": "Starting the camera …",
  "camera.denied":
    "The camera is not allowed here. Allow it in the browser's settings, or paste the text instead.",
  "camera.absent": "No camera was found. Paste the text instead.",
  "camera.insecure": "The browser gives the camera only to pages opened over https. Paste the text instead.",

  "sync.here": "Saved here",
  "sync.box": "On the box",
  "sync.everywhere": "On everyone's devices",
  "sync.hereWhy": "Everything is saved on this device. {count} changes have not reached another one yet.",
  "sync.hereAlone": "Everything is saved on this device. No other device has it yet.",
  "sync.boxWhy": "The box at home has everything. Some devices have not fetched it yet.",
  "sync.everywhereWhy": "Every device of the family has everything.",
  "sync.details": "Who is up to date",

  "update.ready": "A new version of HOME is ready.",
  "update.now": "Restart now",
  "update.later": "Later",
  "eviction.warning":
    "This browser may delete HOME's data when space runs short. Install HOME, or allow it to keep its data.",
  "eviction.allow": "Keep the data",
  "quota.warning": "This device is almost full ({free} left). New changes may not fit soon.",
  "quota.full":
    "This device is full: what you enter now cannot be kept. Nothing is lost while HOME stays open; make room first.",

  "palette.title": "Go to or do",
  "palette.placeholder": "Type what you look for",
  "palette.nothing": "Nothing is called that.",
  "palette.open": "Search",

  "error.title": "Something went wrong on this screen",
  "error.text": "What you entered before is saved. Open the screen again; if it happens again, restart HOME.",
  "error.again": "Open again",
  "error.reload": "Restart HOME",
  "failed.title": "HOME cannot open its storage here",
  "failed.text":
    "A private window keeps nothing, and a full disk takes nothing. Open HOME in a normal window, make room, and start it again. What was saved is untouched.",
  "insecure.title": "HOME needs https here",
  "insecure.text":
    "This page was opened over plain http. Browsers then give it neither a safe storage for keys, nor work without a network, nor the camera.",
  "insecure.how":
    "Open the address that begins with https:// instead. Whoever runs the box sees it where the box was started.",
  "missing.title": "There is nothing here",
  "missing.text": "The address leads nowhere, or what it led to is gone.",
  "missing.home": "To the first page",
  "app.loading": "Loading",
} as const
