// Keeps what a person is writing on this device until it has been sent. Only forms that ask for it, only words typed
// into text fields; never a ballot or a password. Signing out takes everything away.
(function () {
  "use strict";

  var PREFIX = "draft:";
  var SENT = "draft-sent";
  var FIELDS = "textarea[name], input[type=text][name]";

  function store(area, change) {
    try { return change(window[area]); } catch (error) { return null; }
  }

  function key(form) { return PREFIX + form.dataset.draft; }

  function written(form) {
    var values = {};
    form.querySelectorAll(FIELDS).forEach(function (field) {
      if (field.value && field.value !== field.defaultValue) values[field.name] = field.value;
    });
    return values;
  }

  function keep(form) {
    var values = written(form);
    store("localStorage", function (kept) {
      if (Object.keys(values).length) kept.setItem(key(form), JSON.stringify(values));
      else kept.removeItem(key(form));
    });
  }

  function forget(name) { store("localStorage", function (kept) { kept.removeItem(name); }); }

  function say(form, text) {
    var line = form.querySelector("[data-draft-line]");
    if (!line) {
      line = document.createElement("p");
      line.className = "note small";
      line.setAttribute("role", "status");
      line.setAttribute("data-draft-line", "");
      form.insertBefore(line, form.firstChild);
    }
    line.textContent = text;
  }

  function restore(form) {
    var text = store("localStorage", function (kept) { return kept.getItem(key(form)); });
    var values;
    try { values = JSON.parse(text || "{}"); } catch (error) { values = {}; }
    var back = false;
    form.querySelectorAll(FIELDS).forEach(function (field) {
      // What the server gives back is newer than what lies here.
      if (values[field.name] && field.value === field.defaultValue && !field.defaultValue) {
        field.value = values[field.name];
        back = true;
      }
    });
    if (back) say(form, form.dataset.draftBack);
  }

  function send(event) {
    var form = event.target;
    if (!form.dataset || !form.dataset.draft) return;
    keep(form);
    if (navigator.onLine === false) {
      event.preventDefault();
      say(form, form.dataset.draftOffline);
      return;
    }
    store("sessionStorage", function (kept) { kept.setItem(SENT, key(form)); });
  }

  // A form that comes back with errors, or a refusal, has not been taken; any other page after sending means it has.
  function settle() {
    var name = store("sessionStorage", function (kept) { return kept.getItem(SENT); });
    if (!name) return;
    store("sessionStorage", function (kept) { kept.removeItem(SENT); });
    if (!document.querySelector(".errors, .refusal") && document.querySelector(".flash:not(.note-danger)")) forget(name);
  }

  function signOut(event) {
    var form = event.target;
    if (!/\/sign-out$/.test(form.action || "")) return;
    store("localStorage", function (kept) {
      Object.keys(kept).forEach(function (name) { if (name.indexOf(PREFIX) === 0) kept.removeItem(name); });
    });
  }

  function begin() { document.querySelectorAll("form[data-draft]").forEach(restore); }

  settle();
  begin();
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.dataset.draft) keep(form);
  });
  document.addEventListener("submit", signOut);
  document.addEventListener("submit", send);
  document.body.addEventListener("htmx:afterSettle", begin);
  document.body.addEventListener("live:put", begin);
})();
