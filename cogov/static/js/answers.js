// Answering statements from a keyboard: 1, 2, 3 press the three buttons. They are buttons of a plain form without it.
(function () {
  "use strict";

  var box = document.querySelector("[data-answers]");
  if (!box || /(^|; )keys=off/.test(document.cookie)) return;

  function typing(target) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
  }

  var hint = box.querySelector("[data-keys]");
  if (hint) hint.hidden = false;

  var sent = false;
  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || event.repeat || typing(event.target)) return;
    var button = /^[123]$/.test(event.key) && box.querySelectorAll(".statement-answers button")[event.key - 1];
    if (!button || sent) return;
    sent = true;
    event.preventDefault();
    button.click();
  });
})();
