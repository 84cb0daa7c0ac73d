import type { others as english } from "../en/others.js"
import type { Message } from "../message.js"

export const others: Readonly<Record<keyof typeof english, Message>> = {
  "others.title": "其他家庭",
  "others.none": "还没有其他家庭",
  "others.noneWhy":
    "亲戚朋友家也在用 HOME？先互相交换一次名片，以后就能和他们共用一个账本，比如一起旅行，或者一起给奶奶买礼物。",
  "others.noneSafe": "交换名片不会让对方看到您家的任何内容，您也看不到对方的。",
  "others.onlyAdmin": "只有家庭管理员可以和其他家庭交换名片。",
  "others.unnamed": "没有名字的家庭",
  "others.unverified": "未核对",
  "others.verified": "已核对",
  "others.changed": "有变化",

  "others.card": "我家的名片",
  "others.cardDetail": "给别人扫描，或发给对方",
  "others.cardHow": "请对方打开 HOME，依次点“家人”“其他家庭”“添加家庭”，扫描这个二维码。然后您再扫描对方的。",
  "others.cardQr": "我家名片的二维码",
  "others.cardCopy": "复制名片",
  "others.cardSays":
    "名片上只有您家的名字和联系地址，没有家里任何人的信息。用什么方式发都可以；有没有被人调换，之后核对一下就知道。",
  "others.noCard": "名片还没有传到本机。它在创建家庭的那台设备上，或者再用一次那 24 个单词也会生成。",

  "others.add": "添加家庭",
  "others.addHow": "扫描对方出示的名片，或粘贴对方发来的内容。",
  "others.addText": "对方的名片",
  "others.addHint": "以 homecard1- 开头的一长串字符",

  "others.unverifiedWhy": "名片在路上可能被人调换。没有核对数字之前，用这个名字的也许是别人。",
  "others.verifiedBy": "{name}已在{day}核对过数字，确实是您认识的那一家。",
  "others.verifiedOn": "已在{day}核对过数字，确实是您认识的那一家。",
  "others.changedWhy": "请当心：用这个名字的名片和以前的不一样了。",
  "others.changedReason":
    "可能是他们换了那 24 个单词，也可能是有人冒充他们。重新核对之前，不会再和他们共用新的内容。",
  "others.changedHelp": "请拨打您熟悉的号码，问问对方看到的是哪一组数字。",
  "others.compare": "核对数字",
  "others.compareHow": "打电话或者见面，两家都打开对方的这一页。两边的数字必须每一位都相同。",
  "others.digits": "数字",
  "others.same": "数字全部相同",
  "others.differ": "不一样",
  "others.differWhy": "那就什么都不要共用：也许有人夹在你们中间。请移除这张名片，让对方当面给您看名片。",
  "others.theySeeThese": "对方看到的是这组数字",
  "others.knownCard": "您以前认识的名片",
  "others.otherCard": "另一张名片",
  "others.takenIn": "{name}在{day}添加的。",
  "others.scanHow": "两家人在一起？也可以让一方扫描另一方的二维码。",
  "others.digitsQr": "数字的二维码",
  "others.isVerified": "已记下：核对过了。",
  "others.notHere": "联系人里没有这个家庭。",
  "others.remove": "移除这个家庭",
  "others.removeSure": "要移除{name}吗？",
  "others.removeWhy": "名片和核对过的记录都会删掉。以后还可以重新交换名片。",
  "others.removed": "已移除。",

  "others.problem.notACard": "这不是名片。名片以 homecard1- 开头。",
  "others.problem.ownFamily": "这是您自己家的名片。",
  "others.problem.forged": "这张名片在路上被改过，或是伪造的。请让对方重新发一次。",
  "others.problem.otherNumber": "数字不一样，也许有人夹在你们中间。没有确认任何内容。",
}
