"use strict";
/* What follows from a receipt: a third implementation of the published algorithm (github
   electric-lump-software/wallop, spec/protocol.md sections 1 and 2), on WebCrypto alone; drand's signature by DrandBls. */

const PUBLIC_INFO = {
  schemeID: "bls-unchained-g1-rfc9380", period: 3, genesis_time: 1692803367, metadata: {beaconID: "quicknet"},
  public_key: "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
  groupHash: "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
};
const PUBLIC_CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const MOST_ENTRIES = 1000000; // more is not held in a page
const BATCH = 2048;           // hashes under way at a time

class Broken extends Error {}
const need = (holds, what) => { if (!holds) throw new Broken(what); };
const own = (object, name) => {
  need(object !== null && typeof object === "object" && Object.hasOwn(object, name), name);
  return object[name];
};
const whole = (value, what) => { need(Number.isSafeInteger(value), what); return value; };
const list = (value, what) => { need(Array.isArray(value), what); return value; };
const words = (value, what) => { need(typeof value === "string", what); return value; };
const breathe = () => new Promise(done => setTimeout(done, 0));

function bytesOf(hex, what) {
  need(typeof hex === "string" && /^(?:[0-9a-fA-F]{2})*$/.test(hex), what);
  return Uint8Array.from(hex.match(/../g) || [], two => parseInt(two, 16));
}
const hexOf = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");

async function digest(bytes) { return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)); }
async function sha(text) { return hexOf(await digest(new TextEncoder().encode(text))); }

/* JSON by RFC 8785. */
function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return String(whole(value, "number"));
  if (typeof value === "string") {
    need(value.isWellFormed ? value.isWellFormed() : !/[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/.test(value), "text");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
  return "{" + Object.keys(value).sort().map(name => canonical(name) + ":" + canonical(value[name])).join(",") + "}";
}

/* By code points, which is the order of the bytes of UTF-8. */
function byBytes(a, b) {
  const [one, two] = [Array.from(a[0], c => c.codePointAt(0)), Array.from(b[0], c => c.codePointAt(0))];
  for (let i = 0; i < one.length && i < two.length; i++) if (one[i] !== two[i]) return one[i] - two[i];
  return one.length - two.length;
}
function sorted(entries) {
  const plain = entries.every(([id]) => /^[\x20-\x7e]*$/.test(id));
  return [...entries].sort(plain ? (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) : byBytes);
}

async function rootOf(drawId, entries) {
  const parts = [];
  for (let i = 0; i < entries.length; i++) {
    parts.push('{"uuid":' + canonical(entries[i][0]) + ',"weight":' + canonical(entries[i][1]) + "}");
    if (i % 20000 === 19999) await breathe();
  }
  return sha('{"draw_id":' + canonical(drawId) + ',"entries":[' + parts.join(",") + "]}");
}

const seedOf = (root, value) => sha(canonical({drand_randomness: value, entry_hash: root}));

/* Numbers of 256 bits, in the order of their counter; some are made ahead. */
function* counters() { for (let n = 0; n < 4294967296; n++) yield n; }
async function pick(entries, seed, count, progress) {
  const pool = [];
  for (const [id, weight] of entries) for (let i = 0; i < weight; i++) pool.push(id);
  const key = bytesOf(seed, "seed"), number = counters();
  let ready = [], next = 0, turns = 0;
  async function more(wanted) {
    const asked = [];
    for (let i = 0; i < Math.min(BATCH, Math.max(16, wanted)); i++) {
      const block = new Uint8Array(key.length + 4);
      block.set(key);
      new DataView(block.buffer).setUint32(key.length, number.next().value);
      asked.push(digest(block));
    }
    ready = await Promise.all(asked);
    next = 0;
    if (++turns % 4 === 0) { progress(1 - wanted / pool.length); await breathe(); }
  }
  for (let last = pool.length - 1; last > 0; last--) {
    let other = -1;
    while (other < 0) {
      if (next === ready.length) await more(last);
      other = below(ready[next++], last + 1);
    }
    const kept = pool[last];
    pool[last] = pool[other];
    pool[other] = kept;
  }
  const found = new Set();
  for (const id of pool) { if (found.size === count) break; found.add(id); }
  return [...found];
}

/* The block modulo n, or -1 where it is to be discarded: v ≥ floor(2^256 / n) · n. */
function below(block, n) {
  if (block.subarray(0, 27).every(byte => byte === 255)) {
    const v = BigInt("0x" + hexOf(block)), m = BigInt(n), all = 1n << 256n;
    if (v >= all / m * m) return -1;
  }
  let rest = 0;
  for (let i = 0; i < 32; i += 2) rest = (rest * 65536 + block[i] * 256 + block[i + 1]) % n;
  return rest;
}

/* Codes, as the picture shows them. */
function codeOf(hex, letters) {
  let bits = BigInt("0x" + hex) >> BigInt(256 - 5 * letters), text = "";
  for (let i = 0; i < letters; i++) { text = LETTERS[Number(bits & 31n)] + text; bits >>= 5n; }
  return text.match(/.{4}/g).join("-");
}
const plainCode = code => code.toUpperCase().replace(/[-\s]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");

async function codesOf(receipt) {
  const said = Object.fromEntries(Object.entries(receipt).filter(([name]) => !["entries", "count", "code"].includes(name)));
  return {
    promise: codeOf(own(receipt, "rules_sha256"), 16),
    root: codeOf(own(receipt, "root"), 16),
    receipt: codeOf(await sha(canonical(said)), 8),
  };
}

/* Chains of drand by their hash, which is worked out. */
async function chainOf(info) {
  need(own(info, "schemeID") === PUBLIC_INFO.schemeID, "schemeID");
  const key = bytesOf(own(info, "public_key"), "public_key"), group = bytesOf(own(info, "groupHash"), "groupHash");
  const name = (info.metadata || {}).beaconID || "", head = new DataView(new ArrayBuffer(12));
  head.setUint32(0, whole(own(info, "period"), "period"));
  head.setBigUint64(4, BigInt(whole(own(info, "genesis_time"), "genesis_time")));
  const tail = new TextEncoder().encode(name === "default" ? "" : name);
  const all = new Uint8Array([...new Uint8Array(head.buffer), ...key, ...group, ...tail]);
  return [hexOf(await digest(all)), key];
}

async function isRound(key, number, signature) {
  if (!Number.isSafeInteger(number) || number < 1 || signature.length !== 48 || key.length !== 96) return false;
  const round = new DataView(new ArrayBuffer(8));
  round.setBigUint64(0, BigInt(number));
  return DrandBls.isSigned(key, await digest(new Uint8Array(round.buffer)), signature);
}

/* Every check, in order: {holds: true | false | null, zh, en}. null: nobody could check it here. */
async function* checks(receipt, infos, progress) {
  const say = (holds, zh, en) => ({holds, zh, en});
  const rules = own(receipt, "rules"), randomness = own(receipt, "randomness"), drawId = words(own(receipt, "draw_id"), "draw_id");
  const entries = list(own(receipt, "entries"), "entries").map(entry => [words(own(entry, "id"), "id"), own(entry, "weight")]);
  const winners = list(own(receipt, "winners"), "winners"), alternates = list(own(receipt, "alternates"), "alternates");
  if (entries.length > MOST_ENTRIES) {
    yield say(null, `${entries.length} 个参与者太多，请用 liveconsole verify-draw`, `${entries.length} entrants are too many for a page: use liveconsole verify-draw`);
    return;
  }
  yield say(own(receipt, "v") === 1 && own(receipt, "algorithm") === "fair_pick", "收据版本和算法是 fair_pick", "version and algorithm are known");
  yield say(await sha(canonical(rules)) === own(receipt, "rules_sha256"), "规则与其哈希一致", "the rules match their hash");
  yield say(own(rules, "algorithm") === receipt.algorithm && own(rules, "draw_id") === drawId, "规则说的是这次抽奖", "the rules are of this draw");
  const weight = own(own(rules, "entry"), "weight"), ids = new Set(entries.map(([id]) => id));
  const single = entries.every(([, w]) => Number.isSafeInteger(w) && w === weight && w > 0) && ids.size === entries.length
    && entries.length * (entries.length ? weight : 0) <= 10000000;
  yield say(single, `${entries.length} 个参与者各一份`, `${entries.length} entrants, one entry each`);
  const keptOut = new Set(list(own(rules, "excluded"), "excluded")), back = rules.stood_back === undefined ? [] : list(rules.stood_back, "stood_back");
  yield say(![...keptOut].some(id => ids.has(id)) && back.every(id => keptOut.has(id)), "被排除的人不在其中", "nobody excluded is among them");
  const ordered = sorted(entries), root = await rootOf(drawId, ordered);
  yield say(root === own(receipt, "root"), "参与者名单与根哈希一致", "the entrants match the root");
  yield* checkValue(own(rules, "randomness"), randomness, infos, say);
  const seed = await seedOf(root, words(own(randomness, "value"), "value"));
  yield say(seed === own(receipt, "seed"), "种子由根哈希和随机值算出", "the seed follows from root and value");
  const places = whole(own(rules, "winners"), "winners"), further = whole(own(rules, "alternates"), "alternates");
  need(places >= 0 && further >= 0, "winners");
  const drawn = single ? await pick(ordered, seed, places + further, progress) : [];
  const same = (one, two) => one.length === two.length && one.every((id, i) => id === two[i]);
  yield say(same(winners, drawn.slice(0, places)), `${winners.length} 个中奖者逐一算出`, `all ${winners.length} winners follow`);
  yield say(same(alternates, drawn.slice(places)), `${alternates.length} 个候补逐一算出`, `all ${alternates.length} alternates follow`);
  yield say(winners.length === Math.min(places, entries.length), "中奖人数与规则一致", "as many winners as the rules say");
  if (!entries.length) yield say(true, "无人参与，没有中奖者", "nobody entered, nobody won");
  if (Object.hasOwn(receipt, "code")) yield say((await codesOf(receipt)).receipt === receipt.code, "收据码由收据算出", "the receipt's code follows from it");
}

async function* checkValue(promised, randomness, infos, say) {
  const value = bytesOf(own(randomness, "value"), "value"), hex = hexOf(value), exact = value.length === 32 && hex === randomness.value;
  const same = own(randomness, "commit") === own(promised, "commit"), source = own(promised, "source");
  if (own(randomness, "source") === "local") {
    yield say(exact && same && hexOf(await digest(value)) === randomness.commit, "随机值与事先公布的承诺一致", "the value matches its commitment");
    if (source === "local") yield say(true, "可复核 · 非公开随机", "verifiable, not public randomness");
    else yield say(own(promised, "fallback") === "local", "公开随机未取到，用了事先公布的后备", "the announced fallback was used");
    return;
  }
  const named = ["source", "chain", "round"].every(name => own(randomness, name) === own(promised, name));
  yield say(named && same && source === "drand", `drand 第 ${promised.round} 轮是事先指定的`, "the drand round was named beforehand");
  const signature = bytesOf(own(randomness, "signature"), "signature");
  yield say(exact && hexOf(await digest(signature)) === hex, "随机值是该轮签名的哈希", "the value is the hash of the signature");
  const known = new Map();
  for (const info of [PUBLIC_INFO, ...infos]) known.set(...await chainOf(info));
  const key = known.get(promised.chain), open = promised.chain === PUBLIC_CHAIN;
  if (!key) yield say(null, `不认识链 ${promised.chain}，签名未核对（在下面选它的 info 文件）`, `chain ${promised.chain} is not known here: choose its info below`);
  else yield say(await isRound(key, promised.round, signature), `BLS 签名是${open ? "公开链" : "您给出的链"}第 ${promised.round} 轮的`,
    `the BLS signature is that of round ${promised.round} of ${open ? "the public chain" : "the chain you gave"}`);
}

/* The entry id of a viewer id (p…), or the entry id that was typed itself. */
async function entryOf(receipt, typed) {
  const id = typed.trim();
  if (!/^p[0-9a-f]{20}$/.test(id)) return id.toLowerCase();
  const salt = own(own(receipt, "rules"), "salt");
  const raw = await digest(new TextEncoder().encode(["liveconsole/entry/1", receipt.draw_id, salt, id].join("\0")));
  raw[6] = raw[6] & 15 | 64;
  raw[8] = raw[8] & 63 | 128;
  return hexOf(raw.subarray(0, 16)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
