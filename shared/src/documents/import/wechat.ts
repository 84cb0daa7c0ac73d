import type { Result } from "../../base/index.js"
import type { EntryDraft, ParsedImport } from "../drafts.js"
import { parseBill, type BillForm } from "./bill.js"
import type { ImportError } from "./import-error.js"

/** 已全额退款, 已退款(￥3.00), 对方已退还: the money came back, wholly or partly, as a row of its own. */
const statusOf = (state: string): EntryDraft["status"] | undefined => {
  if (/已.*退[款还]|退款成功/.test(state)) return "refunded"
  if (/关闭|失败|撤销|过期/.test(state)) return "closed"
  if (/等待|处理中|待|未/.test(state)) return "pending"
  return state === "" || /成功|完成|已|到账/.test(state) ? "settled" : undefined
}

const wechatForm: BillForm = {
  format: "wechat",
  currency: "CNY",
  names: {
    time: ["交易时间"],
    number: ["交易单号"],
    payee: ["交易对方"],
    goods: ["商品"],
    flow: ["收/支"],
    amount: ["金额"],
    account: ["支付方式"],
    state: ["当前状态"],
    category: ["交易类型"],
    remark: ["备注"],
  },
  statusOf,
  stateInNote: state => /退款[（(]?[¥￥]/.test(state),
}

/**
 * WeChat Pay CSV. "/" in 收/支 (withdrawals, top-ups, transfers to one's own card or fund) stays neutral as the file
 * says: which of them is a transfer between two accounts of the family only the family knows.
 */
export const parseWechat = (bytes: Uint8Array): Result<ParsedImport, ImportError> =>
  parseBill(wechatForm, bytes)
