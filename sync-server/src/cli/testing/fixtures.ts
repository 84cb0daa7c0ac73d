/** Small files of our own, of forms that other programs write. */
export const calendarFile = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "BEGIN:VEVENT",
  "UID:dentist@example",
  "DTSTART;TZID=Europe/Berlin:20260302T090000",
  "DTEND;TZID=Europe/Berlin:20260302T093000",
  "SUMMARY:Dentist",
  "END:VEVENT",
  "BEGIN:VTODO",
  "UID:bins@example",
  "DUE;VALUE=DATE:20260303",
  "SUMMARY:Put the bins out",
  "END:VTODO",
  "END:VCALENDAR",
  "",
].join("\r\n")

export const chatFile = [
  "02/03/2026, 18:30 - Anna: Who buys bread?",
  "02/03/2026, 18:31 - Ben: I do",
  "13/03/2026, 08:00 - Anna: Thanks!",
  "",
].join("\n")

export const brokenBill = "微信支付账单明细,,,\n交易时间,交易类型,收/支,当前状态,交易单号\n"
