// Turns the drawing of a community into a map to move and to zoom. Everything is read from the page itself: polygons and
// names from the drawing, pins from the list that follows it. Without this file the drawing and the list remain.
(function () {
  "use strict";

  var L = window.L;
  var SIZE = 44; // pixels of a pin: a thumb hits it, and whoever's hand trembles with a mouse
  var APART = 42; // pixels between two pins, so that each can be hit
  var CLOSER = 4; // how many times one can double the scale
  if (!L) return;

  function each(list, does) { Array.prototype.forEach.call(list, does); }

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function at(x, y) { return L.latLng(-y, x); }

  function corners(polygon) {
    return polygon.getAttribute("points").split(" ").map(function (pair) { return pair.split(",").map(Number); });
  }

  // Half-open crossing test, as the server's.
  function holds(ring, x, y) {
    var inside = false;
    for (var i = 1; i < ring.length; i += 1) {
      var a = ring[i - 1], b = ring[i];
      if ((a[1] > y) !== (b[1] > y) && x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])) inside = !inside;
    }
    return inside;
  }

  // Where the drawing lies on the ground: units of the drawing to 1e-6 degrees and back.
  function ground(figure) {
    var told = figure.dataset.map.split(" ").map(Number), west = told[0], north = told[1], span = told[2], squeeze = told[3];
    return {
      degrees: function (point) {
        return [Math.round(west + point.lng * span / 1000), Math.round(north + point.lat * span * squeeze / 1e6)];
      },
      point: function (longitude, latitude) {
        return L.latLng((latitude - north) * 1e6 / (span * squeeze), (longitude - west) * 1000 / span);
      }
    };
  }

  function pinsOf(figure) {
    return Array.prototype.map.call(figure.querySelectorAll("[data-at]"), function (link) {
      var told = link.dataset.at.split(" ");
      var line = link.nextElementSibling;
      return {
        where: at(Number(told[0]), Number(told[1])), kind: told[2], mark: told[3],
        url: link.href, title: link.textContent, line: line ? line.textContent : ""
      };
    });
  }

  function icon(content, size, className) {
    return L.divIcon({ html: content, className: className || "", iconSize: size, iconAnchor: [size[0] / 2, size[1]] });
  }

  function drop(className, mark) {
    var shape = element("span", "pin " + className);
    shape.setAttribute("aria-hidden", "true");
    shape.appendChild(element("b", "", mark));
    return shape;
  }

  function open(figure) {
    var box = figure.querySelector(".map-box");
    var svg = box.querySelector("svg");
    var view = svg.viewBox.baseVal;
    var bounds = L.latLngBounds(at(view.x, view.y), at(view.x + view.width, view.y + view.height));
    var live = box.appendChild(element("div", "map-live"));
    live.setAttribute("role", "group");
    live.setAttribute("aria-label", svg.getAttribute("aria-label"));
    var still = window.matchMedia && window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    var map = L.map(live, {
      crs: L.CRS.Simple, minZoom: -9, maxZoom: 9, zoomSnap: 0, attributionControl: false, zoomControl: false,
      keyboard: false, scrollWheelZoom: false, dragging: false, zoomAnimation: !still, fadeAnimation: false,
      maxBounds: bounds, maxBoundsViscosity: 1, bounceAtZoomLimits: false
    });
    var rings = [];
    each(svg.querySelectorAll("polygon"), function (polygon) {
      var ring = corners(polygon);
      var name = polygon.nextElementSibling;
      L.polygon(ring.map(function (c) { return at(c[0], c[1]); }), {
        className: polygon.getAttribute("class"), interactive: false, smoothFactor: 0
      }).addTo(map);
      L.marker(at(Number(name.getAttribute("x")), Number(name.getAttribute("y"))), {
        icon: icon(element("span", "", name.textContent), [0, 0], "map-label"), interactive: false, keyboard: false
      }).addTo(map);
      rings.push({ id: polygon.dataset.grid, name: polygon.dataset.name, ring: ring });
    });
    L.control.zoom({ position: "topleft", zoomInTitle: figure.dataset.nearer, zoomOutTitle: figure.dataset.farther }).addTo(map);

    // Whole community in sight: the finger scrolls the page. Nearer: it moves the map.
    var fitted = false;
    function whole() { return map.getZoom() < map.getMinZoom() + 0.01; }

    // Keeps the whole in sight when the box changes its size, unless somebody has gone nearer.
    function fit() {
      map.invalidateSize({ pan: false });
      var size = map.getSize();
      if (!size.x || !size.y) return;
      var stays = fitted && !whole();
      fitted = true;
      map.options.minZoom = -9;
      var zoom = map.getBoundsZoom(bounds);
      map.options.minZoom = zoom;
      map.options.maxZoom = zoom + CLOSER;
      if (!stays) map.setView(bounds.getCenter(), zoom, { animate: false, reset: true });
      map.fire("zoomlevelschange");
    }

    map.setView(bounds.getCenter(), -1, { animate: false });
    fit();
    // The sheet may come after the script, and a box may be opened later: whenever its size changes.
    if (window.ResizeObserver) new ResizeObserver(fit).observe(live);
    else each(["load", "resize"], function (event) { window.addEventListener(event, fit); });
    map.on("zoomend", function () {
      if (whole()) map.dragging.disable();
      else map.dragging.enable();
    });
    box.classList.add("map-on");
    svg.setAttribute("aria-hidden", "true");
    if (figure.dataset.pick) picking(figure, map, rings);
    else showing(figure, map, box);
    figure.classList.add("map-ready");
  }

  // Pins -----------------------------------------------------------------------------------------------------------

  function showing(figure, map, box) {
    var pins = pinsOf(figure);
    var layer = L.layerGroup().addTo(map);
    var card = null;

    function close() {
      if (card) box.removeChild(card);
      card = null;
    }

    function tell(group) {
      close();
      card = element("div", "map-card");
      var list = card.appendChild(element("ul"));
      group.forEach(function (pin) {
        var link = list.appendChild(element("li")).appendChild(element("a", "", pin.title));
        link.href = pin.url;
        if (pin.line) list.lastChild.appendChild(element("span", "small", pin.line));
      });
      var shut = card.appendChild(element("button", "map-close", "×"));
      shut.type = "button";
      shut.setAttribute("aria-label", figure.dataset.close);
      shut.addEventListener("click", close);
      L.DomEvent.disableClickPropagation(card);
      box.appendChild(card);
      return card;
    }

    function groups() {
      var found = [];
      pins.forEach(function (pin) {
        var spot = map.latLngToLayerPoint(pin.where);
        var near = found.filter(function (group) { return group.spot.distanceTo(spot) < APART; })[0];
        if (near) near.pins.push(pin);
        else found.push({ spot: spot, pins: [pin] });
      });
      return found.sort(function (a, b) { return a.spot.y - b.spot.y || a.spot.x - b.spot.x; });
    }

    function kindOf(group) {
      var kinds = {};
      group.forEach(function (pin) { kinds[pin.kind] = true; });
      return Object.keys(kinds).length === 1 ? group[0].kind : kinds.danger ? "danger" : "mixed";
    }

    function single(pin) {
      var link = element("a", "map-hit");
      link.href = pin.url;
      link.setAttribute("aria-label", pin.mark + " · " + pin.title + (pin.line ? " · " + pin.line : ""));
      link.appendChild(drop("pin-drop map-" + pin.kind, pin.mark));
      // A finger or a mouse first sees what it is; keys have heard it, and go there.
      link.addEventListener("click", function (event) {
        if (event.detail) {
          event.preventDefault();
          tell([pin]);
        }
      });
      link.addEventListener("focus", function () {
        map.panInside(pin.where, { padding: [30, 50], animate: false });
        tell([pin]);
      });
      return link;
    }

    function several(group) {
      var button = element("button", "map-hit");
      button.type = "button";
      button.setAttribute("aria-label", figure.dataset.many.replace("{n}", group.length));
      button.appendChild(drop("pin-many map-" + kindOf(group), group.length));
      button.addEventListener("click", function () {
        var around = L.latLngBounds(group.map(function (pin) { return pin.where; }));
        var zoom = Math.min(map.getBoundsZoom(around.pad(0.4)), map.getMaxZoom());
        if (group[0].where.equals(group[group.length - 1].where) && around.getNorthEast().equals(around.getSouthWest()) || zoom < map.getZoom() + 0.2) {
          tell(group).querySelector("a").focus();
        } else {
          map.once("zoomend", function () {
            var first = live(group[0]);
            if (first) first.focus();
          });
          map.setView(around.getCenter(), zoom);
        }
      });
      return button;
    }

    var hits = [];
    function live(pin) {
      var hit = hits.filter(function (each) { return each.pins.indexOf(pin) >= 0; })[0];
      return hit && hit.element;
    }

    function place() {
      layer.clearLayers();
      close();
      hits = groups().map(function (group) {
        var made = group.pins.length === 1 ? single(group.pins[0]) : several(group.pins);
        L.DomEvent.disableClickPropagation(made);
        L.marker(group.pins[0].where, { icon: icon(made, [SIZE, SIZE]), keyboard: false, bubblingMouseEvents: false })
          .addTo(layer);
        return { pins: group.pins, element: made };
      });
    }

    place();
    map.on("zoomend", place);
    map.on("click", close);
    box.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && card) close();
    });
  }

  // Choosing a place -------------------------------------------------------------------------------------------------

  function picking(figure, map, rings) {
    var ids = figure.dataset.pick.split(" ");
    var longitude = document.getElementById(ids[0]);
    var latitude = document.getElementById(ids[1]);
    var grids = document.getElementById(figure.dataset.gridField || "");
    var said = figure.querySelector("[data-pick-said]");
    var scale = ground(figure);
    var marker = null;

    function around(point) {
      return rings.filter(function (each) { return holds(each.ring, point.lng, -point.lat); })[0];
    }

    function put(point) {
      if (marker) return marker.setLatLng(point);
      var handle = drop("pin-drop map-ours", "●");
      var hit = element("button", "map-hit map-handle");
      hit.type = "button";
      hit.setAttribute("aria-label", figure.dataset.handle);
      hit.appendChild(handle);
      hit.addEventListener("keydown", move);
      marker = L.marker(point, { icon: icon(hit, [SIZE, SIZE]), keyboard: false, draggable: true, autoPan: true }).addTo(map);
      marker.on("dragend", function () { choose(marker.getLatLng()); });
      return marker;
    }

    function move(event) {
      var steps = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] }[event.key];
      if (!steps) return;
      event.preventDefault();
      choose(map.layerPointToLatLng(map.latLngToLayerPoint(marker.getLatLng()).add(steps)));
      map.panInside(marker.getLatLng(), { padding: [30, 50], animate: false });
    }

    // What was chosen goes into the form, the sentence under the map, and to whoever listens for "pick".
    function choose(point) {
      var degrees = scale.degrees(point);
      var inside = around(point);
      put(point);
      longitude.value = degrees[0];
      latitude.value = degrees[1];
      if (grids && inside) grids.value = inside.id;
      said.textContent = inside ? said.dataset.inside.replace("{grid}", inside.name) : said.dataset.outside;
      figure.dispatchEvent(new CustomEvent("pick", {
        bubbles: true,
        detail: { longitude: degrees[0], latitude: degrees[1], grid: inside ? Number(inside.id) : null, name: inside ? inside.name : "" }
      }));
    }

    figure.setPin = function (east, north) {
      var point = scale.point(east, north);
      if (map.options.maxBounds.contains(point)) choose(point);
      return map.options.maxBounds.contains(point);
    };

    map.on("click", function (event) { choose(event.latlng); });
    var middle = element("button", "button button-small map-middle", figure.dataset.middle);
    middle.type = "button";
    middle.addEventListener("click", function () {
      choose(map.getCenter());
      marker.getElement().querySelector("button").focus();
    });
    L.DomEvent.disableClickPropagation(middle);
    map.getContainer().appendChild(middle);
    if (longitude.value && latitude.value) figure.setPin(Number(longitude.value), Number(latitude.value));
  }

  each(document.querySelectorAll("[data-map]"), open);
})();
