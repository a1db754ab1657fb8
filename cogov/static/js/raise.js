// Raising: the place says at once what was chosen, and a telephone may say where it is. Hints come by htmx.
(function () {
  "use strict";

  var form = document.querySelector("[data-raise]");
  if (!form) return;
  var where = form.querySelector("#where");
  var figure = form.querySelector("[data-map]");
  var place = form.querySelector("[data-place]");
  var pin = form.querySelector("[data-pin]");

  function chosen() {
    var option = where.options[where.selectedIndex];
    form.querySelector("[data-place-name]").textContent = option ? option.textContent : "";
    form.querySelector("[data-place-how]").textContent = "";
  }

  function forget() {
    form.querySelector("#latitude").value = form.querySelector("#longitude").value = "";
  }

  where.addEventListener("change", function () {
    // The list and the map say one place: who chooses another building does not mean the old pin.
    forget();
    chosen();
  });

  if (figure) figure.addEventListener("pick", function (event) {
    var grid = "g" + event.detail.grid;
    var now = where.options[where.selectedIndex];
    var same = now && event.detail.name && now.textContent.slice(-event.detail.name.length) === event.detail.name;
    if (event.detail.grid === null || same) return;
    where.value = grid;
    chosen();
  });

  // Who sends the form or leaves needs no hint any more: the one on its way is let go without calling that a fault.
  var asked = null, leaving = false;

  function leave() {
    leaving = true;
    if (!asked) return;
    asked.onabort = asked.onerror = null;
    asked.abort();
  }

  form.addEventListener("htmx:beforeRequest", function (event) { if (leaving) event.preventDefault(); });
  form.addEventListener("htmx:beforeSend", function (event) { asked = event.detail.xhr; });
  form.addEventListener("submit", function (event) { if (!event.defaultPrevented) leave(); });
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", function () { leaving = false; });

  // A map drawn while it was folded away does not know how large it is.
  if (place) place.addEventListener("toggle", function () {
    if (place.open) window.dispatchEvent(new Event("resize"));
  });

  if (pin && navigator.geolocation) {
    var said = pin.querySelector("[data-pin-said]");
    pin.hidden = false;
    pin.querySelector("[data-pin-here]").addEventListener("click", function () {
      navigator.geolocation.getCurrentPosition(
        function (position) {
          var east = Math.round(position.coords.longitude * 1e6), north = Math.round(position.coords.latitude * 1e6);
          if (figure && figure.setPin && figure.setPin(east, north)) said.textContent = "";
          else said.textContent = said.dataset.outside;
        },
        function () { said.textContent = said.dataset.failed; },
        { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 }
      );
    });
  }
})();
