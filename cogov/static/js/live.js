// A page that is open hears that something was written down. Nothing moves by itself: a bar says how much is new, and
// what it shows is fetched as this reader, and so allowed anew. Who was away is told what was missed; nothing is counted
// twice. A page that nobody looks at holds no wire.
//
// The bar is the element [data-live]; it says what the page shows:
//   data-live-problem, -after   a dossier by its number, and the last entry on the page: new ones are counted
//   data-live-desk, -board      a desk; the tasks of a community
//   data-live-meeting           a meeting, whose moving parts follow whatever happens in it
//   data-live-on                events after which the page is asked for again and its rows compared
//   data-live-rows, -text       what a row is, and which words of it count (not the time that is left)
//   data-live-swap              parts that the bar puts in the place of the old ones; without any the page is reloaded
//   data-live-moves             parts that follow a running vote, and who endorses minutes, by themselves
//   data-live-words, -many      "{n} new", and what to say to whom more was missed than can be counted
(function () {
  "use strict";

  var LINGER = 180000; // a hidden page keeps its wire so long
  var PASSING = 4000; // a page that only has a bell is often left sooner
  var SELDOM = 5000; // between two comparisons
  var SPREAD = 2000; // so that not everybody who looks at a vote asks in the same instant
  var TRIES = 4;
  var REST = 15000; // after which a door that was full or away is tried again, and twice as long each time after
  var LONGEST = 300000;

  var library = document.currentScript.dataset.socket;
  var bar = document.querySelector("[data-live]");
  var bell = document.querySelector(".tool-bell");
  if (!bar && !bell) return;

  var told = bar ? bar.dataset : {};
  var button = bar && bar.querySelector("a");
  var voice = bar && bar.querySelector("[data-live-said]");
  var on = (told.liveOn || "").split(" ");
  // Everything up to here stands on the page; where rows are compared, entries are not counted.
  var base = told.liveOn ? Number.MAX_SAFE_INTEGER : Number(told.liveAfter) || 0;
  var cursor = base; // everything up to here is known
  var known = {};
  var changed = 0;
  var failed = 0;
  var pause = REST;
  var began = false;
  var over = false;
  var caughtUp = false;
  var spoke = 0;
  var looked = 0;
  var looking = null;
  var lingering = null;
  var following = null;
  var socket = null;

  function all(selector, root) {
    return selector ? Array.prototype.slice.call((root || document).querySelectorAll(selector)) : [];
  }

  // --- the wire -------------------------------------------------------------------------------------------------

  function wake() {
    clearTimeout(lingering);
    if (over || document.visibilityState === "hidden") return;
    if (socket) { if (!socket.connected) socket.connect(); return; }
    if (window.io) { open(); return; }
    if (began) return;
    began = true;
    var script = document.createElement("script");
    script.src = library;
    script.onload = wake;
    document.head.appendChild(script);
  }

  function rest() { if (socket) socket.disconnect(); }

  function open() {
    socket = window.io({ transports: ["websocket", "polling"], tryAllTransports: true, reconnectionDelayMax: 15000 });
    socket.on("connect", joined);
    socket.on("connect_error", function () {
      // Without a network nobody is refused: the telephone says when it has one again.
      if (navigator.onLine === false) { rest(); return; }
      failed += 1;
      if (failed < TRIES) return;
      failed = 0;
      rest();
      setTimeout(wake, pause * (1 + Math.random()));
      pause = Math.min(pause * 2, LONGEST);
    });
    // Closed from the other side: signed out, or not what one was. The page stays as it is.
    socket.on("disconnect", function (reason) { over = reason === "io server disconnect"; });
    socket.on("entry", function (entry) { note([entry.number]); });
    socket.on("notice", function (notice) { ring(notice.unread); });
    socket.on("turnout", function () { setTimeout(move, Math.random() * SPREAD); });
    socket.on("minutes", function () {
      if (/minutes/.test(told.liveMoves || "")) setTimeout(move, Math.random() * SPREAD);
    });
    socket.on("meeting", follow);
    on.forEach(function (event) { if (event) socket.on(event, look); });
  }

  function joined() {
    var again = caughtUp;
    failed = 0;
    pause = REST;
    caughtUp = false;
    if (bell) socket.emit("watch", { bell: true }, function (answer) { if ("unread" in answer) ring(answer.unread); });
    if (told.liveDesk !== undefined) socket.emit("watch", { desk: true }, allowed);
    if (told.liveBoard) socket.emit("watch", { board: told.liveBoard }, allowed);
    if (told.liveMeeting) socket.emit("watch", { meeting: told.liveMeeting }, allowed);
    if (told.liveProblem) socket.emit("watch", { problem: told.liveProblem, after: cursor }, catchUp);
    else caughtUp = true;
    if (again && told.liveOn) look();
    if (again && told.liveMoves) move();
  }

  function allowed(answer) {
    if (answer.refused) { over = true; rest(); }
    return !answer.refused;
  }

  function catchUp(answer) {
    if (!allowed(answer)) return;
    caughtUp = true;
    note(answer.missed);
    if (answer.more) takeAll();
  }

  // Until what was missed has come, a later entry says nothing about those before it.
  function note(numbers) {
    numbers.forEach(function (number) { known[number] = true; });
    if (caughtUp) cursor = Object.keys(known).reduce(function (last, number) { return Math.max(last, number); }, cursor);
    if (!told.liveOn) show();
  }

  // --- the bar --------------------------------------------------------------------------------------------------

  function fresh() {
    return told.liveOn ? changed : Object.keys(known).filter(function (number) { return number > base; }).length;
  }

  function show() {
    if (!button) return;
    var words = told.liveWords.replace("{n}", fresh());
    button.hidden = !fresh();
    button.textContent = words;
    if (fresh()) say(words);
  }

  // Read out at most once a minute; the number on the button is always the last.
  function say(words) {
    if (!voice || !words || Date.now() - spoke < 60000) return;
    spoke = Date.now();
    voice.textContent = words;
  }

  function ring(unread) {
    if (!bell) return;
    var name = bell.querySelector(".vh");
    var dot = bell.querySelector(".dot");
    if (name && bell.dataset.words) name.textContent = bell.dataset.words.replace("{n}", unread);
    if (!dot && unread) {
      dot = document.createElement("span");
      dot.className = "dot";
      dot.setAttribute("aria-hidden", "true");
      bell.appendChild(dot);
    }
    if (dot) {
      dot.textContent = unread > 99 ? "99+" : unread;
      dot.hidden = !unread;
    }
  }

  // --- asking as this reader --------------------------------------------------------------------------------------

  function ask(then) {
    fetch(location.href, { credentials: "same-origin" })
      // Refused, or sent to sign in: this reader may see it no longer, and what they read stays as it is.
      .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : ""; })
      .then(function (text) { if (text) then(new DOMParser().parseFromString(text, "text/html")); })
      .catch(function () {});
  }

  function rows(page) {
    var found = {};
    all(told.liveRows, page).forEach(function (row) {
      var link = row.hasAttribute("href") ? row : row.querySelector("[href]");
      var words = all(told.liveText, row).map(function (part) { return part.textContent.replace(/\s+/g, " ").trim(); });
      found[(link ? link.getAttribute("href") : "") + (row.id || "")] = words.join("|");
    });
    return found;
  }

  function differing(page) {
    var here = rows(document);
    var there = rows(page);
    var keys = Object.keys(here).concat(Object.keys(there).filter(function (key) { return !(key in here); }));
    return keys.filter(function (key) { return here[key] !== there[key]; }).length;
  }

  function look() {
    if (looking) return;
    var wait = Math.max(0, looked + SELDOM - Date.now()) + Math.random() * 300;
    looking = setTimeout(function () {
      looking = null;
      looked = Date.now();
      ask(function (page) { changed = differing(page); show(); });
    }, wait);
  }

  // --- putting the new in the place of the old ----------------------------------------------------------------------

  function written(form) {
    return all("input, textarea, select", form).some(function (field) {
      if (field.type === "hidden") return false;
      if (field.type === "file") return field.value !== "";
      if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
      if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
      return all("option", field).some(function (each) { return each.selected !== each.defaultSelected; });
    });
  }

  function formKey(form) { return form.getAttribute("action") + " " + (form.dataset.draft || ""); }

  // A form that somebody writes in stays the very same one.
  function keepForms(old, part) {
    all("form", old).filter(written).forEach(function (form) {
      var same = all("form", part).filter(function (each) { return formKey(each) === formKey(form); })[0];
      if (same) same.parentNode.replaceChild(form, same);
    });
  }

  function put(old, part) {
    var focus = old.contains(document.activeElement) ? document.activeElement : null;
    var top = old.scrollTop;
    keepForms(old, part);
    old.parentNode.replaceChild(part, old);
    part.scrollTop = top;
    if (window.htmx) window.htmx.process(part);
    if (focus && part.contains(focus)) focus.focus({ preventScroll: true });
    else if (focus && focus.href) refocus(focus, part);
    document.body.dispatchEvent(new CustomEvent("live:put", { detail: { old: old, part: part } }));
  }

  function refocus(focus, part) {
    var same = all("a[href]", part).filter(function (link) { return link.href === focus.href; })[0];
    if (same) same.focus({ preventScroll: true });
  }

  // All of them or none: a page that is put together differently now is opened anew.
  function swap(selectors, page) {
    var pairs = [];
    var fits = selectors.split(",").every(function (selector) {
      var old = all(selector);
      var parts = all(selector, page);
      old.forEach(function (each, index) { pairs.push([each, parts[index]]); });
      return old.length === parts.length;
    });
    if (!fits) return false;
    document.body.dispatchEvent(new CustomEvent("live:page", { detail: { page: page } }));
    pairs.forEach(function (pair) { put(pair[0], document.importNode(pair[1], true)); });
    return true;
  }

  function move() {
    ask(function (page) {
      // Each by itself: one that has come or gone since does not keep the others from following.
      if (!told.liveMoves.split(",").filter(function (part) { return swap(part, page); }).length) return;
      var head = all(told.liveMoves)[0];
      var words = head && head.querySelector("h2");
      if (words) say(words.textContent);
    });
  }

  // What comes close together is asked for once; every reader of a hall asks, so not all in the same instant.
  function follow() {
    if (following) return;
    following = setTimeout(function () { following = null; move(); }, 150 + Math.random() * 450);
  }

  function take(done) {
    if (!told.liveSwap) { location.reload(); return; }
    ask(function (page) {
      if (!swap(told.liveSwap, page)) { location.reload(); return; }
      var next = page.querySelector("[data-live]");
      base = Math.max(base, next ? Number(next.dataset.liveAfter) || 0 : 0);
      cursor = Math.max(base, cursor);
      changed = 0;
      show();
      if (done) done();
    });
  }

  function takeAll() {
    take(function () {
      if (!voice) return;
      voice.className = "note";
      voice.textContent = told.liveMany;
      spoke = Date.now();
    });
  }

  function focusOn(part) {
    var head = part && (part.querySelector("h2") || part);
    if (!head || (document.activeElement !== document.body && document.activeElement !== button)) return;
    head.setAttribute("tabindex", "-1");
    head.focus({ preventScroll: true });
  }

  // The address is that of this page already, so following it would load nothing.
  if (button) button.addEventListener("click", function (event) {
    event.preventDefault();
    take(function () { focusOn(document.querySelector(told.liveSwap.split(",")[0])); });
  });

  document.addEventListener("visibilitychange", function () {
    clearTimeout(lingering);
    if (document.visibilityState === "hidden") lingering = setTimeout(rest, LINGER);
    else wake();
  });
  window.addEventListener("online", wake);
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", function (event) { if (event.persisted) wake(); });

  var eager = told.liveProblem || told.liveMeeting || told.liveDesk !== undefined || told.liveBoard;
  if (eager) wake(); else setTimeout(wake, PASSING);
})();
