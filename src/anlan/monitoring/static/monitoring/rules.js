// Adds empty rows to the form of a rule; without this there are always three to fill.
const body = document.querySelector("[data-rule-rows]");
const count = document.querySelector("[data-rows]");
const add = document.querySelector("[data-add-row]");

function addRow() {
  const number = Number(count.value) + 1;
  const row = body.lastElementChild.cloneNode(true);
  row.querySelector("th").textContent = String(number);
  for (const field of row.querySelectorAll("input, select")) {
    field.name = field.name.replace(/\d+$/, String(number));
    if (field.tagName === "INPUT") {
      field.value = "";
    }
  }
  body.append(row);
  count.value = String(number);
  row.querySelector("select").focus();
}

if (body && count && add) {
  add.hidden = false;
  add.addEventListener("click", addRow);
}
