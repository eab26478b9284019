// quality.html: how long ago a date is, reckoned when the page is read since the page itself holds no clock;
// and a section is opened when a link leads into it.
"use strict";

for (const time of document.querySelectorAll("time[datetime]")) {
  const days = Math.floor((Date.now() - Date.parse(time.dateTime)) / 86_400_000);
  const age = document.createElement("small");
  age.textContent = ` ${days.toLocaleString("en")} 天前 days ago`;
  if (days >= 0) time.append(age);
}

function reveal() {
  const aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let around = aim; around; around = around.parentElement) {
    if (around.tagName === "DETAILS") around.open = true;
  }
  if (aim) aim.scrollIntoView();
}

addEventListener("hashchange", reveal);
reveal();
