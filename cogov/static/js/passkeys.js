// Lets the device make a passkey or sign with one, and sends what it made in the form that stands there.
(function () {
  "use strict";

  if (!window.PublicKeyCredential || !navigator.credentials) return;

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = Array.prototype.map.call(new Uint8Array(buffer), function (code) {
      return String.fromCharCode(code);
    });
    return btoa(plain.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function read(json) {
    var options = JSON.parse(json);
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    (options.excludeCredentials || []).concat(options.allowCredentials || []).forEach(function (known) {
      known.id = bytes(known.id);
    });
    return { publicKey: options };
  }

  function written(made) {
    var response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (made.response[name]) response[name] = text(made.response[name]);
    });
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response: response });
  }

  function watch(form) {
    var field = form.querySelector("[data-credential]");
    var failed = form.querySelector("[data-failed]");
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      var makes = form.dataset.passkey === "create";
      event.preventDefault();
      failed.hidden = true;
      navigator.credentials[makes ? "create" : "get"](read(form.dataset.options)).then(
        function (made) {
          field.value = written(made);
          form.submit();
        },
        function () { failed.hidden = false; }
      );
    });
  }

  document.querySelectorAll("form[data-passkey]").forEach(watch);
  document.querySelectorAll("[data-no-passkey]").forEach(function (note) { note.hidden = true; });
})();
