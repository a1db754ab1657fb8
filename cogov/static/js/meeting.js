// The hall and the desk of a meeting: the time that a speaker has left, and one key for each act of the desk.
// Without it the time stands as the page was made, and every act is a button.
(function () {
  "use strict";

  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }

  function clock(seconds) {
    var rest = seconds % 60;
    return Math.floor(seconds / 60) + ":" + (rest < 10 ? "0" : "") + rest;
  }

  // Each timer counts from when it came to the page, so that clocks that are wrong do not matter.
  function tick() {
    var now = Date.now();
    all("[data-left]").forEach(function (timer) {
      if (!timer.dataset.until) timer.dataset.until = now + Number(timer.dataset.left) * 1000;
      var left = Math.max(0, Math.round((Number(timer.dataset.until) - now) / 1000));
      timer.textContent = left ? clock(left) : timer.dataset.over;
      timer.classList.toggle("timer-over", !left);
    });
  }

  function typing(target) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
  }

  document.addEventListener("keydown", function (event) {
    if (/(^|; )keys=off/.test(document.cookie) || typing(event.target)) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || event.repeat) return;
    var button = document.querySelector('[data-press="' + event.key.toLowerCase().replace(/[^a-z]/g, "") + '"]');
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  tick();
  setInterval(tick, 1000);
})();
