// Runs in the console's page: reads what it shows, and presses what it is told to. Nothing of the page is changed.
// One function; `what` says which of its works is wanted, `map` is the page map (maps.PageMap) as JSON.
async ([what, map, arg]) => {
  const ROWS_MOST = 3000, PARTS_MOST = 60, TEXT_MOST = 400, ROOTS_MOST = 50;

  // The document, the open shadow roots in it, and frames of the same origin: consoles are built of all three.
  const roots = [];
  const gather = (root) => {
    if (roots.length >= ROOTS_MOST) return;
    roots.push(root);
    for (const host of root.querySelectorAll("*")) {
      if (host.shadowRoot) gather(host.shadowRoot);
      if (host.tagName === "IFRAME" || host.tagName === "FRAME") {
        let inner = null;
        try { inner = host.contentDocument; } catch { inner = null; }
        if (inner && inner.documentElement) gather(inner);
      }
    }
  };
  gather(document);

  const all = (selector, from) => {
    if (!selector) return [];
    const found = [];
    for (const root of from ? [from] : roots) found.push(...root.querySelectorAll(selector));
    return found;
  };
  const seen = (element) => {
    if (!element.getClientRects().length) return false;
    const style = element.ownerDocument.defaultView?.getComputedStyle(element);
    return !style || (style.visibility !== "hidden" && style.display !== "none" && style.opacity !== "0");
  };
  // Half a character, where a text was cut, is none: it could not be handed over.
  const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
  const clean = (text) => (text || "").replace(/\s+/g, " ").trim().slice(0, TEXT_MOST).replace(HALF, "");
  const texts = [...map.rows.button.pin, ...map.rows.button.unpin];
  const visible = (selectors) => selectors.flatMap((selector) => all(selector)).filter(seen);

  const words = () => roots.map((root) => root.body ? root.body.innerText : root.textContent || "").join("\n");
  const path = (location.origin + location.pathname).replace(/\/$/, "");
  const at = (part) => (part.endsWith("$") ? path.endsWith(part.slice(0, -1)) : location.href.includes(part));
  const told = (sign) =>
    sign.urls.some(at) ||
    visible(sign.selectors).length > 0 ||
    (sign.texts.length > 0 && sign.texts.some((text) => words().includes(text)));

  const areas = () => all(map.rows.area);
  const rowsOf = () => {
    const found = [];
    for (const area of areas()) for (const row of all(map.rows.row, area)) if (!found.includes(row)) found.push(row);
    return found.slice(0, ROWS_MOST);
  };
  const buttonOf = (row) => {
    const fitting = all(map.rows.button.selector, row);
    return fitting.find((one) => texts.includes(clean(one.textContent))) || fitting.find(
      (one) => texts.some((text) => clean(one.textContent).includes(text))) || null;
  };
  const cannot = (button) => {
    for (let one = button, i = 0; one && i < 2; one = one.parentElement, i += 1) {
      if (one.disabled || one.getAttribute("aria-disabled") === "true") return true;
      const name = typeof one.className === "string" ? one.className : "";
      if (map.rows.button.off_classes.some((part) => name.includes(part))) return true;
    }
    return false;
  };
  const numberOf = (row) => {
    const place = all(map.rows.number, row)[0];
    if (!place) return null;
    const raw = clean("value" in place && place.tagName === "INPUT" ? place.value : place.textContent);
    const digits = raw.match(/\d{1,6}/g);
    return digits && digits.length === 1 ? Number(digits[0]) : null;
  };
  // Each text that stands by itself: an element's own words, and those of small elements with all that is in them.
  const partsOf = (row) => {
    const parts = new Set();
    for (const one of row.querySelectorAll("*")) {
      const own = [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join("");
      parts.add(clean(own));
      if (one.childElementCount <= 3) parts.add(clean(one.textContent));
      if (parts.size > PARTS_MOST) break;
    }
    parts.delete("");
    return [...parts];
  };
  const read = (row) => {
    const button = buttonOf(row);
    const title = map.rows.title ? all(map.rows.title, row)[0] : null;
    return {
      number: numberOf(row),
      title: title ? clean(title.textContent) : "",
      text: clean(row.textContent),
      parts: title ? [] : partsOf(row),
      button: button ? clean(button.textContent) : null,
      off: button ? cannot(button) : false,
    };
  };
  const strays = (rows) => {
    let count = 0;
    for (const root of roots) {
      for (const one of root.querySelectorAll("button, a, span, div")) {
        if (one.childElementCount || !texts.includes(clean(one.textContent))) continue;
        if (!rows.some((row) => row.contains(one)) && (count += 1) >= 9) return count;
      }
    }
    return count;
  };
  // What scrolls a list that draws only the rows which one sees: whatever does, around a row.
  const scroller = () => {
    if (!map.rows.drawn_when_seen) return null;
    for (let one = rowsOf()[0] || areas()[0]; one; one = one.parentElement) {
      const flow = one.ownerDocument.defaultView.getComputedStyle(one).overflowY;
      if (one.scrollHeight > one.clientHeight + 1 && one.clientHeight > 0 && /auto|scroll|overlay/.test(flow)) return one;
    }
    return null;
  };

  const look = () => {
    const rows = rowsOf();
    const box = scroller();
    return {
      url: location.href,
      rows: rows.map(read),
      whole: !box || box.scrollHeight <= box.clientHeight + 1,
      area: areas().length > 0,
      strays: rows.length ? 0 : strays(rows),
      logged_out: told(map.logged_out),
      not_live: told(map.not_live),
      captcha: told(map.captcha),
      dialogs: visible(map.close).length,
      asks: visible(map.confirm).length,
      toasts: visible(map.toasts).map((one) => clean(one.textContent)).filter(Boolean).slice(0, 5),
      loaded: document.readyState === "complete",
    };
  };

  // A click as the page's own script sees it: nothing is moved or scrolled, and a cover does not swallow it.
  const click = (element) => {
    const view = element.ownerDocument.defaultView;
    const of = { bubbles: true, cancelable: true, composed: true, view };
    for (const name of ["pointerdown", "mousedown", "pointerup", "mouseup"]) {
      const Kind = name.startsWith("pointer") ? view.PointerEvent : view.MouseEvent;
      element.dispatchEvent(new Kind(name, of));
    }
    element.click();
  };
  // Without a place for the title it stands in the text; with one the text may change, as stock is counted there.
  const same = (one, two) =>
    ["number", "title", "button", "off", ...(one.title ? [] : ["text"])].every((key) => one[key] === two[key]);
  const press = (wanted) => {
    const numbered = rowsOf().filter((row) => numberOf(row) === wanted.number);
    if (numbered.length !== 1 || !same(read(numbered[0]), wanted)) return false;
    const button = buttonOf(numbered[0]);
    if (!button || cannot(button)) return false;
    click(button);
    return true;
  };
  const pressFirst = (selectors) => {
    const found = visible(selectors);
    if (found.length) click(found[found.length - 1]);
    return found.length > 0;
  };

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  // Rows that are drawn where one looks: from the top of the box to its bottom, but for less than one row.
  const covered = (box) => {
    const frame = box.getBoundingClientRect();
    const rects = rowsOf().map((row) => row.getBoundingClientRect()).filter((one) => one.height > 0);
    if (!rects.length) return false;
    const tall = Math.max(...rects.map((one) => one.height)) + 2;
    const top = Math.max(frame.top, frame.top - box.scrollTop), left = box.scrollHeight - box.scrollTop;
    const bottom = Math.min(frame.bottom, frame.top + left);
    const inside = rects.filter((one) => one.bottom > frame.top && one.top < frame.bottom);
    if (!inside.length) return false;
    return Math.min(...inside.map((one) => one.top)) <= top + tall &&
      Math.max(...inside.map((one) => one.bottom)) >= bottom - tall;
  };
  const scrollTo = async (box, top) => {
    box.scrollTop = top;
    box.dispatchEvent(new Event("scroll"));
    for (let i = 0; i < 36; i += 1) {
      await pause(i < 10 ? 4 : 16);
      if (covered(box)) return true;
    }
    return false;
  };
  const here = (number) => rowsOf().some((row) => numberOf(row) === number);
  // The numbers rise or fall evenly: from two rows that are drawn one knows about where a third stands.
  const guess = (box, number) => {
    const frame = box.getBoundingClientRect();
    const known = rowsOf().map((row) => [numberOf(row), row.getBoundingClientRect().top - frame.top + box.scrollTop])
      .filter(([n]) => n !== null).sort((a, b) => a[0] - b[0]);
    const first = known[0], last = known[known.length - 1];
    if (known.length < 2 || first[0] === last[0]) return null;
    const each = (last[1] - first[1]) / (last[0] - first[0]);
    return first[1] + (number - first[0]) * each - box.clientHeight / 2;
  };
  const reach = async (number) => {
    const box = scroller();
    for (let i = 0; box && i < 4 && !here(number); i += 1) {
      const top = guess(box, number);
      if (top === null) break;
      await scrollTo(box, Math.max(0, top));
    }
    return look();
  };
  const sweep = async (number) => {
    const box = scroller();
    if (!box) return { looks: [], last: look(), whole: true };
    const looks = [];
    let whole = true, at = null;
    for (let top = 0, i = 0; i < 400; i += 1) {
      whole = (await scrollTo(box, top)) && whole;
      looks.push(rowsOf().map(read));
      if (here(number)) at = box.scrollTop;
      if (top + box.clientHeight >= box.scrollHeight - 1) break;
      top += Math.max(40, box.clientHeight * 0.95);
    }
    if (at !== null) await scrollTo(box, at);
    return { looks, last: look(), whole };
  };

  const works = {
    look,
    press,
    close: () => pressFirst(map.close),
    confirm: () => pressFirst(map.confirm),
    reach,
    sweep,
  };
  return JSON.stringify(await works[what](arg)); // as one text: what is handed over piece by piece takes its time
};
