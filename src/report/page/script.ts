/**
 * What the page can do beside being read: copy a text, save a table as CSV, a figure as SVG and what it carries as files.
 * A browser runs it as it is; it makes the buttons, so that there are none where no script runs.
 */
export const SCRIPT: string = `
(() => {
  const save = (name, type, text) => {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const anchor = Object.assign(document.createElement("a"), { href: address, download: name });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  const button = (place, words, act) => {
    let tools = place.nextElementSibling;
    if (!tools?.classList.contains("tools")) {
      tools = Object.assign(document.createElement("div"), { className: "tools" });
      place.after(tools);
    }
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: words });
    made.addEventListener("click", act);
    tools.append(made);
    return made;
  };
  const copyFrom = (place, text) => {
    const made = button(place, "Copy", async () => {
      try {
        await navigator.clipboard.writeText(text());
        made.textContent = "Copied";
      } catch {
        const range = document.createRange();
        range.selectNodeContents(place);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        made.textContent = "Selected: copy it";
      }
      setTimeout(() => { made.textContent = "Copy"; }, 1500);
    });
  };
  const quoted = (value) => {
    const isFormula = typeof value === "string" && /^[=+@\\t\\r]|^-(?=.)(?![\\d.]+(e[+-]?\\d+)?$)/.test(value);
    const text = (isFormula ? "'" : "") + (value === null ? "" : String(value));
    return /[",\\n\\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  const rowsOf = (table) =>
    table.dataset.csv === undefined
      ? [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()))
      : JSON.parse(table.dataset.csv);
  document.querySelectorAll("main table").forEach((table, i) => {
    const name = "table-" + (i + 1) + ".csv";
    button(table.closest(".table"), "CSV", () =>
      save(name, "text/csv", rowsOf(table).map((row) => row.map(quoted).join(",") + "\\n").join("")));
  });
  document.querySelectorAll("main figure").forEach((figure, i) => {
    const style = getComputedStyle(document.documentElement);
    const fixed = (svg) =>
      new XMLSerializer().serializeToString(svg)
        .replace(/var\\((--[a-z]+)[^)]*\\)/g, (_, name) => style.getPropertyValue(name).trim());
    figure.querySelectorAll("svg").forEach((svg, j, all) => {
      const name = "figure-" + (i + 1) + (all.length > 1 ? "-" + (j + 1) : "") + ".svg";
      button(figure, all.length > 1 ? "SVG " + (j + 1) : "SVG", () => save(name, "image/svg+xml", fixed(svg)));
    });
  });
  document.querySelectorAll("main pre").forEach((pre) => {
    copyFrom(pre, () => pre.textContent);
    if (pre.dataset.name) button(pre, "Save", () => save(pre.dataset.name, "text/plain", pre.textContent));
  });
  document.querySelectorAll("main .quote").forEach((quote) => copyFrom(quote, () => quote.textContent));
  const carried = document.querySelectorAll("script[data-name]");
  const place = document.querySelector("#files");
  if (place !== null) {
    const said = place.lastElementChild;
    button(said, "tables.json", () =>
      save("tables.json", "application/json", JSON.stringify([...document.querySelectorAll("main table")].map((table) => {
        const [header, ...rows] = rowsOf(table);
        return { caption: table.caption.textContent, header, rows };
      }), null, 1)));
    for (const { dataset, type, textContent } of carried) {
      button(said, dataset.name, () => save(dataset.name, type, textContent));
    }
  }
})();
`.trim();
