"use strict";
/* The page around the checks. Text of a receipt goes in as textContent and in no other way. */
const at = id => document.getElementById(id);
const LISTED = 500; // winners or alternates shown one by one; all of them are checked
let language = (navigator.language || "zh").toLowerCase().startsWith("zh") ? "zh" : "en";
let receipt = null, infos = [], told = [], codes = null, run = 0, shownReceipt = null;
let checked = null; // what came of it, once it is done

const all = () => (isSeries(receipt) ? receipt.receipts : receipt ? [receipt] : []); // the draws that are looked at
const listOf = (one, name) => (one && Array.isArray(one[name]) ? one[name] : []);
const t = (zh, en) => (language === "zh" ? zh : en);
const count = number => Number(number).toLocaleString("en-US");

function put(list, rows) { list.replaceChildren(...rows); }
function row(kind, text, name) {
  const node = document.createElement(kind);
  node.textContent = text;
  if (name) node.className = name;
  return node;
}

function verdictOf(found) {
  if (found.some(one => one.holds === false)) return "invalid";
  return found.some(one => one.holds === null) ? "unchecked" : "valid";
}

async function check() {
  const mine = ++run;
  told = []; codes = null; checked = null;
  show("working");
  try {
    if (!crypto.subtle) throw new Error("no WebCrypto");
    if (receipt === null) throw new Broken("receipt");
    if (all().some(one => !Object.hasOwn(one, "entries") && Object.hasOwn(one, "count"))) {
      told.push({holds: null, zh: "名单不在这张收据里：用 liveconsole receipt 写成文件", en: "the entrants are not in it: write it with liveconsole receipt"});
    } else {
      for await (const one of (isSeries(receipt) ? seriesChecks : checks)(receipt, infos, done => { if (mine === run) working(done); })) {
        if (mine !== run) return;
        told.push(one);
      }
      codes = isSeries(receipt) ? {series: await seriesCode(receipt.series), bags: await Promise.all(all().map(codesOf))} : await codesOf(receipt);
    }
  } catch (error) {
    if (mine !== run) return;
    if (error instanceof Error && !(error instanceof Broken) && !(error instanceof TypeError) && !(error instanceof SyntaxError) && !(error instanceof RangeError)) {
      told.push({holds: null, zh: "这个浏览器不能核对：" + error.message, en: "this browser cannot check it: " + error.message});
    } else told.push({holds: false, zh: "缺字段或格式不对：" + error.message, en: "a field is missing or wrong: " + error.message});
  }
  if (mine !== run) return;
  shownReceipt = receipt;
  checked = {verdict: verdictOf(told), checks: told, codes};
  show(checked.verdict);
}

function working(done) { at("why").textContent = t("正在算 ", "Working it out: ") + Math.round(100 * done) + " %"; }

const SAID = {
  working: ["…", "正在核对", "Checking"],
  valid: ["✓", "有效：中奖结果可以复核", "Valid: the result follows"],
  invalid: ["✗", "无效：对不上", "Not valid: it does not follow"],
  unchecked: ["?", "未核对完：有一项没法在这里核对", "Not checked: one thing could not be checked here"],
};

function show(verdict) {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.querySelectorAll("[data-zh]").forEach(node => { node.textContent = node.dataset[language]; });
  document.querySelectorAll("[data-language]").forEach(node => node.setAttribute("aria-pressed", String(node.dataset.language === language)));
  const [sign, zh, en] = SAID[verdict];
  at("verdict").dataset.verdict = verdict;
  at("sign").textContent = sign;
  at("said").textContent = t(zh, en);
  const against = told.filter(one => one.holds === (verdict === "invalid" ? false : null));
  at("why").textContent = verdict === "valid" ? trust() : against.map(one => one[language]).join("\n");
  put(at("checks"), told.map(one => {
    const line = document.createElement("li");
    line.dataset.holds = String(one.holds);
    line.append(row("b", one.holds ? t("✓ 对", "✓ ok") : one.holds === null ? t("? 未核对", "? open") : t("✗ 错", "✗ wrong")), row("span", one[language]));
    return line;
  }));
  showFacts();
  showCodes();
  showPeople();
  at("foot").textContent = t("离线页面，不联网，不保存任何内容。", "An offline page: it never goes online and keeps nothing.");
}

function trust() {
  const first = all()[0] || {}, used = (first.randomness || {}).source, promised = ((first.rules || {}).randomness || {}).source;
  if (used === "drand" && first.randomness.chain !== PUBLIC_CHAIN) return t("随机值来自您给出的链，不是公开的 quicknet：要相信它，先要相信那条链。", "The value came from the chain you gave, not from the public one: it is as good as that chain.");
  if (used === "drand") return t("随机值来自公开的 drand，主播不能预知，也不能挑选。", "The value came from drand, in public: the host could neither foresee nor choose it.");
  if (promised === "drand") return t("公开随机没有取到，用了事先公布的后备：可复核，但不是公开随机。", "The public value was not had and the announced fallback was used: verifiable, not public randomness.");
  return t("随机值是事先承诺的：可复核，但不是公开随机。请和你录到的代码比一比。", "The value was committed to beforehand: verifiable, not public randomness. Compare the codes with your recording.");
}

function facts() {
  const first = all()[0] || null, rules = first && first.rules && typeof first.rules === "object" ? first.rules : {};
  const list = value => (Array.isArray(value) ? value : []);
  const entry = rules.entry || {};
  return [
    [t("奖品", "Prize"), rules.prize && rules.prize.name, true],
    [t("参与方式", "Entry"), entry.keyword ? t("口令「", "keyword “") + entry.keyword + t("」", "”") : t("任意评论", "any comment"), true],
    [t("参与 / 中奖 / 候补", "Entrants / winners / alternates"),
     first && all().map(one => ["entries", "winners", "alternates"].map(name => count(listOf(one, name).length)).join(" / ")).join(t("；", "; ")), true],
    [t("福袋雨", "Series of bags"), isSeries(receipt) && receipt.series ? t(`${all().length} 个开了奖，公布 ${receipt.series.planned} 个`, `${all().length} of ${receipt.series.planned} drawn`) : undefined, true],
    [t("不参与", "Stood back"), isSeries(receipt) || rules.stood_back === undefined ? undefined : t(`之前中过奖的 ${count(list(rules.stood_back).length)} 人`, `${count(list(rules.stood_back).length)} earlier winners`), true],
    [t("抽奖编号", "Draw"), first && all().map(one => one.draw_id).join(" "), false],
    [t("随机来源", "Randomness"), first && first.randomness && (first.randomness.source === "drand" ? "drand · " + t("第 ", "round ") + all().map(one => (one.randomness || {}).round).join(t("、", ", ")) + t(" 轮", "") : first.randomness.source === "local" ? t("本机，事先承诺", "this computer's, committed to beforehand") : String(first.randomness.source)), true],
  ];
}

function showFacts() {
  put(at("facts"), facts().filter(([, value]) => typeof value === "string" && value).flatMap(([name, value, text]) => [row("dt", name), row("dd", value.slice(0, 500), text ? "words" : "")]));
}

function showCodes() {
  const of = (one, bag) => [[t("开奖承诺", "promise") + bag, one.promise], [t("名单根", "root") + bag, one.root], [t("收据码", "receipt code") + bag, one.receipt]];
  const named = !codes ? [] : codes.bags
    ? [[t("整场收据码", "code of the series"), codes.series], ...codes.bags.flatMap((one, place) => of(one, t(`，第 ${place + 1} 个`, ` of bag ${place + 1}`)))]
    : of(codes, "");
  put(at("codes"), named.flatMap(([name, code]) => [row("dt", name), row("dd", code, "code")]));
  const typed = plainCode(at("shown").value), line = at("shown-said");
  line.textContent = ""; delete line.dataset.holds;
  if (!codes || !typed) return;
  const hex = at("shown").value.trim().replace(/^LIVECONSOLE-DRAW\s*/i, "").toLowerCase();
  const found = named.find(([, code]) => plainCode(code) === typed);
  const qr = hex.length === 64 && all().some(one => hex === one.rules_sha256);
  line.dataset.holds = String(Boolean(found) || qr);
  line.textContent = found ? t("一样：是这次的", "The same: it is this draw's ") + found[0]
    : qr ? t("一样：是这次的完整承诺", "The same: it is this draw's whole promise")
    : t("不一样：不是这次抽奖的代码", "Not the same: no code of this draw");
}

function showPeople() {
  const of = name => all().flatMap(one => listOf(one, name));
  const lines = list => {
    const rows = list.slice(0, LISTED).map(id => row("li", String(id), "id"));
    if (list.length > LISTED) rows.push(row("li", t(`等共 ${count(list.length)} 个`, `and others: ${count(list.length)} in all`)));
    return rows;
  };
  put(at("winners"), lines(of("winners")));
  put(at("alternates"), lines(of("alternates")));
  at("alternates-title").textContent = of("alternates").length ? t("候补，依次", "Alternates, in order") : "";
  find();
}

async function find() {
  const line = at("mine-said"), typed = at("mine").value.trim();
  line.textContent = ""; delete line.dataset.holds;
  if (!typed || !all().some(one => Array.isArray(one.entries))) return;
  const said = [];
  for (const [bag, one] of all().entries()) {
    let id;
    try { id = await entryOf(one, typed); } catch { continue; }
    const place = sorted(listOf(one, "entries").map(entry => [String(entry && entry.id), 1])).findIndex(([other]) => other === id);
    const won = listOf(one, "winners").indexOf(id), next = listOf(one, "alternates").indexOf(id);
    if (place >= 0) said.push((isSeries(receipt) ? t(`第 ${bag + 1} 个福袋，`, `bag ${bag + 1}, `) : "")
      + t(`第 ${count(place + 1)} 号参与者：`, `Entry number ${count(place + 1)}: `)
      + (won >= 0 ? t(`中奖（第 ${won + 1} 个）`, `won (place ${won + 1})`) : next >= 0 ? t(`候补第 ${next + 1} 个`, `alternate ${next + 1}`) : t("未中奖", "not drawn")));
  }
  if (typed !== at("mine").value.trim()) return;
  line.dataset.holds = String(said.length > 0);
  line.textContent = said.join("\n") || t("名单里没有这个编号", "This id is not among the entrants");
}

function take(read) {
  if (read && read.schemeID) { infos = [read]; return check(); }
  if (read && read.type === "cue.drawn" && read.data) read = read.data;
  if (read && read.receipt && typeof read.receipt === "object") read = read.receipt;
  receipt = read && typeof read === "object" && !Array.isArray(read) ? read : null;
  return check();
}

async function chosen() {
  const file = at("file").files[0], line = at("file-said");
  if (!file) return;
  line.textContent = "";
  try {
    if (file.size > 256 * 1024 * 1024) throw new Error(t("文件太大", "the file is too large"));
    await take(JSON.parse(await file.text()));
  } catch (error) {
    line.textContent = t("读不出：", "Cannot be read: ") + error.message;
    line.dataset.holds = "false";
  }
}

at("shown").addEventListener("input", showCodes);
at("mine").addEventListener("input", find);
at("file").addEventListener("change", chosen);
document.querySelectorAll("[data-language]").forEach(node => node.addEventListener("click", () => {
  language = node.dataset.language;
  show(checked ? checked.verdict : "working");
}));
try { take(JSON.parse(at("receipt").textContent)); } catch { take(null); }
