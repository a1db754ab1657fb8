// A tab changes without leaving the place one reads at; its heading is read out. Without this a tab is a plain link.
(function () {
  "use strict";

  var body = document.body;

  // The anchor of a plain link would scroll the page, which stands where it should already.
  body.addEventListener("htmx:configRequest", function (event) {
    event.detail.path = event.detail.path.split("#")[0];
  });

  // What cannot be fetched into the page is opened as a page, where a refusal or a sign-in is shown in full.
  function openPlainly(event) {
    var link = event.detail.elt;
    if (link && link.href) location.href = link.href;
  }
  body.addEventListener("htmx:responseError", openPlainly);
  body.addEventListener("htmx:swapError", openPlainly);

  body.addEventListener("htmx:afterSettle", function (event) {
    var target = event.detail.target; // going back has none
    if (target && target.id === "subject") focusOn(document.querySelector("#subject h2"));
    if (target && target.id === "older") focusOn(event.detail.elt.querySelector(".entry-time"));
  });

  function focusOn(element) {
    if (!element) return;
    if (element.tagName === "H2") element.setAttribute("tabindex", "-1");
    element.focus({ preventScroll: true });
  }

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
