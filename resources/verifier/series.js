/* 福袋雨: every receipt of a series by itself, and all of them together, as verify_series has it. */

const isSeries = read => Boolean(read) && typeof read === "object" && Array.isArray(read.receipts);
const without = (receipt, names) => Object.fromEntries(Object.entries(receipt).filter(([name]) => !names.includes(name)));
const hashOfReceipt = receipt => sha(canonical(without(receipt, ["entries", "count", "code", "chain"])));
const equal = (one, two) => canonical(one) === canonical(two);

async function seriesCode(series) { return codeOf(await sha(canonical(without(series, ["code"]))), 8); }

async function* seriesChecks(file, infos, progress) {
  const receipts = file.receipts, say = (holds, zh, en) => ({holds, zh, en});
  for (const [place, receipt] of receipts.entries()) {
    for await (const one of checks(receipt, infos, progress)) {
      yield {holds: one.holds, zh: `第 ${place + 1} 个：${one.zh}`, en: `bag ${place + 1}: ${one.en}`};
    }
  }
  const series = own(file, "series");
  need(series && typeof series === "object", "series");
  const draws = list(own(series, "draws"), "draws"), hashes = [];
  for (const receipt of receipts) hashes.push(await hashOfReceipt(receipt));
  yield say(own(series, "v") === 1, "福袋雨收据的版本认得", "the version of the bags' receipt is known");
  const listed = equal(draws.map(draw => own(draw, "receipt_sha256")), hashes)
    && equal(draws.map(draw => own(draw, "draw_id")), receipts.map(receipt => receipt.draw_id));
  yield say(listed, `${draws.length} 张收据，一张不多一张不少，按次序`, `its ${draws.length} receipts, in order`);
  yield say(own(series, "receipts_sha256") === await sha(canonical(hashes)), "次序的哈希由各收据算出", "the hash of the receipts in their order follows");
  const apart = each => new Set(receipts.map(each)).size === receipts.length;
  yield say(apart(one => one.draw_id) && apart(one => one.rules.salt) && apart(one => one.randomness.commit),
    "每个福袋各有自己的随机数和名单", "each bag has a value and entrants of its own");
  yield say(sameRules(series, receipts), "各福袋的规则只差次序", "the rules of the bags differ in their place alone");
  const chained = receipts.every((one, place) => own(one.rules, "series").after === (place ? hashes[place - 1] : undefined));
  yield say(chained, "每个福袋的规则都写着前一张收据", "every bag's rules name the receipt before");
  const gap = 1000 * whole(own(series, "gap_seconds"), "gap_seconds"), at = (draw, name) => Date.parse(own(draw, name));
  const waited = draws.every((draw, place) => at(draw, "opened_at") <= at(draw, "closed_at")
    && (!place || at(draw, "opened_at") - at(draws[place - 1], "closed_at") >= gap - 1)); // a page reads whole milliseconds
  yield say(waited, "间隔不短于公布的", "no gap is shorter than was announced");
  const back = receipts.map(one => (one.rules.stood_back || []).length);
  yield say(equal(back, draws.map(draw => own(draw, "stood_back"))), "回避的人数与收据相同", "as many stood back as the receipt says");
  if (own(series, "once")) {
    const won = receipts.map((_, place) => receipts.slice(0, place).reduce((sum, one) => sum + one.winners.length, 0));
    yield say(back.every((stood, place) => stood >= won[place]), "之前中过的人都写明回避", "at least everybody who had won before stood back");
  }
  const count = whole(own(series, "planned"), "planned"), complete = own(series, "ended") === "drawn" && !own(series, "cut");
  yield say(complete ? draws.length === count && own(series, "opened") === count : draws.length <= count,
    `公布 ${count} 个，开奖 ${draws.length} 个`, `${draws.length} of ${count} were drawn`);
  if (Object.hasOwn(series, "code")) {
    yield say(await seriesCode(series) === series.code, "福袋雨收据码由收据算出", "the code of the bags' receipt follows from it");
  }
}

function sameRules(series, receipts) {
  const entry = rules => without(own(rules, "entry"), ["source"]), first = receipts.length ? receipts[0].rules : null;
  return receipts.every((receipt, place) => {
    const rules = receipt.rules, told = own(rules, "series");
    return ["prize", "winners", "alternates", "claim", "seconds", "cue_id"].every(name => equal(own(rules, name), own(first, name)))
      && equal(entry(rules), entry(first)) && told.bag === place + 1 && rules.cue_id === series.series
      && told.count === series.planned && ["gap_seconds", "once"].every(name => told[name] === series[name]);
  });
}
