/* The live page: what the engine said last, how old that is, and what may be pressed. */

const ROLES = {host: "主播", operator: "中控", assistant: "助理", deputy: "助理", viewer: "只读", phone: "助理", screen: "只读"};

const page = {
  cutShown: false,
  sent: [],

  open() {
    at("door").hidden = true;
    for (const id of ["top", "live", "foot"]) at(id).hidden = false;
    at("line").placeholder = t("写一句给主播…");
    at("line").setAttribute("aria-label", t("写一句给主播…"));
    say(at("send"), t("发"));
    say(at("shown-name"), t("本品已讲"));
    say(at("locked-words"), t("还没装工作室证书：看不到名字，也不能开抢。"));
    say(at("locked-key"), t("装证书"));
    this.show();
  },

  show() {
    const view = link.view, live = link.live;
    document.body.classList.toggle("lost", !live);
    if (!view) { this.tick(); return; }
    const chip = [link.seat?.label, t(ROLES[view.role] || view.role)].filter(Boolean).join(" · ");
    say(at("who"), chip);
    document.title = view.title || "LiveConsole";
    this.stage(view);
    at("locked").hidden = view.names;
    todo.show(view, live);
    wait.show(view, live);
    draws.show(view);
    const notes = (view.notes || []).slice(-2).map(note => [t("{by} → {to}", {by: t(ROLES[note.by] || note.by), to: t(ROLES[note.to] || note.to)}), note.text]);
    if (!view.names) notes.push(...this.sent.slice(-2));
    const key = JSON.stringify(notes);
    if (key !== this.notesMade) {
      this.notesMade = key;
      at("notes").replaceChildren(...notes.map(([who, text]) => part("li", "", part("b", "", who), part("bdi", "", text))));
    }
    at("write").hidden = !view.writes;
    at("line").disabled = at("send").disabled = !live;
    this.tick();
  },

  stage(view) {
    const one = view.pinned;
    at("picture").hidden = !one;
    if (one) pictures.show(at("picture"), one.image, "pin");
    say(at("number"), one?.number ? t("{n} 号", {n: one.number}) : "");
    say(at("goods"), one ? one.title : t("没有讲解中的商品"));
    say(at("asked"), !one ? "" : one.price_fen === undefined || one.price_fen === null ? t("已售罄") : yuan(one.price_fen) + (one.price_from ? t("起") : ""));
    say(at("struck"), one?.struck_fen ? yuan(one.struck_fen) : "");
    const left = at("left");
    left.replaceChildren();
    if (one && one.price_fen !== null && one.price_fen !== undefined) {
      const known = one.left !== undefined && one.left !== null;
      left.append(t("剩") + " ", part("b", known && one.left <= 10 ? "few" : "", known ? String(one.left) : "—"), one.of ? t(" / {n} 件", {n: one.of}) : known ? t(" 件") : "");
    }
  },

  /* Ten times a second: ages and clocks. Whoever is cut off shows no clock: nothing here knows the time of the room. */
  tick() {
    link.check();
    const view = link.view, live = link.live, age = link.age(), now = link.now();
    if (live === this.cutShown) {
      this.cutShown = !live;
      say(at("spoken"), live ? t("连上了") : t("断开了，正在重连"));
      this.show();
      return;
    }
    this.link(view, live, age);
    if (performance.now() > toldUntil && at("told").textContent) tell("");
    if (!view) return;
    const air = view.status === "open" ? (view.simulated ? t("排练中") : t("直播中")) : view.status === "closed" ? t("已下播") : t("还没开播");
    const on = view.status === "open";
    say(at("air"), live ? (on ? `${air} ${longClock((now - Date.parse(view.opened_at)) / 1000)}` : air) : t("{air} · {age}前", {air, age: ageWords(age)}));
    at("air").className = live && on ? (view.simulated ? "rehearsal" : "on") : "";
    const clocks = view.clocks || {};
    say(at("ends-name"), clocks.ends_at ? t("{what}还剩", {what: clocks.ends}) : t("没有在跑的促销"));
    say(at("ends"), live && clocks.ends_at ? clock((Date.parse(clocks.ends_at) - now) / 1000) : "—");
    at("ends").className = "t-" + (clocks.kind || "none").replace(/_/g, "-");
    say(at("shown"), live && clocks.shown_since ? clock((now - Date.parse(clocks.shown_since)) / 1000) : "—");
    const ahead = clocks.ahead_seconds, known = ahead !== undefined && ahead !== null;
    say(at("pace-name"), known && ahead > 0 ? t("全场提前") : t("全场落后"));
    say(at("pace"), live && known ? clock(Math.abs(ahead)) : "—");
    at("pace").className = known && ahead < 0 ? "late" : "";
    todo.tick(now);
    wait.tick(now);
    draws.tick(now);
    const cut = at("cut");
    cut.hidden = live;
    if (!live) say(cut, t("下面是 {age}前的样子，按钮先停用。手机上已经做完的，连上后再按「已完成」。", {age: ageWords(age)}));
  },

  link(view, live, age) {
    const top = at("top"), room = view?.title || t("主播的电脑");
    top.className = !link.heard ? "" : !live ? "red" : age > FRESH ? "amber" : "green";
    if (!link.heard) { say(at("said"), t("正在连接…")); say(at("age"), ""); return; }
    if (!live) { say(at("said"), t("断开 {age}，正在重连", {age: ageWords(age)})); say(at("age"), ""); return; }
    if (age > FRESH) { say(at("said"), t("{n} 秒没消息，数字可能旧了", {n: Math.floor(age)})); say(at("age"), ""); return; }
    say(at("said"), t("连着{room}", {room}));
    say(at("age"), t("{n} 秒前", {n: age.toFixed(1)}));
  },
};

link.shown = () => page.show();
at("locked-key").onclick = () => door.certificate();
at("write").addEventListener("submit", event => {
  event.preventDefault();
  const text = at("line").value.trim();
  if (!text) return;
  at("send").disabled = true;
  commands.give("note.put", {text, to: "host"}, (kind, words) => {
    if (kind === "done") {
      if (at("line").value.trim() === text) at("line").value = "";
      page.sent.push([`${t("手机")} → ${t("主播")}`, text]);
      tell(t("写给主播了"), "ok");
    } else if (words) tell(words, kind === "waiting" ? "" : "bad");
    at("send").disabled = kind === "waiting" || !link.live;
    page.show();
  });
});

door.start();
setInterval(() => page.tick(), 100);
