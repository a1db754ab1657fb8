// How far somebody has read is remembered for them alone: when the end of a page of messages has been on their screen
// for a moment, the form [data-read] is sent without leaving the page. Without this script it is a button.
(function () {
  "use strict";

  var STAYED = 1200;

  function send(form) {
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual" })
      .catch(function () {}); // next time
    form.hidden = true;
  }

  function watch(root) {
    if (!window.IntersectionObserver) return;
    Array.prototype.slice.call((root || document).querySelectorAll("form[data-read]")).forEach(function (form) {
      var waiting = null;
      var seen = new IntersectionObserver(function (found) {
        clearTimeout(waiting);
        if (!found[found.length - 1].isIntersecting || document.visibilityState === "hidden") return;
        waiting = setTimeout(function () { seen.disconnect(); send(form); }, STAYED);
      });
      seen.observe(form);
    });
  }

  watch();
  document.body.addEventListener("htmx:load", function (event) { if (event.detail.elt !== document.body) watch(event.detail.elt); });
  document.body.addEventListener("live:put", function (event) { watch(event.detail.part); });
})();
