// Desks: open an item beside its list without a new page, shortcuts, templates, and what a form still lacks.
// Everything here also works without it: rows and acts are links, templates open the page again with their words.
(function () {
  "use strict";

  var desk = document.querySelector("[data-desk]");
  var said = document.querySelector("[data-desk-said]");
  var sheet = document.querySelector("[data-keys-sheet]");
  var wide = window.matchMedia("(min-width: 60em)").matches && document.documentElement.classList.contains("roomy");

  function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }
  function item() { return document.getElementById("item"); }
  function list() { return desk && desk.querySelector(".desk-list"); }
  function rows() { return all(".desk-list .row-link", desk); }
  function say(words) { if (said) { said.textContent = ""; said.textContent = words; } }

  // --- opening beside the list ----------------------------------------------------------------------------------

  function mark(link) {
    rows().forEach(function (row) { row.removeAttribute("aria-current"); });
    if (link) link.setAttribute("aria-current", "true");
  }

  function wire() {
    rows().forEach(function (link) {
      link.setAttribute("hx-get", link.getAttribute("href"));
      link.setAttribute("hx-target", "#item");
      link.setAttribute("hx-select", "#item");
      link.setAttribute("hx-swap", "outerHTML show:none");
      link.setAttribute("hx-push-url", "true");
    });
    window.htmx.process(list());
  }

  // A list that came anew marks what it would open; what is open stays, and is marked if it is still in the list.
  function rewire(event) {
    if (!event.detail.part.classList.contains("desk-list")) return;
    var open = event.detail.old.querySelector("[aria-current]");
    mark(rows().filter(function (row) { return open && row.getAttribute("href") === open.getAttribute("href"); })[0]);
    wire();
  }

  function openBeside() {
    if (!desk || !wide || !item() || !window.htmx) return;
    wire();
    document.body.addEventListener("live:put", rewire);
    document.body.addEventListener("htmx:afterSwap", function (event) {
      var link = event.detail.requestConfig && event.detail.requestConfig.elt;
      mark(link);
      item().focus({ preventScroll: true });
      if (item().getBoundingClientRect().top < 0) item().scrollIntoView();
      if (link) say(link.innerText.replace(/\s+/g, " "));
    });
    // After the drafts of the form have come back, which draft.js sees to.
    document.body.addEventListener("htmx:afterSettle", function () { prepare(item()); });
    // What cannot be opened beside the list (a refusal, a lost connection) is opened as a page.
    ["htmx:responseError", "htmx:sendError"].forEach(function (name) {
      document.body.addEventListener(name, function (event) { location.href = event.detail.requestConfig.elt.href; });
    });
    window.addEventListener("popstate", function () { location.reload(); });
  }

  function keepScroll() {
    var box = list();
    if (!box || !wide) return;
    var key = "scroll:" + location.pathname;
    box.scrollTop = Number(sessionStorage.getItem(key) || 0);
    window.addEventListener("pagehide", function () { sessionStorage.setItem(key, String(box.scrollTop)); });
  }

  // --- templates, what is missing -----------------------------------------------------------------------

  function templates(form) {
    all("[data-template]", form).forEach(function (chip) {
      chip.addEventListener("click", function (event) {
        var words = form.querySelector("textarea");
        event.preventDefault();
        words.value = chip.dataset.words;
        form.elements.template.value = chip.dataset.template;
        all("[data-template]", form).forEach(function (each) { each.removeAttribute("aria-current"); });
        chip.setAttribute("aria-current", "true");
        var note = form.querySelector("[data-template-note]");
        note.textContent = note.dataset.note.replace("{code}", chip.dataset.template);
        words.dispatchEvent(new Event("input", { bubbles: true }));
      });
    });
  }

  function chosen(form) {
    return all("input[type=file]", form).some(function (input) { return input.value !== ""; });
  }

  function lacking(form) {
    var box = form.querySelector("[data-missing]");
    var button = form.querySelector(".item-send button");
    if (!box || !button) return;
    var blocked = button.disabled;
    var met = {
      words_needed: function () { return form.querySelector("textarea").value.trim() !== ""; },
      picture_missing: function () { return !!form.querySelector("[name=draft]") || chosen(form) || form.elements.no_picture.checked; },
    };
    function show() {
      var missing = all("[data-code]", box).filter(function (line) {
        line.hidden = Boolean(met[line.dataset.code] && met[line.dataset.code]());
        return !line.hidden;
      });
      box.hidden = missing.length === 0;
      button.disabled = blocked || missing.length > 0;
      if (missing.length) button.setAttribute("aria-describedby", box.id);
      else button.removeAttribute("aria-describedby");
    }
    form.addEventListener("input", show);
    form.addEventListener("change", show);
    window.addEventListener("pageshow", show);
    show();
  }

  function prepare(root) {
    all("form[data-draft]", root).forEach(function (form) { templates(form); lacking(form); });
  }

  // --- shortcuts ------------------------------------------------------------------------------------------------

  function off() { return /(^|; )keys=off/.test(document.cookie); }

  function typing(target) {
    if (target.type === "radio" || target.type === "checkbox") return false; // nothing is written there
    return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
  }

  function seen(element) { return !!element && element.getClientRects().length > 0; }

  function move(step) {
    var links = rows();
    var at = links.indexOf(document.activeElement);
    // On a phone nothing is open beside the list: the first step is to the first row.
    if (at < 0 && seen(item())) at = links.findIndex(function (link) { return link.hasAttribute("aria-current"); });
    var next = links[Math.max(0, Math.min(links.length - 1, at + step))];
    if (!next) return;
    next.focus();
    say((links.indexOf(next) + 1) + " / " + links.length);
  }

  function act(number) {
    var chip = document.querySelector('[data-key="' + number + '"]');
    if (!seen(chip)) return; // nobody decides what they do not see
    chip.click();
    // What is chosen is where Enter sends it: a number, then Enter.
    var choice = chip.control || chip;
    if (choice.type === "radio") choice.focus();
  }

  function press(selector) {
    var found = item() && item().querySelector(selector);
    if (!seen(found)) return false;
    if (found.tagName === "TEXTAREA") found.focus(); else found.click();
    return true;
  }

  function send() {
    var button = item() && item().querySelector("#act form button[type=submit]");
    if (seen(button) && !button.disabled) button.click();
  }

  function showKeys() { if (sheet.showModal) sheet.showModal(); else sheet.setAttribute("open", ""); }
  function hideKeys() { if (sheet.close) sheet.close(); else sheet.removeAttribute("open"); }

  var KEYS = {
    j: function () { move(1); },
    k: function () { move(-1); },
    m: function () { press("[data-template]"); },
    e: function () { press("#act textarea"); },
    "?": showKeys,
  };

  function onKey(event) {
    if (off() || event.altKey || event.metaKey || event.isComposing) return;
    if (event.ctrlKey) { if (event.key === "Enter" && item()) send(); return; }
    if (typing(event.target) || sheet.hasAttribute("open")) return;
    var run = KEYS[event.key.toLowerCase()];
    if (!run && /^[1-9]$/.test(event.key)) run = function () { act(event.key); };
    if (!run) return;
    event.preventDefault();
    run();
  }

  function shortcuts() {
    if (!desk || !sheet) return;
    var secure = location.protocol === "https:" ? "; Secure" : "";
    all("[data-keys]").forEach(function (hint) { hint.hidden = off(); });
    all("[data-keys-open]").forEach(function (button) { button.addEventListener("click", showKeys); });
    sheet.querySelector("[data-keys-close]").addEventListener("click", hideKeys);
    sheet.querySelector("[data-keys-off]").addEventListener("click", function () {
      document.cookie = "keys=off; Path=/; SameSite=Lax" + secure + "; Max-Age=31536000";
      all("[data-keys]").forEach(function (hint) { hint.hidden = true; });
      hideKeys();
    });
    document.addEventListener("keydown", onKey);
  }

  prepare(document);
  openBeside();
  keepScroll();
  shortcuts();
})();
