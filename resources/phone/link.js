/* The link to the engine: what was heard last and when, and commands with an identity of their own. */

const PROTOCOL = "liveconsole.seat";
const FRESH = 2.5;   // seconds: the engine speaks each second
const DEAD = 10;     // and who is silent for so long is not there, whatever the socket says
const LIFE = 8000;   // ms for which a command may be carried out
const WAITS = [300, 700, 1500, 3000, 5000];

const within = ms => AbortSignal.timeout ? AbortSignal.timeout(ms) : undefined;

const link = {
  seat: kept.read(), socket: null, open: false, heard: 0, skew: 0, view: null, tries: 0, timer: 0, removed: false,
  age() { return this.heard ? (performance.now() - this.heard) / 1000 : Infinity; },
  get live() { return this.open && this.age() < DEAD; },
  now() { return Date.now() + this.skew; },
  headers(more) { return {Authorization: "Bearer " + this.seat.token, ...more}; },

  start() {
    clearTimeout(this.timer);
    if (!this.seat || this.removed) return;
    this.stop();
    const where = location.origin.replace(/^http/, "ws") + "/v1/phone?lang=" + (english ? "en" : "zh");
    const socket = this.socket = new WebSocket(where, [PROTOCOL, this.seat.token]);
    const begun = performance.now();
    socket.onopen = () => { if (socket === this.socket) this.opened = performance.now(); };
    socket.onmessage = message => {
      if (socket !== this.socket) return;
      const said = JSON.parse(message.data);
      this.heard = performance.now();
      this.skew = Date.parse(said.now) - Date.now();
      this.open = true;
      this.tries = 0;
      if (said.view) { this.view = said.view; this.shown(); }
      commands.again();
    };
    socket.onclose = event => {
      if (socket !== this.socket) return;
      this.open = false;
      this.socket = null;
      if (event.reason === "removed") return this.gone();
      this.later(performance.now() - begun > 3000 ? 0 : this.tries);
    };
  },

  later(tries) {
    this.tries = tries + 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => { if (await this.welcome()) this.start(); }, WAITS[Math.min(tries, WAITS.length - 1)]);
  },

  /* Whether the engine still knows this seat: a browser does not say why a socket was refused. */
  async welcome() {
    try {
      const answer = await fetch("/v1/phone", {headers: this.headers(), signal: within(4000), cache: "no-store"});
      if (answer.status !== 401) return true;
      this.gone();
      return false;
    } catch {
      this.later(this.tries);
      return false;
    }
  },

  stop() {
    const socket = this.socket;
    this.socket = null;
    this.open = false;
    if (socket) socket.close();
  },

  check() {
    if (this.open && this.age() > DEAD) { this.stop(); this.later(0); }
  },

  gone() {
    this.stop();
    this.removed = true;
    kept.write(null);
    door.removed();
  },

  shown() {},
};

addEventListener("online", () => { if (!link.open) link.start(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && !link.live) link.start(); });

/* Commands: the id is the identity. One that got no answer is sent again under it until its time is over, and
   asked about again when the link is back: the engine answers what became of it and does nothing twice. */

const commands = {
  open: new Map(),

  /* `told(outcome, words)`: waiting, done, no, unknown. */
  async give(type, data, told) {
    if (!link.live) { told("no", t("没连上，什么都没有发出去")); return; }
    const id = crypto.randomUUID ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, "0")).join("");
    const one = {id, told, busy: false, until: performance.now() + LIFE + 1000,
      body: JSON.stringify({id, type, data, expires_at: new Date(link.now() + LIFE).toISOString()})};
    this.open.set(id, one);
    told("waiting", "");
    await this.ask(one);
  },

  async ask(one) {
    if (one.busy) return;
    one.busy = true;
    try {
      do {
        const left = Math.max(500, Math.min(4000, one.until - performance.now()));
        try {
          const answer = await fetch("/v1/commands", {method: "POST", body: one.body, cache: "no-store",
            headers: link.headers({"Content-Type": "application/json"}), signal: within(left)});
          if (answer.status < 500 && answer.status !== 429) return this.answered(one, answer.status, await answer.json());
        } catch { /* no answer: the same again */ }
        if (performance.now() < one.until) {
          one.told("waiting", t("还没回话，正在再问一次…"));
          await new Promise(go => setTimeout(go, 400));
        }
      } while (performance.now() < one.until);
      one.told("unknown", t("不知道做成了没有：连上后会再问"));
    } finally {
      one.busy = false;
    }
  },

  answered(one, status, said) {
    this.open.delete(one.id);
    if (status === 401) return link.gone();
    if (said.ok) return one.told("done", "");
    if (said.code === "expired") return one.told("no", t("没有做：过了时间才送到"));
    one.told("no", t("没有做：{why}", {why: english ? said.text_en || said.text : said.text}));
  },

  again() {
    for (const one of this.open.values()) if (performance.now() > one.until) this.ask(one);
  },
};
