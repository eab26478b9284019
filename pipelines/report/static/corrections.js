// What stewards corrected, on the evidence page's cards, and the command that corrects a value or adds one.
"use strict";

// data: the readings of the page; the rest are its makers of elements.
const steward = (data, { element, entry, code, both, words }) => {
  const corrections = data.corrections.map(([value, start, end, action, field, before, after, who, when, why]) => ({
    value, start, end, action, field, before, after, who, when, why,
  }));
  const change = ({ field, before, after }) =>
    field ? element("span", {}, code(field), ` ${before ?? "∅"} → ${after ?? "∅"}`) : null;
  const told = (correction) =>
    element("div", { className: "correction" },
      element("p", {}, element("b", { textContent: both(words("action", correction.action)) }), " ", change(correction)),
      element("dl", {},
        ...entry("由谁", "By", correction.who),
        ...entry("日期", "On", correction.when),
        ...entry("缘由", "Why", correction.why)));
  const command = (title, line) =>
    element("details", { className: "correct" }, element("summary", { textContent: title }),
      element("code", { className: "command", textContent: line }));
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`; // for a shell
  const signed = "--who … --why …";

  return {
    of: (value) => corrections.filter((one) => one.value === value.indicator_value_id).map(told),
    rejected: (number) =>
      corrections.filter((one) => one.action === "reject" && one.start === number.start && one.end === number.end).map(told),
    toCorrect: (value) =>
      command("更正此值 Correct this value", `hiw correct ${value.indicator_value_id} --set value=… ${signed}`),
    toAdd: (number) =>
      command("这里漏了一个值 A value was missed here",
        `hiw correct --add --file ${quoted(data.source_file)} --start ${number.start} --end ${number.end} `
          + `--indicator … --value … ${signed}`),
  };
};
