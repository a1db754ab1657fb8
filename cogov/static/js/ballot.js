// Votes in secret: derives a token from the voting code, has it signed unseen (RFC 9474), seals the ballot for any two
// holders of the box, and puts it in without saying who sends it. A browser that cannot leaves it all to the server.
// The same steps in Python: decisions/rules/secrets.
(function () {
  "use strict";

  var subtle = window.isSecureContext && window.crypto && window.crypto.subtle;
  if (!subtle || typeof BigInt === "undefined" || typeof TextEncoder === "undefined" || !window.fetch) return;

  var ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
  var LETTERS = 24, SALT = 48, HASH = 48, PAYLOAD = 480, EXPONENT = BigInt(65537);
  var ZERO = BigInt(0), ONE = BigInt(1), TWO = BigInt(2);

  // Bytes and numbers --------------------------------------------------------------------------------------------------

  function utf8(text) { return new TextEncoder().encode(text); }

  function hex(bytes) {
    return Array.prototype.map.call(bytes, function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
  }

  function unhex(text) {
    var bytes = new Uint8Array(text.length / 2);
    for (var at = 0; at < bytes.length; at++) bytes[at] = parseInt(text.substr(at * 2, 2), 16);
    return bytes;
  }

  function join(parts) {
    var length = parts.reduce(function (sum, part) { return sum + part.length; }, 0);
    var whole = new Uint8Array(length), at = 0;
    parts.forEach(function (part) { whole.set(part, at); at += part.length; });
    return whole;
  }

  function number(bytes) { return BigInt("0x" + hex(bytes)); }

  function bytesOf(value, size) {
    var text = value.toString(16);
    while (text.length < size * 2) text = "0" + text;
    return unhex(text);
  }

  function power(base, exponent, modulus) {
    var result = ONE;
    for (base %= modulus; exponent > ZERO; exponent /= TWO) {
      if (exponent % TWO === ONE) result = result * base % modulus;
      base = base * base % modulus;
    }
    return result;
  }

  function inverse(value, modulus) {
    var a = modulus, b = value % modulus, x = ZERO, y = ONE;
    while (b > ZERO) {
      var quotient = a / b, rest = a % b, next = x - quotient * y;
      a = b; b = rest; x = y; y = next;
    }
    return x < ZERO ? x + modulus : x;
  }

  function digest(name, bytes) {
    return subtle.digest(name, bytes).then(function (made) { return new Uint8Array(made); });
  }

  // The code -----------------------------------------------------------------------------------------------------------

  function newCode() {
    var letters = "", byte = new Uint8Array(1);
    while (letters.length < LETTERS) {
      crypto.getRandomValues(byte);
      if (byte[0] < 240) letters += ALPHABET[byte[0] % 30];
    }
    return grouped(letters);
  }

  function grouped(letters) { return letters.match(/.{1,4}/g).join("-"); }

  function plain(written) { return written.toUpperCase().replace(/[\s\-－—–_]/g, ""); }

  function isCode(letters) {
    return letters.length === LETTERS && letters.split("").every(function (each) { return ALPHABET.indexOf(each) >= 0; });
  }

  function short(bytes) {
    var rest = number(bytes), letters = "", thirty = BigInt(30);
    for (var at = 0; at < 10; at++) {
      letters += ALPHABET[Number(rest % thirty)];
      rest /= thirty;
    }
    return grouped(letters);
  }

  function hkdf(secret, salt, info, length) {
    return subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]).then(function (key) {
      return subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: salt, info: utf8(info) }, key, length * 8);
    }).then(function (made) { return new Uint8Array(made); });
  }

  function tokenOf(code, bound, key) {
    var wanted = [["prefix", 32], ["message", 32], ["salt", SALT], ["blind", key.size + 32], ["tracker", 16]];
    return Promise.all(wanted.map(function (each) {
      return hkdf(utf8(code), utf8(bound), each[0], each[1]);
    })).then(function (made) {
      return {
        prepared: join([made[0], made[1]]),
        salt: made[2],
        factor: number(made[3]) % (key.n - TWO) + TWO,
        tracker: short(made[4])
      };
    });
  }

  // The token (RSABSSA-SHA384-PSS-Randomized) ----------------------------------------------------------------------------

  function mask(seed, length) {
    var blocks = [];
    for (var block = 0; block * HASH < length; block++) {
      blocks.push(digest("SHA-384", join([seed, new Uint8Array([0, 0, 0, block])])));
    }
    return Promise.all(blocks).then(function (made) { return join(made).slice(0, length); });
  }

  function encode(message, salt, size) {
    var block = new Uint8Array(size - HASH - 1), hashed;
    block[size - HASH - SALT - 2] = 1;
    block.set(salt, size - HASH - SALT - 1);
    return digest("SHA-384", message).then(function (inner) {
      return digest("SHA-384", join([new Uint8Array(8), inner, salt]));
    }).then(function (made) {
      hashed = made;
      return mask(hashed, block.length);
    }).then(function (masking) {
      for (var at = 0; at < block.length; at++) block[at] ^= masking[at];
      block[0] &= 127;
      return join([block, hashed, new Uint8Array([0xbc])]);
    });
  }

  function blind(token, key) {
    return encode(token.prepared, token.salt, key.size).then(function (encoded) {
      token.encoded = number(encoded);
      return bytesOf(token.encoded * power(token.factor, EXPONENT, key.n) % key.n, key.size);
    });
  }

  function finalize(token, key, signed) {
    var signature = number(signed) * inverse(token.factor, key.n) % key.n;
    if (power(signature, EXPONENT, key.n) !== token.encoded) throw new Error("signed something else");
    return bytesOf(signature, key.size);
  }

  // The seal -----------------------------------------------------------------------------------------------------------

  function encrypt(raw, data, bound) {
    return subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]).then(function (key) {
      return subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12), additionalData: bound }, key, data);
    }).then(function (made) { return new Uint8Array(made); });
  }

  function shared(passing, holder) {
    var curve = { name: "ECDH", namedCurve: "P-256" };
    return subtle.importKey("raw", holder.key, curve, false, []).then(function (key) {
      return subtle.deriveBits({ name: "ECDH", public: key }, passing, 256);
    }).then(function (made) { return new Uint8Array(made); });
  }

  function pairs(holders) {
    var found = [];
    holders.forEach(function (one, at) {
      holders.slice(at + 1).forEach(function (other) { found.push([one, other]); });
    });
    return found;
  }

  function seal(marks, tracker, holders, bound, boxKey) {
    var paper = new Uint8Array(PAYLOAD), ballotKey = crypto.getRandomValues(new Uint8Array(32));
    var boundTo = utf8(bound + ":" + boxKey), point, head;
    paper.set(utf8(tracker + "\n" + marks));
    return subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]).then(function (passing) {
      return Promise.all([subtle.exportKey("raw", passing.publicKey)].concat(holders.map(function (holder) {
        return shared(passing.privateKey, holder).then(function (half) { holder.half = half; });
      })));
    }).then(function (made) {
      point = new Uint8Array(made[0]);
      return Promise.all(pairs(holders).map(function (pair) {
        var info = "pair " + pair[0].at + " " + pair[1].at;
        return hkdf(join([pair[0].half, pair[1].half]), point, info, 32).then(function (wrapping) {
          return encrypt(wrapping, ballotKey, boundTo);
        });
      }));
    }).then(function (wraps) {
      head = join([point].concat(wraps));
      return encrypt(ballotKey, paper, join([boundTo, head]));
    }).then(function (body) { return join([head, body]); });
  }

  // The form -----------------------------------------------------------------------------------------------------------

  function marked(form) {
    var marks = [];
    form.querySelectorAll("[data-mark]").forEach(function (field) {
      var value = field.dataset.value ? (field.checked ? field.dataset.value : "") : field.value;
      if (value !== "") marks.push([Number(field.dataset.mark), value]);
    });
    return marks.sort(function (one, other) { return one[0] - other[0]; });
  }

  function marksOf(form) {
    return marked(form).map(function (mark) { return mark.join(":"); }).join(" ");
  }

  // What is wrong with a ballot is said before it is sealed: after the opening it could only be counted as spoiled.
  function wrong(form) {
    var marks = marked(form), told = form.dataset, ranks;
    if (!marks.length) return told.none;
    if (Number(told.most) && marks.length > Number(told.most)) return told.many;
    if (!told.ranked) return "";
    ranks = marks.map(function (mark) { return Number(mark[1]); }).sort(function (one, other) { return one - other; });
    if (ranks.some(function (rank, at) { return at && rank === ranks[at - 1]; }) && told.twice) return told.twice;
    return ranks[0] !== 1 || ranks.some(function (rank, at) { return at && rank > ranks[at - 1] + 1; }) ? told.gap : "";
  }

  function holdersOf(form) {
    return form.dataset.holders.split(",").map(function (each) {
      var parts = each.split(":");
      return { at: Number(parts[0]), key: unhex(parts[1]) };
    });
  }

  function send(address, told, credentials) {
    return fetch(address, { method: "POST", body: new URLSearchParams(told), credentials: credentials })
      .then(function (answer) {
        if (answer.ok) return answer.json();
        return answer.text().then(function (page) {
          // A refusal is a page: its heading says what is wrong.
          var heading = new DOMParser().parseFromString(page, "text/html").querySelector("h1");
          throw { said: heading ? heading.textContent.trim() : "" };
        });
      });
  }

  function vote(form, code) {
    var n = BigInt("0x" + form.dataset.modulus), key = { n: n, size: form.dataset.modulus.length / 2 };
    var token, signature, boxKey;
    return tokenOf(code, form.dataset.bound, key).then(function (made) {
      token = made;
      return blind(token, key);
    }).then(function (blinded) {
      return send(form.dataset.token, {
        csrf_token: form.elements.csrf_token.value, head: form.elements.head.value, blinded: hex(blinded)
      }, "same-origin");
    }).then(function (answer) {
      signature = finalize(token, key, unhex(answer.signature));
      return digest("SHA-256", token.prepared);
    }).then(function (hashed) {
      boxKey = hashed;
      return seal(marksOf(form), token.tracker, holdersOf(form), form.dataset.bound, hex(boxKey));
    }).then(function (sealed) {
      // Without a cookie: what comes in here is to be joined to nobody.
      return send(form.dataset.box, {
        token: hex(token.prepared), signature: hex(signature), ballot: hex(sealed)
      }, "omit");
    }).then(function () { return { receipt: short(boxKey), tracker: token.tracker }; });
  }

  function show(form, done) {
    var receipt = form.parentNode.querySelector("[data-receipt]"), tracker = receipt.querySelector("[data-tracker]");
    receipt.querySelector("[data-receipt-code]").textContent = done.receipt;
    if (tracker) tracker.textContent = done.tracker;
    receipt.hidden = false;
    form.elements.code.removeAttribute("readonly");
  }

  function watch(form) {
    var said = form.querySelector("[data-said]"), button = form.querySelector("button[type=submit]");
    form.querySelector("[data-by-server]").hidden = true;
    // The server has not seen this one.
    if (form.elements.code.hasAttribute("data-fresh")) form.elements.code.value = newCode();
    form.addEventListener("submit", function (event) {
      var code = plain(form.elements.code.value), fault = isCode(code) ? wrong(form) : form.dataset.missingCode;
      event.preventDefault();
      said.textContent = fault;
      said.hidden = !fault;
      if (fault) return;
      button.disabled = true;
      vote(form, code).then(function (done) { show(form, done); }, function (error) {
        said.textContent = error && error.said ? error.said : form.dataset.failed;
        said.hidden = false;
      }).then(function () { button.disabled = false; });
    });
  }

  document.querySelectorAll("form[data-secret]").forEach(watch);
})();
