// Pictures of a form: each is sent as soon as it is chosen, and faces are covered by dragging boxes on it. What is told
// to the server are whole thousandths of width and height. Without this file the same is done by plain buttons.
(function () {
  "use strict";

  var SVG = "http://www.w3.org/2000/svg";
  var MOST = 20, TOUCHED = 120, LEAST = 12, LONGEST = 2048, LIGHT = 1500000;

  function each(list, does) { Array.prototype.forEach.call(list, does); }

  function button(text, does) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "button button-small";
    made.textContent = text;
    made.addEventListener("click", does);
    return made;
  }

  function within(value, least, most) { return Math.max(least, Math.min(most, Math.round(value))); }

  // Boxes on one picture ---------------------------------------------------------------------------------------------

  function cover(shot, texts, number) {
    var field = shot.querySelector("[data-boxes]");
    var boxes = field.value.split(";").filter(Boolean).map(function (box) { return box.split(",").map(Number); });
    var stage = document.createElement("div");
    var image = stage.appendChild(document.createElement("img"));
    var layer = stage.appendChild(document.createElementNS(SVG, "svg"));
    var acts = document.createElement("p");
    var said = document.createElement("p");
    var from = null, drawn = null;

    stage.className = "shot-stage";
    image.src = shot.dataset.shot;
    image.alt = texts.picture.replace("{n}", number);
    layer.setAttribute("viewBox", "0 0 1000 1000");
    layer.setAttribute("preserveAspectRatio", "none");
    acts.className = "shot-acts";
    said.className = "small";
    said.setAttribute("role", "status");
    each(shot.querySelectorAll("[data-plain]"), function (plain) { plain.parentNode.removeChild(plain); });
    [stage, said, acts].reverse().forEach(function (part) { shot.insertBefore(part, shot.firstChild); });

    var mark = acts.appendChild(button(texts.cover, function () { marking(!stage.classList.contains("marking")); }));
    var add = acts.appendChild(button(texts.add, function () {
      put([440, 440, TOUCHED, TOUCHED]);
      layer.lastChild.focus();
    }));
    var undo = acts.appendChild(button(texts.undo, function () { boxes.pop(); show(); }));
    mark.setAttribute("aria-pressed", "false");

    function marking(on) {
      stage.classList.toggle("marking", on);
      mark.textContent = on ? texts.done : texts.cover;
      mark.setAttribute("aria-pressed", String(on));
      show();
    }

    function put(box) {
      if (boxes.length < MOST) boxes.push(box);
      show();
    }

    function rectangle(box, index) {
      var made = document.createElementNS(SVG, "rect");
      ["x", "y", "width", "height"].forEach(function (name, at) { made.setAttribute(name, box[at]); });
      made.setAttribute("tabindex", "0");
      made.setAttribute("role", "button");
      made.setAttribute("aria-label", texts.box.replace("{n}", index + 1));
      made.addEventListener("keydown", function (event) { steer(event, box, index); });
      return made;
    }

    function steer(event, box, index) {
      var way = { ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, -10], ArrowDown: [0, 10] }[event.key];
      if (event.key === "Delete" || event.key === "Backspace") boxes.splice(index, 1);
      else if (way && event.shiftKey) {
        box[2] = within(box[2] + way[0], LEAST, 1000 - box[0]);
        box[3] = within(box[3] + way[1], LEAST, 1000 - box[1]);
      } else if (way) {
        box[0] = within(box[0] + way[0], 0, 1000 - box[2]);
        box[1] = within(box[1] + way[1], 0, 1000 - box[3]);
      } else return;
      event.preventDefault();
      show();
      if (layer.childNodes[index]) layer.childNodes[index].focus();
    }

    function show() {
      while (layer.firstChild) layer.removeChild(layer.firstChild);
      boxes.forEach(function (box, index) { layer.appendChild(rectangle(box, index)); });
      field.value = boxes.map(function (box) { return box.join(","); }).join(";");
      undo.hidden = boxes.length === 0;
      add.hidden = !stage.classList.contains("marking");
      said.textContent = boxes.length ? texts.covered.replace("{n}", boxes.length)
        : stage.classList.contains("marking") ? texts.how : texts.none;
    }

    function point(event) {
      var frame = layer.getBoundingClientRect();
      return [
        within((event.clientX - frame.left) * 1000 / frame.width, 0, 1000),
        within((event.clientY - frame.top) * 1000 / frame.height, 0, 1000)
      ];
    }

    function between(one, other) {
      return [Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.abs(one[0] - other[0]), Math.abs(one[1] - other[1])];
    }

    function around(spot) {
      var wide = TOUCHED, high = within(TOUCHED * layer.clientWidth / layer.clientHeight, LEAST, 1000);
      return [within(spot[0] - wide / 2, 0, 1000 - wide), within(spot[1] - high / 2, 0, 1000 - high), wide, high];
    }

    layer.addEventListener("pointerdown", function (event) {
      if (!stage.classList.contains("marking") || boxes.length >= MOST) return;
      event.preventDefault();
      from = point(event);
      drawn = layer.appendChild(rectangle(from.concat([0, 0]), boxes.length));
      if (layer.setPointerCapture) layer.setPointerCapture(event.pointerId);
    });
    layer.addEventListener("pointermove", function (event) {
      if (!from) return;
      between(from, point(event)).forEach(function (value, at) { drawn.setAttribute(["x", "y", "width", "height"][at], value); });
    });
    layer.addEventListener("pointerup", function (event) {
      if (!from) return;
      var box = between(from, point(event));
      var spot = from;
      from = null;
      // A tap covers a square round it; so does a drag too short to be meant as a box.
      put(box[2] < LEAST || box[3] < LEAST ? around(spot) : box);
    });
    layer.addEventListener("pointercancel", function () { from = null; show(); });
    show();
  }

  // Sending what was chosen --------------------------------------------------------------------------------------------

  function isPaper(file) { return file.type === "application/pdf" || /\.pdf$/i.test(file.name); }

  // A photo straight from a camera is made smaller first, where the device turns it upright by itself.
  function light(file, then) {
    var able = !isPaper(file) && window.URL && window.CSS && CSS.supports && CSS.supports("image-orientation", "from-image");
    if (!able || file.size < LIGHT) return then(file);
    var image = new Image();
    var address = URL.createObjectURL(file);
    image.onerror = function () { then(file); };
    image.onload = function () {
      var scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
      var sheet = document.createElement("canvas");
      sheet.width = Math.round(image.naturalWidth * scale);
      sheet.height = Math.round(image.naturalHeight * scale);
      sheet.getContext("2d").drawImage(image, 0, 0, sheet.width, sheet.height);
      URL.revokeObjectURL(address);
      sheet.toBlob(function (blob) { then(blob || file); }, "image/jpeg", 0.88);
    };
    image.src = address;
  }

  // A picture that is not taken is answered with a page that says why, under its heading.
  function reason(html) {
    var heading = new DOMParser().parseFromString(html, "text/html").querySelector("main h1");
    return heading ? heading.textContent.trim() : "";
  }

  function choosing(part) {
    var form = part.closest("form");
    var list = part.querySelector(".shots");
    var said = part.querySelector("[data-said]");
    var pick = part.querySelector("[data-pick]");
    var most = Number(part.dataset.most);
    var under = 0, waiting = null;

    function looked() {
      if (form.querySelector("[name=looked]")) return;
      var field = part.appendChild(document.createElement("input"));
      field.type = "hidden";
      field.name = "looked";
      field.value = "1";
    }

    function full() { return list.children.length + under >= most; }

    function settle() {
      if (pick) pick.hidden = full();
      if (under) return;
      if (said.textContent === part.dataset.sending) said.textContent = "";
      if (!waiting) return;
      var pressed = waiting;
      waiting = null;
      if (form.requestSubmit) form.requestSubmit(pressed);
      else form.submit();
    }

    function failed(text) {
      under -= 1;
      said.textContent = text || part.dataset.failed;
      said.classList.add("field-error");
      settle();
    }

    function arrived(html) {
      var holder = document.createElement("ul");
      holder.innerHTML = html;
      var shot = list.appendChild(holder.querySelector(".shot"));
      under -= 1;
      ready(shot);
      looked();
      part.dispatchEvent(new Event("change", { bubbles: true }));
      settle();
    }

    // A page on which nobody has chosen anything yet does without the looks of what is chosen.
    function dress() {
      (part.dataset.sheets || "").split(" ").filter(Boolean).forEach(function (address) {
        var link = document.head.appendChild(document.createElement("link"));
        link.rel = "stylesheet";
        link.href = address;
      });
      delete part.dataset.sheets;
    }

    function send(file) {
      under += 1;
      dress();
      said.textContent = part.dataset.sending;
      said.classList.remove("field-error");
      settle();
      light(file, function (blob) {
        var body = new FormData();
        body.append("csrf_token", form.querySelector("[name=csrf_token]").value);
        body.append("picture", blob, isPaper(file) ? file.name : "photo.jpg");
        fetch(part.dataset.pictures, { method: "POST", body: body, credentials: "same-origin" })
          .then(function (answer) {
            return answer.text().then(function (text) {
              if (answer.ok && !answer.redirected) arrived(text);
              else failed(answer.status === 422 ? reason(text) : "");
            });
          })
          .catch(function () { failed(""); });
      });
    }

    function ready(shot) {
      var drop = shot.querySelector("[name=drop]");
      var covers = shot.querySelector("[data-boxes]");
      if (covers) cover(shot, part.dataset, Array.prototype.indexOf.call(list.children, shot) + 1);
      drop.addEventListener("click", function (event) {
        event.preventDefault();
        list.removeChild(shot);
        part.dispatchEvent(new Event("change", { bubbles: true }));
        settle();
      });
      if (covers) shot.querySelector(".shot-acts").appendChild(drop);
    }

    each(list.children, ready);
    each(part.querySelectorAll("input[type=file]"), function (input) {
      input.addEventListener("change", function () {
        var files = Array.prototype.slice.call(input.files);
        if (files.length > most - list.children.length - under) said.textContent = part.dataset.full.replace("{n}", most);
        files.slice(0, most - list.children.length - under).forEach(send);
        input.value = "";
      });
    });
    // Who presses the button while a photo is still on its way need not press it again.
    form.addEventListener("submit", function (event) {
      if (!under) return;
      event.preventDefault();
      waiting = event.submitter || form.querySelector("[type=submit]");
      said.textContent = part.dataset.sending;
    });
    part.classList.add("pictures-live");
    settle();
  }

  function open(root) {
    each(root.querySelectorAll("[data-pictures]:not(.pictures-live)"), choosing);
    each(root.querySelectorAll("[data-cover-page]:not(.pictures-live)"), function (form) {
      form.classList.add("pictures-live");
      cover(form.querySelector(".shot"), form.dataset, 1);
      form.querySelector(".shot-acts button").click();
    });
  }

  open(document);
  document.addEventListener("htmx:load", function (event) { open(event.target); });
})();
