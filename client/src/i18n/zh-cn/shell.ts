import type { shell as english } from "../en/shell.js"
import type { Message } from "../message.js"

export const shell: Readonly<Record<keyof typeof english, Message>> = {
  "app.name": "HOME",
  "app.skip": "跳到正文",
  "nav.label": "区域",
  "nav.money": "账本",
  "nav.family": "家人",
  "nav.settings": "设置",

  "action.back": "返回",
  "action.cancel": "取消",
  "action.close": "关闭",
  "action.continue": "继续",
  "action.copy": "复制",
  "action.copied": "已复制",
  "action.delete": "删除",
  "action.done": "完成",
  "action.remove": "移除",
  "action.save": "保存",
  "action.undo": "撤销",

  "keypad.label": "金额键盘",
  "keypad.erase": "删除末位",
  "keypad.plus": "加",
  "keypad.minus": "减",

  "camera.label": "相机画面",
  "camera.starting": "正在打开相机……",
  "camera.denied": "这里不允许使用相机。请在浏览器设置中允许，或改为粘贴文字。",
  "camera.absent": "没有找到相机。请改为粘贴文字。",
  "camera.insecure": "浏览器只允许通过 https 打开的页面使用相机。请改为粘贴文字。",

  "sync.here": "已存在本机",
  "sync.box": "已到家庭盒子",
  "sync.everywhere": "全家设备都有了",
  "sync.hereWhy": "所有内容都已保存在本机。还有 {count} 处更改没有传到其他设备。",
  "sync.hereAlone": "所有内容都已保存在本机。还没有其他设备拥有它们。",
  "sync.boxWhy": "家里的盒子已有全部内容。有些设备还没有取走。",
  "sync.everywhereWhy": "全家每台设备都有全部内容。",
  "sync.details": "谁已是最新",

  "update.ready": "HOME 的新版本已准备好。",
  "update.now": "立即重启",
  "update.later": "以后再说",
  "eviction.warning": "空间不足时，此浏览器可能会删除 HOME 的数据。请安装 HOME，或允许它保留数据。",
  "eviction.allow": "保留数据",
  "quota.warning": "本机空间快满了（剩余 {free}）。新的更改可能很快就存不下。",
  "quota.full": "本机空间已满：现在输入的内容无法保存。只要 HOME 开着就不会丢失；请先腾出空间。",

  "palette.title": "前往或执行",
  "palette.placeholder": "输入要找的内容",
  "palette.nothing": "没有叫这个名字的。",
  "palette.open": "搜索",

  "error.title": "这个画面出了问题",
  "error.text": "之前输入的内容都已保存。请重新打开这个画面；如果再次出现，请重启 HOME。",
  "error.again": "重新打开",
  "error.reload": "重启 HOME",
  "failed.title": "HOME 无法打开本机存储",
  "failed.text":
    "隐私窗口不保存任何内容，磁盘已满也无法写入。请在普通窗口中打开 HOME，腾出空间后重新启动。已保存的内容不受影响。",
  "insecure.title": "HOME 在这里需要 https",
  "insecure.text":
    "此页面是通过普通 http 打开的。这样浏览器既不提供存放钥匙的安全存储，也不允许离线使用和相机。",
  "insecure.how": "请改为打开以 https:// 开头的地址。管理盒子的人可以在启动盒子的地方看到它。",
  "missing.title": "这里什么也没有",
  "missing.text": "这个地址没有内容，或者内容已经不在了。",
  "missing.home": "回到首页",
  "app.loading": "加载中",
}
