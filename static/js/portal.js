/* Conveniences only: every page works without this file. */
(function () {
  "use strict";

  var AUTOSAVE_AFTER = 3000;

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  /* The error summary is where one lands. */
  function focusSummary() {
    var summary = document.querySelector("[data-summary]");
    if (summary) summary.focus();
    each("[data-summary] a", function (link) {
      link.addEventListener("click", function (event) {
        var target = document.getElementById(link.hash.slice(1));
        if (!target) return;
        event.preventDefault();
        var field = target.matches("input,select,textarea") ? target : target.querySelector("input:not([type=hidden]),select,textarea");
        target.scrollIntoView({ block: "center" });
        (field || target).focus();
      });
    });
  }

  /* A printed code behind the # of an address: browsers send it to nobody, so it is put into the form and sent by that. */
  function takeFragment() {
    var field = document.querySelector("[data-from-fragment] input:not([type=hidden])");
    var code = location.hash.slice(1);
    if (!field || !/^[0-9A-Z]{28}$/.test(code)) return;
    history.replaceState(null, "", location.pathname);
    field.value = code;
    field.form.submit();
  }

  /* Fields that count only for one answer show only for that answer. */
  function showWhen(form) {
    each("[data-when]", function (part) {
      var rule = part.getAttribute("data-when").split("=");
      var values = rule[1].split(",");
      var chosen = form.querySelector("[name='" + rule[0] + "']:checked");
      part.hidden = !chosen || values.indexOf(chosen.value) < 0;
    });
  }

  /* An amount in words; the server knows how. */
  function echo(place) {
    var input = document.getElementById(place.getAttribute("data-echo"));
    if (!input) return;
    var timer, latest = 0;
    function ask() {
      var mine = ++latest;
      if (!input.value.trim()) { place.textContent = ""; return; }
      fetch(place.getAttribute("data-echo-url") + "?amount=" + encodeURIComponent(input.value), { credentials: "same-origin" })
        .then(function (response) { return response.ok && !response.redirected ? response.text() : ""; })
        .then(function (words) { if (mine === latest) place.textContent = words; })
        .catch(function () {});
    }
    function soon() { clearTimeout(timer); timer = setTimeout(ask, 300); }
    input.addEventListener("input", function (event) { if (!event.isComposing) soon(); });
    input.addEventListener("compositionend", soon);
    if (input.value) ask();
  }

  /* The draft is saved a few seconds after the last key, and when the page is put away. */
  function autosave(form) {
    var note = form.querySelector("[data-saved]");
    var timer, dirty = false, leaving = false;
    function content() {
      var data = new FormData(form);
      data.delete("files");
      data.append("intent", "autosave");
      return data;
    }
    function say(text) { if (note) note.textContent = text; }
    function save() {
      clearTimeout(timer);
      if (!dirty || leaving) return;
      dirty = false;
      fetch(form.action, { method: "POST", body: content(), credentials: "same-origin", headers: { Accept: "application/json" }, keepalive: document.hidden })
        .then(function (response) { return response.json(); })
        .then(function (answer) { say(answer.saved ? "已保存 " + answer.saved : answer.message); })
        .catch(function () { dirty = true; say("未连上网，已留在本页"); });
    }
    function changed() { dirty = true; clearTimeout(timer); timer = setTimeout(save, AUTOSAVE_AFTER); }
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", function () { if (navigator.onLine) { leaving = true; clearTimeout(timer); } });
    window.addEventListener("pageshow", function () { leaving = false; });
    window.addEventListener("online", save);
    document.addEventListener("visibilitychange", function () { if (document.hidden) save(); });
  }

  /* The second select follows the first; without this file a button does it. */
  function fill(button) {
    var first = document.getElementById(button.getAttribute("data-fill-by"));
    var second = document.getElementById(button.getAttribute("data-fill"));
    if (!first || !second) return;
    button.hidden = true;
    first.addEventListener("change", function () {
      var wanted = first.value;
      fetch(button.getAttribute("data-fill-url") + "?street=" + encodeURIComponent(wanted), { credentials: "same-origin" })
        .then(function (response) { if (!response.ok || response.redirected) throw response; return response.text(); })
        .then(function (options) { if (first.value === wanted) second.innerHTML = options; })
        .catch(function () { button.hidden = false; });
    });
  }

  /* A second press does nothing; the server would not count it anyway. */
  function once(form) {
    var sent = 0;
    form.addEventListener("submit", function (event) {
      if (!navigator.onLine) return;
      var now = Date.now();
      if (now - sent < 2000) event.preventDefault();
      sent = now;
    });
  }

  /* Ticks all of one name, but those that cannot be ticked. */
  function tickAll(box) {
    box.closest("[hidden]").hidden = false;
    box.addEventListener("change", function () {
      each("input[name='" + box.getAttribute("data-tick-all") + "']:not(:disabled)", function (one) { one.checked = box.checked; });
    });
  }

  function offlineNotice() {
    var notice = document.querySelector("[data-offline]");
    function show() { if (notice) notice.hidden = navigator.onLine; }
    window.addEventListener("online", show);
    window.addEventListener("offline", show);
    show();
    document.addEventListener("submit", function (event) {
      if (!navigator.onLine) { event.preventDefault(); show(); if (notice) notice.scrollIntoView(); }
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    offlineNotice();
    each("form[data-drafted]", function (form) {
      showWhen(form);
      form.addEventListener("change", function () { showWhen(form); });
      autosave(form);
      once(form);
    });
    each("form[data-once]", once);
    each("[data-tick-all]", tickAll);
    each("[data-echo]", echo);
    each("[data-fill]", fill);
    each("[data-print]", function (button) {
      button.hidden = false;
      if (/MicroMessenger/.test(navigator.userAgent)) {
        var note = document.createElement("p");
        note.textContent = "微信里不能打印，请点右上角 ··· 用浏览器打开。";
        button.replaceWith(note);
        return;
      }
      button.addEventListener("click", function () { window.print(); });
    });
    each("[data-reveal]", function (button) {
      var field = document.getElementById(button.getAttribute("data-reveal"));
      if (!field) return;
      button.hidden = false;
      button.addEventListener("click", function () {
        var shown = field.type === "text";
        field.type = shown ? "password" : "text";
        button.textContent = shown ? "显示密码" : "隐藏密码";
        button.setAttribute("aria-pressed", String(!shown));
      });
    });
    focusSummary();
    takeFragment();
    window.addEventListener("hashchange", takeFragment);
  });
})();
