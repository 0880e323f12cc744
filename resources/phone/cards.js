/* Cards: 现在要做, 待上, winners. Their parts stay while what they show is the same: nothing blinks under a thumb. */

const HOLD = 1000;      // ms
const MOVED = 300;      // a key that has just moved under the finger is not taken
const copied = new Set();
const states = new Map(); // cue id → [outcome, words] of the last command about it
let shownTask = 0;

function outcome(id, done) {
  return (kind, words) => {
    states.set(id, kind);
    if (kind === "done") tell(done || t("做好了"), "ok");
    else if (words) tell(words, kind === "waiting" ? "" : "bad");
    page.show();
  };
}

/* 现在要做 */

const todo = {
  made: "",
  show(view, live) {
    const node = at("todo"), tasks = view.tasks || [], all = tasks.length + (view.tasks_more || 0);
    node.hidden = !tasks.length;
    if (!tasks.length) { this.made = ""; return; }
    shownTask = Math.min(shownTask, tasks.length - 1);
    const task = this.task = tasks[shownTask];
    const key = JSON.stringify([task, shownTask, all]);
    if (key !== this.made) { this.made = key; this.build(node, task, all, tasks.length); }
    const busy = states.get(task.cue_id) === "waiting";
    for (const each of node.querySelectorAll(".answers button")) each.disabled = !live || busy || !!task.why_not;
  },
  build(node, task, all, here) {
    const waited = part("span", "waited");
    this.waited = waited;
    this.all = all;
    const head = part("div", "head amber", part("h2", "", t("现在要做")), part("span", "small", t("就在这台手机上")), waited);
    const body = part("div", "body");
    const name = part("h3", "", kindSign(task.kind), part("bdi", "", task.title));
    if (here > 1) {
      const turn = (words, by, on) => {
        const key = part("button", "turn", sign(by < 0 ? "left" : "right"));
        key.type = "button";
        key.setAttribute("aria-label", words);
        key.disabled = !on;
        key.onclick = () => { shownTask += by; page.show(); };
        return key;
      };
      name.append(part("span", "pager", turn(t("上一件"), -1, shownTask > 0), `${shownTask + 1} / ${all}`, turn(t("下一件"), 1, shownTask < here - 1)));
    }
    body.append(name, part("p", "path", part("bdi", "", task.words)));
    if (task.fields) {
      const grid = part("div", "cells");
      task.fields.forEach((field, place) => grid.append(this.cell(task, field, place)));
      body.append(grid);
    }
    if (task.why_not) body.append(part("p", "why", sign("warn"), part("bdi", "", task.why_not)));
    const answers = part("div", "answers");
    for (const [words, done] of [[task.failed, false], [task.done, true]]) {
      if (!words) continue;
      const key = part("button", done ? "yes" : "no", words);
      key.type = "button";
      key.onclick = () => commands.give("cue.confirm", {cue_id: task.cue_id, step: task.step, done}, outcome(task.cue_id));
      answers.append(key);
    }
    body.append(answers);
    node.replaceChildren(head, body);
  },
  cell(task, field, place) {
    const id = `${task.cue_id} ${task.step} ${place}`;
    const shown = [field.value, field.unit].filter(Boolean).join(" ");
    const key = part("button", "cell", part("span", "name", field.label), part("bdi", "value", field.value, " ", part("small", "", field.unit || "")), sign(copied.has(id) ? "check" : "copy"));
    key.type = "button";
    const name = t("复制 {field}：{value}", {field: field.label, value: shown});
    const mark = () => {
      key.classList.toggle("copied", copied.has(id));
      key.setAttribute("aria-label", copied.has(id) ? `${name} · ${t("已复制")}` : name);
      key.querySelector("use").setAttribute("href", copied.has(id) ? "#i-check" : "#i-copy");
    };
    key.onclick = async () => {
      if (await copy(field.value)) { copied.add(id); mark(); tell(`${t("已复制")} ${field.value}`, "ok"); }
      else tell(t("复制不了，请长按数字自己复制"), "bad");
    };
    mark();
    return key;
  },
  tick(now) {
    if (at("todo").hidden) return;
    say(this.waited, t("{n} 件 · 已等 {time}", {n: this.all, time: link.live ? clock((now - Date.parse(this.task.since)) / 1000) : "—"}));
  },
};

async function copy(text) {
  const soon = new Promise((_, no) => setTimeout(no, 600)); // a browser may wait for a question that nobody sees
  try { await Promise.race([navigator.clipboard.writeText(text), soon]); return true; } catch { /* older, or not allowed */ }
  const field = part("textarea", "away");
  field.value = text;
  document.body.append(field);
  field.select();
  try { return document.execCommand("copy"); } catch { return false; } finally { field.remove(); }
}

/* Hold to fire: it fills from left to right, letting go before a second does nothing. */

class Hold {
  constructor(words, act) {
    this.name = part("b");
    this.small = part("span");
    this.fill = part("i");
    this.node = part("button", "hold", this.fill, this.name, this.small);
    this.node.type = "button";
    this.words = words;
    this.act = act;
    this.begun = 0;
    this.moved = 0;
    this.top = null;
    const node = this.node;
    node.addEventListener("pointerdown", event => {
      if (event.button !== 0 || !event.isPrimary || performance.now() - this.moved < MOVED) return;
      try { node.setPointerCapture(event.pointerId); } catch { /* a pointer that has gone already */ }
      this.begin();
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) node.addEventListener(name, () => this.let());
    node.addEventListener("pointermove", event => {
      const box = node.getBoundingClientRect();
      if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) this.let();
    });
    node.addEventListener("keydown", event => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      if (!event.repeat) this.begin();
    });
    node.addEventListener("keyup", event => { if (event.key === " " || event.key === "Enter") this.let(); });
    node.addEventListener("contextmenu", event => event.preventDefault());
    addEventListener("blur", () => this.let());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.let(); });
  }
  begin() {
    if (this.node.disabled || this.begun) return;
    this.begun = performance.now();
    this.node.classList.add("held");
    this.frame();
  }
  frame() {
    if (!this.begun) return;
    const held = performance.now() - this.begun;
    if (this.node.disabled || !link.live) return this.let();
    if (held >= HOLD) {
      this.end();
      this.act();
      return;
    }
    this.fill.style.transform = `scaleX(${held / HOLD})`;
    say(this.small, t("别松手 {n} 秒", {n: ((HOLD - held) / 1000).toFixed(1)}));
    requestAnimationFrame(() => this.frame());
  }
  end() {
    this.begun = 0;
    this.node.classList.remove("held");
    this.fill.style.transform = "";
    say(this.small, this.words());
  }
  let() {
    if (!this.begun) return;
    this.end();
    tell(t("松手了，没有发"));
  }
  show(name, able, why) {
    say(this.name, name);
    if (!able && this.begun) this.end();
    this.node.disabled = !able;
    if (!this.begun) say(this.small, able ? this.words() : why);
    this.node.setAttribute("aria-label", able ? `${name}，${this.words()}` : why ? `${name}，${why}` : name);
    const top = this.node.getBoundingClientRect().top;
    if (this.top !== null && Math.abs(top - this.top) > 4) this.moved = performance.now();
    this.top = top;
  }
}

/* 待上 */

const wait = {
  rows: new Map(),
  head: null,
  show(view, live) {
    const node = at("wait"), queue = view.queue || [], all = queue.length + (view.queue_more || 0);
    if (!this.head) {
      this.name = part("h2");
      this.right = part("span", "small");
      this.head = part("div", "head", this.name, this.right);
      this.list = part("ul", "rows");
      this.empty = part("p", "quiet-line");
      node.append(this.head, this.list, this.empty);
    }
    say(this.name, t("待上 {n}", {n: all}));
    this.fires = view.fires;
    say(this.empty, all ? (view.queue_more ? t("还有 {n} 个", {n: view.queue_more}) : "") : t("没有待上的"));
    const next = new Map();
    for (const one of queue) {
      const row = this.rows.get(one.cue_id) || this.row(one);
      next.set(one.cue_id, row);
      this.fill(row, one, view, live);
    }
    for (const [id, row] of this.rows) if (!next.has(id)) row.node.remove();
    this.rows = next;
    let before = null;
    for (const row of next.values()) {
      const place = before ? before.nextSibling : this.list.firstChild;
      if (place !== row.node) this.list.insertBefore(row.node, place);
      before = row.node;
    }
  },
  row(one) {
    const row = {one, picture: part("div", "tile"), mark: kindSign(one.kind), title: part("bdi"), about: part("bdi", "about"), why: part("p", "why", sign("warn"), part("bdi"))};
    row.hold = new Hold(() => t("按住 1 秒"), () => commands.give("cue.fire", {cue_id: row.one.cue_id}, outcome(row.one.cue_id)));
    row.back = part("button", "back");
    row.back.type = "button";
    row.back.onclick = () => commands.give("cue.recall", {cue_id: row.one.cue_id}, outcome(row.one.cue_id));
    row.words = part("div", "words", part("h3", "", row.mark, row.title), row.about, row.why);
    row.keys = part("div", "keys");
    row.node = part("li", "", row.picture, row.words, row.keys);
    return row;
  },
  fill(row, one, view, live) {
    row.one = one;
    say(row.title, one.title);
    pictures.show(row.picture, one.image, one.kind);
    row.mark.style.display = one.image ? "" : "none"; // without a picture the same sign stands beside it, larger
    const busy = states.get(one.cue_id) === "waiting", blocked = view.fires && one.why_not;
    const planned = one.fires_at && !one.recallable;
    say(row.about, planned ? t("{time} 自动开始", {time: new Date(one.fires_at).toLocaleTimeString([], {hour: "2-digit", minute: "2-digit"})}) : one.about);
    row.why.hidden = !blocked;
    row.about.hidden = !!blocked;
    say(row.why.lastChild, blocked || "");
    const wanted = one.recallable ? row.back : view.fires && !blocked ? row.hold.node : null;
    if (wanted && row.keys.firstChild !== wanted) row.keys.replaceChildren(wanted);
    if (!wanted) {
      if (!row.flat) row.flat = part("span", "flat");
      say(row.flat, blocked ? t("不能发") : one.why_not);
      if (row.keys.firstChild !== row.flat) row.keys.replaceChildren(row.flat);
    }
    row.hold.node.className = "hold t-" + one.kind.replace(/_/g, "-") + (row.hold.begun ? " held" : "");
    row.hold.show(one.fire, live && !busy && !one.why_not && !one.recallable, busy ? t("正在发…") : live ? one.why_not || "" : t("连上才能按"));
    row.back.disabled = !live || busy;
  },
  tick(now) {
    say(this.right, link.live ? (this.fires ? t("主播让你开抢 · 按住 1 秒才发") : t("等主播开抢")) : t("{age}前", {age: ageWords(link.age())}));
    for (const row of this.rows.values()) {
      if (!row.one.recallable) continue;
      const left = (Date.parse(row.one.fires_at) - now) / 1000;
      say(row.back, t("撤回 {n} 秒", {n: link.live ? Math.max(0, left).toFixed(1) : "—"}));
    }
  },
};

/* Winners */

const draws = {
  made: "",
  clocks: [],
  show(view) {
    const node = at("draws"), all = view.draws || [];
    node.hidden = !all.length;
    const key = JSON.stringify([all, view.names]);
    if (key === this.made) return;
    this.made = key;
    this.clocks = [];
    node.replaceChildren(...all.map(one => {
      const head = part("div", "head", part("h2", "", kindSign("lucky_bag"), part("bdi", "", t("中奖 · {prize}", {prize: one.prize}))), part("span", "small", t("已领 {n} / {all}", {n: one.count - one.open, all: one.count})));
      const list = part("ul", "winners");
      for (const winner of one.winners || []) {
        const right = part("span", "small");
        if (winner.settled) right.append(sign("check"));
        else if (winner.claim_until) this.clocks.push([right, Date.parse(winner.claim_until)]);
        list.append(part("li", "", part("bdi", "", winner.name || t("没有名字的观众")), right));
      }
      const body = part("div", "body", list);
      if (!view.names) body.append(part("p", "quiet-line", t("{n} 位中奖，装好证书后能看到名字", {n: one.count})));
      return part("div", "", head, body);
    }));
  },
  tick(now) {
    for (const [node, until] of this.clocks) say(node, link.live ? t("还剩 {time} 领", {time: clock((until - now) / 1000)}) : "—");
  },
};

/* Pictures come with the seat's token: an address alone opens none of them. */

const pictures = {
  held: new Map(),
  async show(node, sha, kind) {
    const key = sha || "kind " + kind;
    if (node.dataset.key === key) return;
    node.dataset.key = key;
    node.replaceChildren(kindSign(kind));
    if (!sha) return;
    let address = this.held.get(sha);
    if (!address) {
      try {
        const answer = await fetch(`/v1/images/${encodeURIComponent(sha)}?size=96`, {headers: link.headers()});
        if (!answer.ok) return;
        address = URL.createObjectURL(await answer.blob());
      } catch { delete node.dataset.key; return; }
      this.held.set(sha, address);
      if (this.held.size > 80) {
        const [oldest, gone] = this.held.entries().next().value;
        this.held.delete(oldest);
        URL.revokeObjectURL(gone);
      }
    }
    if (node.dataset.key !== key) return;
    const image = part("img");
    image.alt = "";
    image.src = address;
    node.replaceChildren(image);
  },
};
