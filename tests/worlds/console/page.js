// A console's page as its platform builds it (only as far as the facts go), with moods that the world sends it.
// `window.app.on` is its own truth: the titles of the products that viewers see explained.
(() => {
  const at = window.CONSOLE; // {flavour, products: [{number, title}], on: [], reversed, renamed}
  const app = (window.app = { on: new Set(at.on), grey: new Set(), renamed: false, toast: "", dialogs: 0, clicks: 0 });
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const make = (tag, of = {}, ...inside) => {
    const one = document.createElement(tag);
    for (const [key, value] of Object.entries(of)) key.startsWith("on") ? (one[key] = value) : one.setAttribute(key, value);
    one.append(...inside);
    return one;
  };
  const cls = (name) => (app.renamed ? "x9-" + name.length : name);
  const words = { wechat_channels: ["讲解", "结束讲解"], douyin_shop: ["讲解", "取消讲解"], buyin: ["讲解", "取消讲解"],
    xiaohongshu: ["讲解", "取消讲解"], taobao: ["讲解", "取消讲解"], kuaishou: ["开始讲解", "结束讲解"] }[at.flavour];
  const tell = () => navigator.sendBeacon("/world/truth", JSON.stringify([...app.on]));

  const rows = {
    wechat_channels: (p, text, press, grey) =>
      make("div", { class: cls("table-row-wrap") }, make("label", {}, make("input", { type: "checkbox" }), make("span", {}, `${p.number}`)),
        make("div", { class: "title" }, p.title), make("div", { class: cls("promoting-wrap") }, make("div", { class: "action-link" },
          make("span", { class: cls("promoting") + (grey ? " disabled" : ""), onclick: press }, text)))),
    buyin: (p, text, press, grey) => {
      const number = make("input", {});
      number.value = p.number;
      const button = make("button", { class: "act", onclick: press }, text);
      button.disabled = grey;
      return make("div", { class: cls("goodsItem-ab12"), style: "height:80px;box-sizing:border-box;border:1px solid" },
        make("div", { class: cls("indexWrapper-1") }, number), make("span", {}, p.title),
        make("div", { class: cls("goodsAction-77") }, make("button", {}, "更多"), button));
    },
    xiaohongshu: (p, text, press, grey) => {
      const number = make("input", {});
      number.value = p.number;
      return make("tr", {}, make("td", {}, number), make("td", {}, p.title), make("td", {}, make("div", { class: cls("more-operation") },
        make("span", { class: cls("operation-item") }, "改价"),
        make("span", { class: cls("operation-item") + (grey ? " disabled-btn" : ""), onclick: press }, text))));
    },
    taobao: (p, text, press, grey) => {
      const button = make("button", { "data-tblalog-id": cls("tanPin"), onclick: press }, text);
      button.disabled = grey;
      return make("div", { class: cls("list-item") }, make("div", { class: "list-item-img-index" }, `${p.number}`), make("span", {}, p.title), button);
    },
    kuaishou: (p, text, press, grey) => {
      const button = make("button", { onclick: press }, text);
      button.disabled = grey;
      return make("div", { class: cls("list-item--k3") }, make("span", { class: "index--k" }, `${p.number}`), make("span", {}, p.title),
        make("div", { class: cls("cardBtn--9") }, make("button", {}, "改价"), button));
    },
  };
  rows.douyin_shop = rows.buyin;

  const place = document.getElementById("place");
  let list, box = null;
  const build = () => {
    place.replaceChildren();
    if (at.flavour === "wechat_channels") { // the list lives in a shadow root, its scripts in a hidden frame
      const host = place.appendChild(make("wujie-app"));
      place.appendChild(make("iframe", { class: "wujie_iframe", style: "display:none" }));
      const inner = host.attachShadow({ mode: "open" }).appendChild(make("div", { class: cls("commodity-list-wrap") }));
      list = inner.appendChild(make("div", { class: "table-body-wrap" })).appendChild(make("div")).appendChild(make("span"));
    } else if (at.flavour === "buyin" || at.flavour === "douyin_shop") {
      box = make("div", { style: "height:640px;overflow-y:auto;position:relative" });
      place.appendChild(make("div", { id: cls("live-control-goods-list-container") }, box));
      list = box.appendChild(make("div", { style: "position:relative" }));
      box.onscroll = () => setTimeout(draw, 8);
    } else if (at.flavour === "xiaohongshu") {
      list = make("tbody");
      place.appendChild(make("div", { class: "goods-list" }, make("div", { class: cls("table-wrap") }, make("table", {}, list))));
    } else if (at.flavour === "taobao") {
      list = place.appendChild(make("div", { id: cls("livePushed-tcl-unique-scroll-list") }));
    } else {
      list = place.appendChild(make("div", { class: cls("list-container--q2") }));
    }
  };

  const row = (p) => rows[at.flavour](p, words[app.on.has(p.title) ? 1 : 0], () => press(p), app.grey.has(p.title));
  const order = () => (at.reversed ? [...at.products].reverse() : at.products);
  const draw = () => {
    if (!box) return list.replaceChildren(...order().map(row));
    list.style.height = `${at.products.length * 80}px`;
    const first = Math.max(0, Math.floor(box.scrollTop / 80) - 2);
    const drawn = order().slice(first, first + 13).map((p, i) => {
      const one = row(p);
      one.style.cssText += `;position:absolute;left:0;right:0;top:${(first + i) * 80}px`;
      return one;
    });
    list.replaceChildren(...drawn);
    return undefined;
  };
  const extras = document.getElementById("extras");
  const cover = () => {
    extras.replaceChildren();
    const close = { wechat_channels: ["div", "weui-desktop-dialog", "weui-desktop-icon-btn close-btn"],
      buyin: ["div", "auxo-modal-confirm-btns", "auxo-btn-primary"] }[at.flavour] || null;
    if (app.dialogs && close) {
      extras.append(make(close[0], { class: close[1] }, make("button", { class: close[2], onclick: () => { app.dialogs -= 1; cover(); } }, "知道了")));
    }
    const toasts = { wechat_channels: "weui-desktop-toast", buyin: "auxo-message-notice-content", douyin_shop: "auxo-message-notice-content",
      xiaohongshu: "d-toast", taobao: "next-message-title", kuaishou: "message-notice-content" };
    if (app.toast) extras.append(make("div", { class: toasts[at.flavour] }, app.toast));
    if (app.captcha) extras.append(make("div", { id: "captcha_container", class: "captcha baxia-dialog" }, "请完成安全验证"));
    if (app.asks) {
      extras.append(make("div", { class: "ant-modal--k" }, make("button", { class: "ant-btn" }, "取消"), make("button",
        { class: "ant-btn-primary", onclick: () => { const go = app.asks; app.asks = null; cover(); go(); } }, "确定")));
    }
  };
  const turn = (title) => {
    app.on.has(title) ? app.on.delete(title) : (app.on = new Set([title]));
    tell();
    draw();
  };
  const say = async (text) => { app.toast = text; cover(); await wait(1800); app.toast = ""; cover(); };

  const press = async (p) => {
    app.clicks += 1;
    if (app.dialogs || app.captcha) return;
    const { mood, after, other } = await (await fetch("/world/press")).json();
    const go = async () => {
      await wait(after);
      if (mood === "well") turn(p.title);
      if (mood === "refuses") say("操作太频繁，请稍后再试");
      if (mood === "shows then takes back") { turn(p.title); await wait(60); turn(p.title); say("讲解失败"); }
      if (mood === "another row") turn(at.products[other % at.products.length].title);
      if (mood === "both stay on") { app.on.add(p.title); app.on.add(at.products[other % at.products.length].title); tell(); draw(); }
      if (mood === "dialog") { app.dialogs = 2; cover(); }
      if (mood !== "well") await enact(mood, p.title);
    };
    if (at.flavour === "kuaishou" && !app.on.has(p.title)) { app.asks = go; cover(); } else await go();
  };
  const enact = async (mood, title) => {
    if (mood === "renames") { app.renamed = true; build(); }
    if (mood === "logs out") location.href = "/login.html";
    if (mood === "captcha") { app.captcha = true; cover(); }
    if (mood === "reverses") at.reversed = !at.reversed;
    if (mood === "goes grey") app.grey.add(title);
    if (mood === "takes the row away") { at.products = at.products.filter((p) => p.title !== title); app.on.delete(title); tell(); }
    if (mood === "opens a dialog") { app.dialogs = 1; cover(); }
    if (mood === "well again") { app.renamed = false; app.captcha = false; app.grey.clear(); app.dialogs = 0; cover(); build(); }
    draw();
  };
  const follow = async () => {
    for (let after = at.news; ; await wait(80)) {
      const news = await (await fetch(`/world/news?after=${after}`)).json().catch(() => []);
      for (const [seq, mood, title] of news) { after = seq; await enact(mood, title); }
    }
  };

  build();
  draw();
  tell();
  follow();
})();
