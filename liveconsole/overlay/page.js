"use strict";
const asked = new URLSearchParams(location.search);
const token = asked.get("token") || "";
const only = new Set((asked.get("only") || "sale,coupon,bag,play,review,pin").split(","));
const guided = asked.get("guide") === "1";
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const at = id => document.getElementById(id);
const FIGURES_MS = 1000; // older figures are not shown: the engine speaks twice a second
const CARDS_MS = 5000;   // and without it for so long, nothing is known to be on air
const FADE_MS = 160;
const SVG = "http://www.w3.org/2000/svg";

if (["dark", "light", "clear"].includes(asked.get("theme"))) document.documentElement.dataset.theme = asked.get("theme");
at("guide").hidden = !guided;

/* Elements. Text from outside goes in as textContent and in no other way. */

function part(kind, ...inside) {
  const node = document.createElement(kind.startsWith("bdi") ? "bdi" : "div");
  node.className = kind.replace(/^bdi ?/, "");
  node.append(...inside);
  return node;
}

function sign(kind) {
  const node = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
  node.setAttribute("class", "sign");
  use.setAttribute("href", "#" + kind);
  node.append(use);
  return node;
}

function say(node, text) {
  const line = text === undefined || text === null ? "" : String(text);
  if (node.textContent !== line) node.textContent = line;
  node.hidden = line === "";
}

function yuan(fen) {
  const whole = Math.floor(fen / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return "¥" + whole + (fen % 100 ? "." + String(fen % 100).padStart(2, "0") : "");
}

const count = number => number.toLocaleString("en-US");
const known = number => number !== undefined && number !== null;

/* Cards: each makes its parts once and fills them at every view, so that nothing blinks or moves. */

function label(kind, text) {
  const words = part("bdi", text), mark = sign(kind);
  return {
    node: part("label", mark, words),
    say: line => say(words, line),
    sign: other => mark.firstChild.setAttribute("href", "#" + other),
  };
}

function price() {
  const now = part("now"), from = part("from", "起"), was = part("was");
  const struck = document.createElement("s");
  const lowest = part("bdi");
  was.append("划线价 ", struck, lowest);
  return {
    node: part("price", now, from, was),
    fill(one) {
      say(now, known(one.price_fen) ? yuan(one.price_fen) : "已售罄");
      now.classList.toggle("none", !known(one.price_fen));
      from.hidden = !one.price_from;
      was.hidden = !known(one.list_price_fen);
      if (was.hidden) return;
      struck.textContent = yuan(one.list_price_fen);
      say(lowest, " 七日最低 " + yuan(one.lowest_7d_fen));
    },
  };
}

/* What a price that runs out is called, and what is counted of it. */
const SALES = {flash_sale: ["秒杀", "件"], bundle: ["组合价", "套"]};

function strip() {
  const clock = part("clock"), left = part("figure"), bar = part(""), track = part("track figure", bar);
  const node = part("strip", part("row", part("until", sign("sale"), clock), left), track);
  return {
    node,
    fill(sale) {
      timed(clock, sale, text => SALES[sale.kind][0] + " " + text);
      const few = sale.left <= 10 || sale.left * 5 <= sale.quantity;
      figure(left, sale, sale.left, n => n === 0 ? "已抢完" : (few ? "仅剩 " : "余 ") + count(n) + " / " + count(sale.quantity));
      track.hidden = !known(sale.left);
      if (!track.hidden) bar.style.width = 100 * sale.left / sale.quantity + "%";
    },
  };
}

/* What viewers' own recordings shall hold of a draw. */

function proofs() {
  const node = part("proofs");
  return {node, fill(pairs) {
    const told = pairs.filter(([, code]) => code);
    const shown = told.flat().join("\n");
    node.hidden = !told.length;
    if (node.dataset.shown === shown) return;
    node.dataset.shown = shown;
    node.replaceChildren(...told.map(([name, code]) => part("proof", part("quiet", name), part("bdi", code))));
  }};
}

/* A product's picture, from the engine and nowhere else; the token goes as a header, never into the document. */
async function portray(face, sha) {
  const name = /^[0-9a-f]{64}$/.test(sha || "") ? sha : "";
  if (face.dataset.shown === name) return;
  face.dataset.shown = name;
  turn(face, "");
  if (!name) return;
  try {
    const answer = await fetch("/overlay/images/" + name + "?size=480", {headers: {Authorization: "Bearer " + token}});
    const body = answer.ok ? await answer.blob() : null;
    if (body && face.dataset.shown === name) turn(face, URL.createObjectURL(body));
  } catch {
    face.dataset.shown = "";
  }
}

function turn(face, url) {
  if (face.src) URL.revokeObjectURL(face.src);
  face.hidden = !url;
  face.parentNode.classList.toggle("pic", Boolean(url));
  if (url) face.src = url;
  else face.removeAttribute("src");
}

function squares(words) {
  const picture = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  const node = part("code", picture, part("small", words));
  node.lastChild.hidden = !words;
  picture.append(path);
  return {node, fill(qr) {
    node.hidden = !qr;
    if (!qr || path.getAttribute("d") === qr.path) return;
    picture.setAttribute("viewBox", "0 0 " + qr.size + " " + qr.size);
    picture.setAttribute("shape-rendering", "crispEdges");
    path.setAttribute("d", qr.path);
  }};
}

/* What is played with the audience stands where bags stand. */

function play(kind, name) {
  const clock = part("clock"), title = part("bdi prize two"), rule = part("bdi small two"), people = part("entrants figure");
  const node = part("card bag play " + kind, label(kind, name).node, clock, title, rule, people);
  return {node, people, fill(cue, words, condition) {
    timed(clock, cue, text => text);
    say(title, words);
    say(rule, [cue.audience, condition].filter(Boolean).join("，"));
  }};
}

const PLAYS = ["first_come", "pk", "red_packet"];

/* What has a card of its own beside the product's: its price is not the one that everybody has. */
const TOGETHER = {
  group_buy: "拼团",
  bargain: "砍价",
};

const makers = {
  pinned() {
    const title = part("bdi name"), head = label("pin", "讲解中"), cost = price(), sale = strip();
    const number = document.createElement("span"), unit = document.createElement("small");
    unit.textContent = "号";
    const face = document.createElement("img"), tile = part("tile", face, part("no", number, unit));
    face.alt = "";
    face.hidden = true;
    const node = part("card pinned", part("row", tile, part("words", head.node, title, cost.node)), sale.node);
    return {node, fill({pinned, sold}) {
      const shown = pinned || sold;
      node.classList.toggle("sold", Boolean(sold) && known(sold.price_fen));
      node.classList.toggle("loose", !pinned);
      head.sign(pinned ? "pin" : "sale");
      const [word, unit] = sold ? SALES[sold.kind] : ["", ""];
      head.say([pinned ? "讲解中" : word + "中", sold && sold.audience, sold && sold.per_buyer ? "每人限 " + sold.per_buyer + " " + unit : ""]
        .filter(Boolean).join(" · "));
      tile.hidden = !known(shown.number) && !shown.image;
      tile.lastChild.hidden = !known(shown.number);
      portray(face, shown.image);
      say(number, shown.number);
      tile.classList.toggle("long", String(shown.number).length > 2);
      // Of several goods a line ends between two of them, never between one, its number and 号.
      const several = sold?.kind === "bundle" && shown === sold;
      say(title, several ? shown.title.replaceAll("号 ", "号\u00a0") : shown.title);
      title.classList.toggle("apart", several);
      cost.fill(sold && (known(sold.price_fen) || !pinned) ? sold : pinned);
      sale.node.hidden = !sold || !wants("sale");
      if (!sale.node.hidden) sale.fill(sold);
    }};
  },
  coupon() {
    const off = part("off"), rule = part("rule two"), left = part("figure counts"), clock = part("clock");
    const hint = part("hint two"), head = label("coupon", ""), code = squares("扫码领券");
    const words = part("words", part("head", head.node, clock), rule, left, hint);
    return {node: part("card coupon", off, words, code.node), fill(coupon) {
      head.say(coupon.title);
      say(off, coupon.off);
      say(rule, [coupon.rule, coupon.audience].filter(Boolean).join(" · "));
      const claimed = known(coupon.claimed) && coupon.claimed > 0 ? "已领\u00a0" + count(coupon.claimed) + " · " : "";
      const [none, unit] = coupon.kind === "gift" ? ["已送完", "份"] : ["已领完", "张"];
      figure(left, coupon, coupon.left, n => n === 0 ? none : claimed + "余\u00a0" + count(n) + "\u00a0" + unit);
      timed(clock, coupon, text => text);
      say(hint, coupon.top_up);
      code.fill(coupon.left === 0 ? null : coupon.qr);
    }};
  },
  bag() {
    const clock = part("clock"), prize = part("bdi prize two"), rule = part("bdi small two"), people = part("entrants figure");
    const head = label("bag", "福袋"), proof = proofs(), code = squares("");
    return {node: part("card bag", head.node, clock, prize, rule, people, proof.node, code.node), fill(bag) {
      head.say(bag.bags ? (bag.next_at ? "下一个福袋 " : "福袋雨 ") + count(bag.bag) + "/" + count(bag.bags) : "福袋");
      if (bag.next_at) timed(clock, {ends_at: bag.next_at}, text => text);
      else timed(clock, bag, text => text);
      say(prize, bag.title + (bag.winners > 1 ? " × " + count(bag.winners) : ""));
      say(rule, [bag.audience, bag.condition].filter(Boolean).join("，"));
      figure(people, bag, bag.entrants, n => count(n) + " 人已参与");
      proof.fill([["开奖承诺", bag.promise_code], ["名单根", bag.root_code],
                  ["公开随机 drand", known(bag.public_round) ? "第 " + bag.public_round + " 轮" : ""]]);
      code.fill(bag.root_code ? null : bag.qr);
    }};
  },
  round() {
    const title = part("bdi small two"), start = part("prize"), head = label("sale", "");
    return {node: part("card bag round", head.node, start, title), fill(one) {
      head.sign(SIGNS[one.kind] || "sale");
      head.say("下一场 · 第 " + one.nth + "/" + one.times + " 场");
      const begins = new Date(one.at), two = number => String(number).padStart(2, "0");
      say(start, two(begins.getHours()) + ":" + two(begins.getMinutes()));
      say(title, one.title);
    }};
  },
  first_come() {
    const card = play("first_come", "接龙"), names = part("names");
    card.node.append(names);
    return {node: card.node, fill(list) {
      card.fill(list, list.title, list.condition + (known(list.price_fen) ? "，" + yuan(list.price_fen) + " 一件" : ""));
      const more = list.waiting > 0 ? "，候补 " + count(list.waiting) : "";
      figure(card.people, list, list.entrants, n => count(n) + " / " + count(list.quantity) + " 位" + more);
      const shown = list.places || [];
      if (names.dataset.shown !== shown.join("\n")) {
        names.dataset.shown = shown.join("\n");
        names.replaceChildren(...shown.map(name => part("bdi", name)));
      }
    }};
  },
  pk() {
    const card = play("pk", "连麦PK");
    return {node: card.node, fill(pk) {
      const round = known(pk.rounds) ? "第 " + pk.round + " / " + pk.rounds + " 局" : "";
      card.fill(pk, "对 " + pk.title, [round, pk.condition].filter(Boolean).join("，"));
      figure(card.people, pk, pk.score, ([ours, theirs]) => count(ours) + " : " + count(theirs));
    }};
  },
  red_packet() {
    const card = play("red_packet", "红包");
    return {node: card.node, fill(packets) {
      card.fill(packets, packets.title, count(packets.quantity) + " 个");
      figure(card.people, packets, packets.left, n => n === 0 ? "已领完" : "余 " + count(n) + " 个");
    }};
  },
  together() {
    const title = part("bdi name"), head = label("sale", ""), cost = price(), rule = part("bdi rule two"), clock = part("clock");
    return {node: part("card play", part("head", head.node, clock), title, cost.node, rule), fill(cue) {
      head.say([TOGETHER[cue.kind], cue.audience, cue.per_buyer ? "每人限 " + cue.per_buyer + " 件" : ""]
        .filter(Boolean).join(" · "));
      say(title, (known(cue.number) ? cue.number + " 号 " : "") + cue.title);
      cost.fill(cue);
      say(rule, cue.rule);
      timed(clock, cue, text => text);
    }};
  },
  coming() {
    const clock = part("clock"), title = part("bdi name"), cost = part("now"), head = label("sale", "");
    const node = part("card coming", part("head", head.node, clock), part("row", title, cost));
    return {node, fill(one) {
      node.dataset.kind = one.kind;
      head.sign(SIGNS[one.kind] || "sale");
      head.say([one.called + "马上开始", one.audience].filter(Boolean).join(" · "));
      say(title, (known(one.number) ? one.number + " 号 " : "") + one.title + (one.quantity ? " × " + count(one.quantity) : ""));
      say(cost, known(one.price_fen) ? yuan(one.price_fen) + (one.price_from ? " 起" : "") : one.off);
      timed(clock, {ends_at: one.starts_at}, text => text);
    }};
  },
  review() {
    const stars = part("stars"), words = part("bdi small four"), title = part("bdi small quiet two");
    const head = label("star", "买家晒单");
    return {node: part("card bag review", head.node, stars, words, title), fill(one) {
      head.say(one.stars ? "买家晒单" : "观众故事");
      say(stars, one.stars ? "★".repeat(one.stars) + "☆".repeat(5 - one.stars) : "");
      say(words, one.text);
      say(title, one.title);
    }};
  },
  result() {
    const prize = part("bdi prize two"), names = part("names"), rest = part("small quiet"), reason = part("bdi small two");
    const head = label("bag", ""), proof = proofs();
    return {node: part("card bag", head.node, prize, names, rest, reason, proof.node), fill(result) {
      const which = result.bag ? "第 " + count(result.bag) + " 个" : "";
      head.say(which + (result.reason ? "福袋已结束" : "福袋中奖"));
      say(prize, result.title);
      if (names.dataset.shown !== result.winners.join("\n")) {
        names.dataset.shown = result.winners.join("\n");
        names.replaceChildren(...result.winners.map(name => part("bdi", name)));
      }
      say(rest, result.count > result.winners.length ? "等 " + count(result.count) + " 人" : "");
      say(reason, result.reason);
      proof.fill([["收据码", result.receipt_code], ["名单根", result.root_code]]);
    }};
  },
};

const SIGNS = {flash_sale: "sale", coupon: "coupon", lucky_bag: "bag"};

/* What a figure says goes when it is too old; what a clock says follows the engine's time. */

let clocks = new Map(), aging = new Map();

function timed(node, cue, words) {
  node.hidden = !cue.ends_at;
  if (cue.ends_at) clocks.set(node, [Date.parse(cue.ends_at), words]);
  else clocks.delete(node);
}

function figure(node, cue, number, words) {
  say(node, known(number) ? words(number) : "");
  if (cue.known_until) aging.set(node, Date.parse(cue.known_until));
  else aging.delete(node);
}

const wants = kind => only.has(kind);
const cards = new Map();

function put(box, wanted) {
  const live = [];
  for (const [key, kind, data] of wanted) {
    let card = cards.get(key);
    if (!card) {
      card = makers[kind]();
      card.box = box;
      card.node.dataset.key = key;
      cards.set(key, card);
      if (!calm.matches) {
        card.node.classList.add("out");
        setTimeout(() => card.node.classList.remove("out"), 20);
      }
    }
    card.fill(data);
    live.push(card.node);
  }
  for (const [key, card] of cards) {
    if (card.box !== box || live.includes(card.node)) continue;
    cards.delete(key);
    card.node.querySelectorAll("*").forEach(node => { clocks.delete(node); aging.delete(node); });
    card.node.classList.add("out", "gone");
    setTimeout(() => { card.node.remove(); fit(); }, calm.matches ? 0 : FADE_MS);
  }
  const stand = [...box.children].filter(node => !node.classList.contains("gone"));
  if (stand.length !== live.length || stand.some((node, index) => node !== live[index])) box.append(...live);
}

function face(shop) {
  const node = at("shop"), style = document.documentElement.style;
  node.hidden = !shop;
  say(node.lastElementChild, shop && shop.title || "");
  portray(node.firstElementChild, shop && shop.logo);
  for (const [name, colour] of [["--shop", shop && shop.on_dark], ["--shop-light", shop && shop.on_light]]) {
    if (colour) style.setProperty(name, colour);
    else style.removeProperty(name);
  }
}

function show(view) {
  face(view.shop);
  at("mark").hidden = !view.simulated;
  at("ai").hidden = !view.ai;
  const of = kind => view.running.filter(cue => cue.kind === kind);
  const sales = wants("sale") || wants("pin") ? Object.keys(SALES).flatMap(of) : [];
  const sold = sales.find(sale => sale.on_pinned);
  const goods = [];
  if (wants("sale")) for (const sale of sales) if (sale !== sold) goods.push(["sale " + sale.cue_id, "pinned", {sold: sale}]);
  if (view.pinned && wants("pin")) goods.push(["pinned", "pinned", {pinned: view.pinned, sold}]);
  else if (sold && wants("sale")) goods.push(["sale " + sold.cue_id, "pinned", {sold}]);
  if (wants("sale")) for (const cue of view.running) if (cue.kind in TOGETHER) goods.unshift(["play " + cue.cue_id, "together", cue]);
  const coupons = wants("coupon") ? [...of("coupon"), ...of("gift")] : [], bags = wants("bag") ? of("lucky_bag") : [];
  const results = wants("bag") ? view.results : [];
  const rounds = (view.rounds || []).filter(one => wants(SIGNS[one.kind] || "sale")).slice(0, 1);
  const coming = (view.coming || []).filter(one => wants(SIGNS[one.kind] || "sale"));
  put(at("goods"), [...coming.map(one => ["coming " + one.cue_id, "coming", one]), ...goods]);
  put(at("coupons"), coupons.map(cue => ["coupon " + cue.cue_id, "coupon", cue]));
  const played = wants("play") ? view.running.filter(cue => PLAYS.includes(cue.kind)) : [];
  const review = view.review && wants("review") ? [["review " + view.review.review_id, "review", view.review]] : [];
  put(at("bags"), [...bags.map(cue => ["bag " + cue.cue_id, "bag", cue]),
                   ...played.map(cue => ["play " + cue.cue_id, cue.kind, cue]),
                   ...results.map(one => ["result " + one.cue_id + " " + (one.bag || 1), "result", one]),
                   ...review,
                   ...rounds.map(one => ["round " + one.cue_id, "round", one])]);
  tick();
  fit();
}

/* Nothing reaches below the zone: what does not fit is counted; the pinned product and the newest bag stay. */

function fit() {
  const standing = id => [...at(id).children].filter(node => !node.classList.contains("gone"));
  ["coupons", "goods", "bags"].flatMap(standing).forEach(node => node.classList.remove("over"));
  const seen = id => standing(id).filter(node => !node.classList.contains("over"));
  const full = column => column.scrollHeight > column.clientHeight + 1;
  const over = [];
  const trim = (column, id, keep, last) => {
    for (let all = seen(id); all.length > keep && full(column); all = seen(id)) {
      over.unshift([column, last ? all[all.length - 1] : all[0]]);
      over[0][1].classList.add("over");
    }
  };
  trim(at("wide"), "coupons", 1, true);
  trim(at("wide"), "goods", 1, false);
  trim(at("wide"), "coupons", 0, true);
  trim(at("side"), "bags", 1, true);
  const hidden = over.filter(([column, node]) => {
    node.classList.remove("over"); // a later one may have made room for it
    return node.classList.toggle("over", full(column));
  }).length;
  say(at("more"), hidden ? "另有 " + hidden + " 项" : "");
}

/* The engine's time is told by its frames and kept by a clock that nobody sets; the quickest frame is rightest. */

let heard = -Infinity, offsets = [], wait = 250;
const time = () => performance.now() + Math.max(...offsets);

function tick() {
  const silent = performance.now() - heard;
  document.documentElement.classList.toggle("old", silent > FIGURES_MS);
  if (silent > CARDS_MS && cards.size) {
    for (const box of ["goods", "coupons", "bags"]) put(at(box), []);
    fit();
  }
  if (guided) at("guide").lastElementChild.textContent = silent > FIGURES_MS ? "未连接控制台" : "已连接";
  if (!offsets.length) return;
  const now = time();
  for (const [node, [end, words]] of clocks) {
    const left = Math.max(0, Math.ceil((end - now) / 1000)), minutes = Math.floor(left / 60);
    const two = number => String(number).padStart(2, "0");
    const text = minutes < 60 ? minutes + ":" + two(left % 60)
      : Math.floor(minutes / 60) + ":" + two(minutes % 60) + ":" + two(left % 60);
    say(node, words(text));
  }
  for (const [node, until] of aging) if (now > until) say(node, "");
}

function join() {
  const socket = new WebSocket("ws://" + location.host + "/overlay/stream", ["liveconsole.overlay", token]);
  const watch = setInterval(() => { if (performance.now() - heard > CARDS_MS) socket.close(); }, CARDS_MS);
  socket.onmessage = event => {
    const view = JSON.parse(event.data);
    if (wait !== 250) offsets = [];
    wait = 250;
    heard = performance.now();
    offsets = [...offsets.slice(-19), Date.parse(view.now) - heard];
    show(view);
  };
  socket.onclose = () => {
    clearInterval(watch);
    setTimeout(join, wait);
    wait = Math.min(wait * 2, 5000);
  };
}

setInterval(tick, 100);
join();
