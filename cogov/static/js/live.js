// A page that is open hears that something was written down. Nothing moves by itself: a button says how much is new, and
// what it shows is fetched and so allowed anew. Who was away is told what was missed; nothing is counted twice.
(function () {
  "use strict";

  var spot = document.querySelector("[data-live]");
  if (!spot || !window.io) return;

  var number = spot.dataset.live;
  var seen = Number(spot.dataset.liveAfter) || 0;
  var fresh = 0;
  var said = 0;
  var button = spot.querySelector("a");
  var socket = window.io({ transports: ["websocket", "polling"], reconnectionDelayMax: 15000 });

  // The address is that of this page already, so following it would load nothing.
  if (button) button.addEventListener("click", function (event) {
    event.preventDefault();
    location.reload();
  });

  socket.on("connect", function () {
    if (spot.hasAttribute("data-live-desk")) socket.emit("watch", { desk: true });
    if (!number) return;
    socket.emit("watch", { problem: number, after: seen }, function (answer) {
      (answer.missed || []).forEach(note);
      if (answer.more) note(seen + 1);
    });
  });
  socket.on("entry", function (entry) { note(entry.number); });
  socket.on("desk", function () { fresh += 1; show(); });
  socket.on("notice", function (notice) { ring(notice.unread); });
  socket.on("turnout", function () { refresh("[data-live-part]"); });

  function note(entry) {
    if (entry <= seen) return;
    seen = entry;
    fresh += 1;
    show();
  }

  // Read out at most once a minute; the number on the button is always the last.
  function show() {
    if (!button) return;
    button.hidden = false;
    button.textContent = spot.dataset.liveWords.replace("{n}", fresh);
    var quiet = Date.now() - said < 60000;
    spot.setAttribute("aria-live", quiet ? "off" : "polite");
    if (!quiet) said = Date.now();
  }

  function ring(unread) {
    var bell = document.querySelector(".tool-bell");
    if (!bell) return;
    var dot = bell.querySelector(".dot");
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

  // The page is asked for again, as this reader, and only the parts named are put in its place.
  function refresh(parts) {
    var here = document.querySelectorAll(parts);
    if (!here.length) return;
    fetch(location.href, { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (text) {
        if (!text) return;
        var page = new DOMParser().parseFromString(text, "text/html");
        here.forEach(function (old) {
          var part = page.querySelector('[data-live-part="' + old.dataset.livePart + '"]');
          if (part) old.replaceWith(document.importNode(part, true));
        });
      })
      .catch(function () {});
  }
})();
