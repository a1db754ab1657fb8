// Fills the two fields of the pin from the phone; without it the grid alone says where.
(function () {
  "use strict";

  var box = document.querySelector("[data-pin]");
  if (!box || !navigator.geolocation) return;
  var said = box.querySelector("[data-pin-said]");

  function fill(position) {
    document.getElementById("latitude").value = position.coords.latitude.toFixed(6);
    document.getElementById("longitude").value = position.coords.longitude.toFixed(6);
    said.textContent = said.dataset.done;
  }

  function fail() {
    said.textContent = said.dataset.failed;
  }

  box.hidden = false;
  box.querySelector("[data-pin-here]").addEventListener("click", function () {
    navigator.geolocation.getCurrentPosition(fill, fail, { enableHighAccuracy: true, timeout: 10000 });
  });
})();
