"use strict";
/* Elements and figures. Text from outside goes in as textContent and in no other way. */

const at = id => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const SIGNS = {flash_sale: "flash", coupon: "coupon", lucky_bag: "bag", red_packet: "red-packet", first_come: "first-come", group_buy: "group-buy"};

function part(kind, className, ...inside) {
  const node = document.createElement(kind);
  if (className) node.className = className;
  node.append(...inside);
  return node;
}

function sign(name, tone) {
  const node = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
  node.setAttribute("class", "sign" + (tone ? " t-" + tone : ""));
  node.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#i-" + name);
  node.append(use);
  return node;
}

const kindSign = kind => sign("kind-" + (SIGNS[kind] || kind.replace(/_/g, "-")), kind.replace(/_/g, "-"));

function say(node, text) {
  const line = text === undefined || text === null ? "" : String(text);
  if (node.textContent !== line) node.textContent = line;
}

function yuan(fen) {
  const whole = Math.floor(fen / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return "¥" + whole + (fen % 100 ? "." + String(fen % 100).padStart(2, "0") : "");
}

function clock(seconds) {
  const all = Math.max(0, Math.floor(seconds)), two = n => String(n).padStart(2, "0");
  const hours = Math.floor(all / 3600), minutes = Math.floor(all / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
}

function longClock(seconds) {
  const said = clock(seconds);
  return said.length > 5 ? said.padStart(8, "0") : "00:" + said.padStart(5, "0");
}

const ageWords = seconds => seconds < 100 ? t("{n} 秒", {n: Math.floor(seconds)}) : t("{n} 分钟", {n: Math.floor(seconds / 60)});

/* What is kept on this phone: the seat's token and name, for this address alone. */

const kept = {
  read() {
    try { return JSON.parse(localStorage.getItem("liveconsole.seat") || "null"); } catch { return null; }
  },
  write(value) {
    try {
      if (value === null) localStorage.removeItem("liveconsole.seat");
      else localStorage.setItem("liveconsole.seat", JSON.stringify(value));
    } catch { /* private browsing: the seat lasts as long as the page */ }
  },
};

let toldUntil = 0;
function tell(words, tone) {
  const node = at("told");
  say(node, words);
  node.className = words ? "on " + (tone || "") : "";
  toldUntil = performance.now() + 6000;
}
