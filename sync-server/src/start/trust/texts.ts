/** How one kind of device learns to trust the certificate. Each step is a sentence or two. */
export interface Guide {
  readonly device: string
  /** What the device takes: Apple's phones a profile, all others the certificate. */
  readonly file: "ca.crt" | "home.mobileconfig"
  readonly steps: readonly string[]
}

export interface TrustTexts {
  readonly lang: "en" | "zh-CN"
  /** The link to the same page in the other language, in that language. */
  readonly other: string
  readonly title: string
  readonly why: readonly string[]
  readonly compareTitle: string
  readonly compare: readonly string[]
  readonly name: string
  readonly fingerprint: string
  readonly howTitle: string
  readonly download: (file: string) => string
  readonly guides: readonly Guide[]
  readonly thenTitle: string
  readonly then: string
  readonly endTitle: string
  readonly end: string
}

export const english: TrustTexts = {
  lang: "en",
  other: "中文",
  title: "Trust your home's certificate",
  why: [
    "Browsers give the camera, safe storage for keys and work without a network only to pages that come over https. For https your home's machine needs a certificate, and nobody on the internet can vouch for a machine in your home. So it has made one of its own, and each device is told once that it is yours.",
    "It is limited to names and addresses that exist only inside a home, such as nas.local or 192.168.1.5: browsers take it for no website on the internet. Its key stays on the machine.",
  ],
  compareTitle: "Compare first",
  compare: [
    "This page itself is not protected yet. So do not believe this page: compare what your device shows of the certificate with the fingerprint that the machine printed where HOME was started. They must be equal from the first to the last character.",
    "On a computer the SHA-256 of the downloaded file is the fingerprint: “certutil -hashfile ca.crt SHA256” on Windows, “shasum -a 256 ca.crt” on a Mac, “sha256sum ca.crt” on Linux.",
  ],
  name: "Name",
  fingerprint: "SHA-256 fingerprint",
  howTitle: "Which device is this?",
  download: file => `Download ${file}`,
  guides: [
    {
      device: "iPhone and iPad",
      file: "home.mobileconfig",
      steps: [
        "Open this page in Safari, download the profile and allow it.",
        "Open Settings and tap “Profile Downloaded” near the top. Tap “More Details” and the certificate, and compare the SHA-256 fingerprint.",
        "Go back, tap “Install” and enter the device's passcode.",
        "In Settings, open General, About, Certificate Trust Settings, and turn the certificate on. Without this step Safari does not trust it.",
      ],
    },
    {
      device: "Android",
      file: "ca.crt",
      steps: [
        "Download the certificate.",
        "Open Settings and search for “CA certificate” (on most phones: Security and privacy, More security settings, Encryption and credentials, Install a certificate). Choose “Install anyway” and the downloaded file.",
        "In the same place open “Trusted credentials”, User, and the certificate, and compare the SHA-256 fingerprint. Remove it at once if it differs.",
        "Chrome, Edge and Samsung Internet trust it now. Android may say that your network may be monitored: it says so of every certificate that a person added.",
      ],
    },
    {
      device: "Mac",
      file: "ca.crt",
      steps: [
        "Download the certificate, compare its fingerprint, and open it: Keychain Access adds it to the login keychain.",
        "Find it in Keychain Access, open it with a double click, and under “Trust” choose “Always Trust” for “When using this certificate”.",
        "Close the window and enter your password. Start the browser again.",
      ],
    },
    {
      device: "Windows",
      file: "ca.crt",
      steps: [
        "Download the certificate, compare its fingerprint, and open it with a double click. Choose “Install Certificate” and “Current User”.",
        "Choose “Place all certificates in the following store”, Browse, “Trusted Root Certification Authorities”.",
        "Finish, and confirm the warning. Start the browser again.",
      ],
    },
    {
      device: "Linux, with Chrome or Chromium",
      file: "ca.crt",
      steps: [
        "Download the certificate and compare its fingerprint.",
        "Open chrome://certificate-manager (in older versions chrome://settings/certificates, Authorities), choose the certificates that you added, and import the file as trusted.",
        "Open HOME in a new tab.",
      ],
    },
    {
      device: "Firefox, on any computer",
      file: "ca.crt",
      steps: [
        "Download the certificate and compare its fingerprint.",
        "Open Settings, Privacy and Security, Certificates, View Certificates, Authorities, Import.",
        "Choose the file, tick “Trust this CA to identify websites”, and confirm.",
      ],
    },
  ],
  thenTitle: "Then open HOME",
  then: "At this address the browser must show no warning:",
  endTitle: "No longer wanted",
  end: "Remove the certificate in the same place where you added it, on an iPhone under General, VPN and Device Management.",
}

export const chinese: TrustTexts = {
  lang: "zh-CN",
  other: "English",
  title: "信任您家的证书",
  why: [
    "浏览器只对通过 https 打开的页面开放相机、钥匙的安全存储和离线使用。要使用 https，家里的机器需要一份证书，而互联网上没有机构能为您家里的机器作证。因此它自己制作了一份证书，每台设备只需确认一次：这是我家的。",
    "这份证书只适用于家庭内部才有的名称和地址，例如 nas.local 或 192.168.1.5：浏览器不会因它而相信互联网上的任何网站。它的密钥不会离开这台机器。",
  ],
  compareTitle: "先核对",
  compare: [
    "这个页面本身还没有受到保护，所以请不要只相信这个页面：请把您的设备显示的证书指纹，与启动 HOME 的地方打印出来的指纹核对。从第一个字符到最后一个字符必须完全相同。",
    "在电脑上，下载文件的 SHA-256 就是指纹：Windows 用 “certutil -hashfile ca.crt SHA256”，Mac 用 “shasum -a 256 ca.crt”，Linux 用 “sha256sum ca.crt”。",
  ],
  name: "名称",
  fingerprint: "SHA-256 指纹",
  howTitle: "这是哪种设备？",
  download: file => `下载 ${file}`,
  guides: [
    {
      device: "iPhone 和 iPad",
      file: "home.mobileconfig",
      steps: [
        "在 Safari 中打开此页面，下载描述文件并选择“允许”。",
        "打开“设置”，点按顶部附近的“已下载描述文件”。点按“更多详细信息”和证书，核对 SHA-256 指纹。",
        "返回，点按“安装”，输入设备密码。",
        "在“设置”中依次打开“通用”“关于本机”“证书信任设置”，打开这份证书的开关。缺少这一步，Safari 不会信任它。",
      ],
    },
    {
      device: "安卓",
      file: "ca.crt",
      steps: [
        "下载证书。",
        "打开“设置”，搜索“CA 证书”（多数手机在：安全和隐私、更多安全设置、加密与凭据、安装证书）。选择“仍然安装”和下载的文件。",
        "在同一位置打开“信任的凭据”“用户”和这份证书，核对 SHA-256 指纹。如果不同，请立即删除。",
        "现在 Chrome、Edge 和三星浏览器会信任它。系统可能提示网络可能受到监控：凡是用户自己添加的证书都会这样提示。",
      ],
    },
    {
      device: "Mac",
      file: "ca.crt",
      steps: [
        "下载证书，核对指纹，然后打开它：“钥匙串访问”会把它加入登录钥匙串。",
        "在“钥匙串访问”中找到并双击它，在“信任”下把“使用此证书时”设为“始终信任”。",
        "关闭窗口并输入密码。重新启动浏览器。",
      ],
    },
    {
      device: "Windows",
      file: "ca.crt",
      steps: [
        "下载证书，核对指纹，然后双击打开。选择“安装证书”和“当前用户”。",
        "选择“将所有的证书都放入下列存储”，点“浏览”，选“受信任的根证书颁发机构”。",
        "完成并确认警告。重新启动浏览器。",
      ],
    },
    {
      device: "Linux 上的 Chrome 或 Chromium",
      file: "ca.crt",
      steps: [
        "下载证书并核对指纹。",
        "打开 chrome://certificate-manager（旧版本为 chrome://settings/certificates 的“授权机构”），选择您添加的证书，把文件导入为受信任的证书。",
        "在新标签页中打开 HOME。",
      ],
    },
    {
      device: "任意电脑上的 Firefox",
      file: "ca.crt",
      steps: [
        "下载证书并核对指纹。",
        "依次打开“设置”“隐私与安全”“证书”“查看证书”“证书颁发机构”“导入”。",
        "选择文件，勾选“信任由此证书颁发机构来标识网站”，并确认。",
      ],
    },
  ],
  thenTitle: "然后打开 HOME",
  then: "在这个地址，浏览器不应再显示警告：",
  endTitle: "不再需要时",
  end: "在添加证书的同一位置将其删除；iPhone 上在“通用”的“VPN 与设备管理”中。",
}
