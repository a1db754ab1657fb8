// Small comforts of every page. Everything here also works without it: modes are a GET form, the ballot a plain POST.
(function () {
  "use strict";

  var YEAR = 31536000;
  var root = document.documentElement;

  function remember(name, value) {
    var secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = name + "=" + value + "; Path=/; SameSite=Lax" + secure + "; Max-Age=" + (value ? YEAR : 0);
    if (value) root.setAttribute("data-" + name, value);
    else root.removeAttribute("data-" + name);
    if (name === "type") root.classList.toggle("roomy", value !== "large");
  }

  function applyModesAtOnce(form) {
    form.querySelector("button").hidden = true;
    form.addEventListener("change", function (event) {
      remember(event.target.name, event.target.value);
    });
  }

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!except || !menu.contains(except)) menu.open = false;
    });
  }

  // The button repeats the choice, so that nobody casts a ballot they did not read.
  function repeatChoice(button) {
    var form = button.form;
    if (!form) return;
    function show() {
      var chosen = form.querySelector("input[data-choice]:checked");
      button.disabled = !chosen;
      button.textContent = chosen ? button.dataset.cast + chosen.dataset.choice : button.dataset.missing;
    }
    form.addEventListener("change", show);
    window.addEventListener("pageshow", show);
    show();
  }

  // What a budget's ballot comes to so far; it may be more than there is.
  function addCosts(ballot) {
    var told = ballot.querySelector("[data-sum]");
    ballot.querySelectorAll("[data-unscripted]").forEach(function (part) { part.hidden = true; });
    function show() {
      var sum = 0;
      ballot.querySelectorAll("[data-cost]:checked").forEach(function (box) { sum += Number(box.dataset.cost); });
      told.textContent = sum ? told.dataset.sum.replace("{n}", (sum / 100).toLocaleString("zh")) : "";
    }
    ballot.addEventListener("change", show);
    window.addEventListener("pageshow", show);
  }

  document.querySelectorAll("[data-costs]").forEach(addCosts);
  document.querySelectorAll("form[data-modes]").forEach(applyModesAtOnce);
  document.querySelectorAll("button[data-cast]").forEach(repeatChoice);
  document.addEventListener("click", function (event) { closeMenus(event.target); });
  document.addEventListener("keydown", function (event) {
    var open = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  // A part fetched into the page may have its looks in a sheet that the first page had no need of.
  function bringSheets(page) {
    page.querySelectorAll("link[rel=stylesheet][href]").forEach(function (link) {
      var href = link.getAttribute("href");
      if (!document.querySelector('link[href="' + href + '"]')) document.head.appendChild(document.importNode(link, true));
    });
  }
  document.addEventListener("htmx:beforeSwap", function (event) {
    bringSheets(new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html"));
  });
  document.addEventListener("live:page", function (event) { bringSheets(event.detail.page); });

  var first = document.querySelector("[data-focus]");
  if (first) first.focus();
})();
