/* The way in: the code, six digits on both screens, and the studio's certificate. */

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LETTERS = 36, BODY_BYTES = 21;
const utf8 = text => new TextEncoder().encode(text);
const hex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, "0")).join("");
const bytesOf = text => Uint8Array.from(text.match(/../g) || [], two => parseInt(two, 16));
const sha256 = async bytes => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of parts) { whole.set(each, at); at += each.length; }
  return whole;
}

/* Each part behind its length: no two lists of parts look alike. */
function hashed(...parts) {
  return sha256(joined(...parts.flatMap(each => [new Uint8Array([each.length >>> 24, each.length >>> 16 & 255, each.length >>> 8 & 255, each.length & 255]), each])));
}

/* What a code says, or a word for why it is none: typo, version. */
async function readCode(typed) {
  const letters = typed.slice(0, 200).split("#").pop().toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  if (letters.length !== CODE_LETTERS || [...letters].some(each => !LETTERS.includes(each))) return "typo";
  let number = 0n;
  for (const each of letters) number = number << 5n | BigInt(LETTERS.indexOf(each));
  const check = Number(number & 1023n);
  number >>= 10n;
  const version = Number(number >> BigInt(8 * BODY_BYTES));
  const body = bytesOf((number & (1n << BigInt(8 * BODY_BYTES)) - 1n).toString(16).padStart(2 * BODY_BYTES, "0"));
  const proof = await sha256(joined(utf8("liveconsole join code\0"), body));
  if ((proof[0] << 8 | proof[1]) >> 6 !== check) return "typo";
  if (version !== 0) return "version";
  return {host: `${body.slice(0, 4).join(".")}:${body[4] << 8 | body[5]}`, fingerprint: hex(body.slice(6, 16)), token: hex(body.slice(16))};
}

async function digitsOf(mine, theirs, certificate, label) {
  const made = await hashed(utf8("liveconsole join digits"), mine, theirs, certificate, utf8(label), utf8("phone"));
  let number = 0n;
  for (const each of made.slice(0, 8)) number = number << 8n | BigInt(each);
  return String(number % 1000000n).padStart(6, "0");
}

class Halt extends Error {}

const door = {
  turn: 0,

  start() {
    const code = location.hash.slice(1);
    if (code) history.replaceState(null, "", location.pathname + location.search); // a code is no part of an address that is kept
    if (link.seat) { page.open(); link.start(); return; }
    this.ask(code, "");
  },

  panel(...inside) {
    for (const id of ["top", "live", "foot"]) at(id).hidden = true;
    const node = at("door");
    node.hidden = false;
    node.replaceChildren(...inside);
    return node;
  },

  ask(code, wrong) {
    this.turn += 1;
    const typed = part("input"), label = part("input"), go = part("button", "yes", t("请求加入"));
    typed.value = code;
    typed.autocapitalize = "characters";
    typed.autocomplete = label.autocomplete = "off";
    typed.spellcheck = false;
    typed.maxLength = 200;
    label.maxLength = 20;
    label.value = this.label || "";
    label.placeholder = t("小林的手机");
    const form = part("form", "card body", part("label", "", t("主播电脑上的码"), typed), part("label", "", t("这台设备叫什么"), label));
    if (wrong) {
      const why = part("p", "why", sign("warn"), part("bdi", "", wrong));
      why.setAttribute("role", "alert");
      form.append(why);
    }
    form.append(go);
    form.onsubmit = event => {
      event.preventDefault();
      this.label = label.value.trim() || t("手机");
      this.join(typed.value, this.label);
    };
    this.panel(part("h1", "", t("加入直播间")), part("p", "quiet-line", t("主播在电脑上点「让另一台电脑或手机加入」，这里扫码或照着输。")), form);
    (code ? label : typed).focus();
  },

  async join(typed, label) {
    const turn = ++this.turn;
    this.panel(part("h1", "", t("正在请求…")));
    try {
      const seat = await this.asked(typed, label, turn);
      if (turn !== this.turn) return;
      link.seat = seat;
      link.removed = false;
      kept.write(seat);
      page.open();
      link.start();
      this.trust(false);
    } catch (wrong) {
      if (turn === this.turn) this.ask(typed, wrong instanceof Halt ? wrong.message : t("没有连上主播的电脑，请在同一个网络里再试"));
    }
  },

  async asked(typed, label, turn) {
    const code = await readCode(typed);
    if (code === "typo") throw new Halt(t("码不对，请照着再输一次"));
    if (code === "version") throw new Halt(t("主播电脑上的程序更新，请刷新这个页面"));
    if (code.host !== location.host) throw new Halt(t("这个码是另一台电脑的：请打开 https://{host}/join", {host: code.host}));
    const certificate = await sha256(new Uint8Array(await (await fetch("/studio.crt", {cache: "no-store"})).arrayBuffer()));
    if (hex(certificate.slice(0, 10)) !== code.fingerprint) throw new Halt(t("这台电脑的证书和码里的不一样：中间有别人，别继续"));
    const mine = crypto.getRandomValues(new Uint8Array(16));
    const commit = hex(await hashed(utf8("liveconsole join commitment"), mine, utf8(label), utf8("phone")));
    const told = await this.call("POST", "/v1/join", {token: code.token, commit, label, kind: "phone"});
    const digits = await digitsOf(mine, bytesOf(told.nonce), certificate, told.label);
    const shown = await this.call("POST", `/v1/join/${told.id}`, {nonce: hex(mine)});
    if (shown.digits !== digits) throw new Halt(t("两边的数字不一样：中间有别人，别继续"));
    this.digits(digits, told.label);
    for (;;) {
      const answer = await this.call("GET", `/v1/join/${told.id}`);
      if (turn !== this.turn) throw new Halt("");
      if (answer.status === "allowed") return {token: answer.token, label: told.label, room: answer.room};
      if (answer.status === "refused") throw new Halt(t("主播没有同意"));
      if (answer.status === "expired") throw new Halt(t("等太久了，主播没有回答。请再要一个码"));
    }
  },

  digits(digits, label) {
    const number = part("strong", "digits", `${digits.slice(0, 3)} ${digits.slice(3)}`);
    number.setAttribute("aria-label", [...digits].join(" "));
    const stop = part("button", "no", t("不加入了"));
    stop.onclick = () => this.ask("", "");
    this.panel(part("h1", "", t("请主播看一眼")), part("p", "quiet-line", t("主播电脑上的数字和这里一样，就点「同意」。")), number,
      part("p", "quiet-line", part("bdi", "", label), " · ", t("等主播同意…")), stop);
    say(at("spoken"), t("六位数字 {digits}", {digits: [...digits].join(" ")}));
  },

  async call(method, path, body) {
    const answer = await fetch(path, {method, cache: "no-store", headers: body ? {"Content-Type": "application/json"} : {}, body: body && JSON.stringify(body)});
    const said = await answer.json();
    if (answer.ok) return said;
    const known = {wrong_code: t("码用过了或过期了，请主播给一个新的"), too_many_asks: t("等着的太多了，过一会儿再来"), no_phones: t("这次只让电脑加入，请主播勾上手机")};
    if (known[said.code]) throw new Halt(known[said.code]);
    if (answer.status === 429) throw new Halt(t("试得太多了，请等一会儿再试"));
    throw new Halt(english ? said.code : said.text);
  },

  removed() {
    const again = part("button", "yes", t("再加入"));
    again.onclick = () => { link.seat = null; link.view = null; link.heard = 0; link.removed = false; this.ask("", ""); };
    this.panel(part("h1", "", t("主播把这台设备移除了")), part("p", "quiet-line", t("要再用，请主播给一个新的码。")), again);
  },

  /* The certificate. A browser cannot hold a certificate against a code by itself: until the studio's is
     installed, anybody in the network could stand between, so the engine keeps names and money back. */
  async certificate() {
    const steps = (name, ...lines) => part("details", "card body", part("summary", "", name), part("ol", "", ...lines.map(line => part("li", "", line))));
    const get = part("a", "button yes", t("1. 下载工作室证书"));
    get.href = "/studio.crt";
    get.download = "studio.crt";
    const print = part("code", "print");
    const apple = steps(t("iPhone / iPad"),
      t("用 Safari 点上面的下载，选「允许」。"),
      t("设置 → 通用 → VPN与设备管理 → 已下载的描述文件 → 安装。"),
      t("设置 → 通用 → 关于本机 → 证书信任设置 → 打开这个工作室的开关。"));
    const android = steps(t("安卓"),
      t("点上面的下载。"),
      t("设置里搜「CA 证书」→ 安装 → 仍然安装 → 选下载的 studio.crt。"),
      t("用 Chrome 打开这个页面；有的手机自带的浏览器不认自己装的证书。"));
    (/android/i.test(navigator.userAgent) ? android : apple).open = true;
    const check = part("button", "yes", t("2. 装好了，验证"));
    const back = part("button", "quiet", t("先不装，回去"));
    const words = part("p", "why");
    words.setAttribute("role", "alert");
    check.onclick = async () => {
      check.disabled = true;
      const done = await this.trust(true);
      check.disabled = false;
      if (done) { page.open(); tell(t("证书装好了"), "ok"); }
      else words.replaceChildren(sign("warn"), part("span", "", t("这台手机还不信任它。iPhone 最后一步的开关打开了吗？打开后把这个页面关掉再开。")));
    };
    back.onclick = () => page.open();
    this.panel(part("h1", "", t("装工作室证书")),
      part("p", "quiet-line", t("没装之前：看不到观众名字，不能开抢，只能看、点「已完成」「没成功」、写一句给主播。")),
      get, part("p", "quiet-line", t("安装时会显示这串指纹，和主播电脑上的一样才装："), " ", print), apple, android, check, words, back);
    const found = await fetch("/studio.crt", {cache: "no-store"}).then(answer => answer.arrayBuffer()).then(body => sha256(new Uint8Array(body))).catch(() => null);
    say(print, found ? hex(found).toUpperCase().match(/.{4}/g).join(" ") : "—");
  },

  /* Proves that the certificate is trusted: the word lies behind another certificate of the same studio, which
     no click in a warning ever accepted. */
  async trust() {
    try {
      const told = await (await fetch("/v1/trust", {headers: link.headers(), cache: "no-store"})).json();
      if (!told.proved) {
        const {word} = await (await fetch(told.url, {mode: "cors", credentials: "omit", cache: "no-store"})).json();
        const answer = await fetch("/v1/trust", {method: "POST", headers: link.headers({"Content-Type": "application/json"}), body: JSON.stringify({word})});
        if (!answer.ok) return false;
      }
      link.start();
      return true;
    } catch {
      return false;
    }
  },
};
