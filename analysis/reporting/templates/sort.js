// Headings that sort: rising, falling, and back to the order of the document. Without this the page is complete.
{
  const AFTER = new Map([[null, "ascending"], ["ascending", "descending"], ["descending", null]]);
  const words = document.querySelector("main").dataset;
  const said = document.createElement("p");
  said.className = "said";
  said.setAttribute("role", "status");
  const texts = new Intl.Collator(document.documentElement.lang, { numeric: true });

  const keyOf = (row, column) => row.cells[column].dataset.key ?? row.cells[column].textContent.trim();

  // What is missing stays last; rows that do not differ keep the order of the document.
  const compareBy = (column, isNumber, sign) => (one, other) => {
    const [a, b] = [keyOf(one, column), keyOf(other, column)];
    if (a === "" || b === "") return (a === "") - (b === "");
    return sign * (isNumber ? a - b : texts.compare(a, b));
  };

  // Empty cells at the beginning of a row stand for those above, which elsewhere would be others.
  const findRepeats = (rows) => {
    const above = [];
    const repeats = [];
    for (const row of rows) {
      let isRepeated = true;
      for (const [column, cell] of [...row.cells].entries()) {
        isRepeated &&= !cell.textContent.trim() && column in above;
        if (isRepeated) repeats.push([cell, above[column]]);
        else above[column] = cell;
      }
    }
    for (const [cell, source] of repeats) cell.dataset.key = keyOf(source.parentNode, source.cellIndex);
    return repeats;
  };

  const makeSortable = (table) => {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    if (rows.length < 2) return;
    const heads = table.querySelectorAll("thead th");
    const repeats = findRepeats(rows);
    const sort = (head) => {
      const next = AFTER.get(head.getAttribute("aria-sort"));
      for (const one of heads) one.removeAttribute("aria-sort");
      if (next) head.setAttribute("aria-sort", next);
      const sign = next === "ascending" ? 1 : -1;
      body.append(...(next ? [...rows].sort(compareBy(head.cellIndex, "number" in head.dataset, sign)) : rows));
      for (const [cell, source] of repeats) cell.textContent = next ? source.textContent : "";
      const text = { ascending: words.sortedUp, descending: words.sortedDown }[next] ?? words.sortedNot;
      said.textContent = text.replace("{column}", () => head.textContent);
    };
    for (const head of heads) {
      const button = document.createElement("button");
      button.type = "button";
      button.title = words.sort;
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(head));
      head.append(button);
    }
  };

  document.querySelector("main").append(said);
  document.querySelectorAll("main table:has(thead)").forEach(makeSortable);
}
