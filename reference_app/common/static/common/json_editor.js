// Says on which line a box of JSON is wrong, and keeps its form from being sent until it is right.
// The text itself is left as it was typed: a browser would round the large numbers in it.
"use strict";

(() => {
  const SPACE = /[ \t\r\n]*/y;
  const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
  const SCALAR = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

  function end(pattern, text, start) {
    pattern.lastIndex = start;
    return pattern.test(text) ? pattern.lastIndex : start;
  }

  // Return the token at a place: what kind it is and where it ends.
  function tokenAt(text, start) {
    if (text[start] === '"') return ["string", end(STRING, text, start)];
    if ("{}[],:".includes(text[start])) return [text[start], start + 1];
    return ["scalar", end(SCALAR, text, start)];
  }

  // Return where a text stops being JSON. Browsers tell that in different words, or not at all.
  function placeOfMistake(text) {
    const value = ["string", "scalar", "{", "["];
    const open = [];
    const next = () => ({ "{": [",", "}"], "[": [",", "]"] })[open.at(-1)] ?? [];
    let wanted = value;
    let place = end(SPACE, text, 0);
    while (place < text.length) {
      const [kind, after] = tokenAt(text, place);
      if (after === place || !wanted.includes(kind)) return place;
      const isKey = kind === "string" && open.at(-1) === "{" && !wanted.includes("scalar");
      if (kind === "{" || kind === "[") open.push(kind);
      if (kind === "}" || kind === "]") open.pop();
      if (kind === "{") wanted = ["string", "}"];
      else if (kind === "[") wanted = [...value, "]"];
      else if (kind === ":") wanted = value;
      else if (kind === ",") wanted = open.at(-1) === "{" ? ["string"] : value;
      else wanted = isKey ? [":"] : next();
      place = end(SPACE, text, after);
    }
    return place;
  }

  // Return what is wrong with a box in words; nothing where it is empty or right.
  function mistakeOf(box) {
    if (!box.value.trim()) return "";
    try {
      JSON.parse(box.value);
      return "";
    } catch {
      const place = placeOfMistake(box.value);
      const lines = box.value.slice(0, place).split("\n");
      const found = place < box.value.length ? `“${box.value[place]}”` : "the end";
      return `Line ${lines.length}, column ${lines.at(-1).length + 1}: ${found} was not expected.`;
    }
  }

  function check(box) {
    const mistake = mistakeOf(box);
    const id = `${box.id}_mistake`;
    let note = document.getElementById(id);
    if (!note) {
      note = document.createElement("p");
      note.id = id;
      note.className = "errornote";
      note.setAttribute("role", "alert");
      box.after(note);
      box.setAttribute("aria-describedby", `${box.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
    }
    note.textContent = mistake;
    note.hidden = !mistake;
    box.setAttribute("aria-invalid", String(Boolean(mistake)));
    return !mistake;
  }

  // On the document, so that rows that are added to a page later are checked, too.
  document.addEventListener("change", (event) => {
    if (event.target.matches("textarea[data-json]")) check(event.target);
  });
  document.addEventListener("submit", (event) => {
    const boxes = [...event.target.querySelectorAll("textarea[data-json]")];
    const wrong = boxes.filter((box) => !check(box));
    if (!wrong.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wrong[0].focus();
  }, true);
})();
