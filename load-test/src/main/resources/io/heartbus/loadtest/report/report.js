// Says the values at the time below the pointer. The charts are complete without it.
"use strict";
const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const numbers = text => text.split(",").map(part => part === "" ? NaN : Number(part));

function reading(low, high) {
  if (Number.isNaN(high)) return "–";
  return (low < high ? number.format(low) + " to " : "") + number.format(high);
}

function time(seconds) {
  const whole = Math.round(seconds);
  const two = part => String(part).padStart(2, "0");
  if (whole < 60) return number.format(seconds) + " s";
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(whole % 60);
}

for (const charts of document.querySelectorAll("[data-seconds]")) {
  const seconds = numbers(charts.dataset.seconds);
  const end = Number(charts.dataset.end);
  const places = [...charts.querySelectorAll("[data-high]")].map(place => {
    const high = numbers(place.dataset.high);
    const low = place.dataset.low === undefined ? high : numbers(place.dataset.low);
    return { place, high, low, before: place.textContent };
  });
  const times = charts.querySelectorAll(".at");
  const lines = charts.querySelectorAll(".now");
  // The browser's own hint would lie over the chart; readers of the screen keep the name.
  for (const plot of charts.querySelectorAll(".plot")) {
    plot.setAttribute("aria-label", plot.querySelector("title").textContent);
    plot.removeAttribute("aria-labelledby");
    plot.setAttribute("aria-describedby", plot.querySelector("desc").id);
    plot.querySelector("title").remove();
  }

  function leave() {
    charts.classList.remove("reading");
    for (const { place, before } of places) place.textContent = before;
    for (const at of times) at.textContent = "";
  }

  function read(event) {
    const plot = event.target.closest(".plot");
    if (!plot) return leave();
    const frame = plot.getBoundingClientRect();
    const wanted = (event.clientX - frame.left) / frame.width * end;
    let nearest = 0;
    seconds.forEach((at, i) => {
      if (Math.abs(at - wanted) < Math.abs(seconds[nearest] - wanted)) nearest = i;
    });
    const x = Math.min(100, seconds[nearest] / end * 100) + "%";
    charts.classList.add("reading");
    for (const { place, high, low } of places) place.textContent = reading(low[nearest], high[nearest]);
    for (const at of times) at.textContent = "at " + time(seconds[nearest]);
    for (const line of lines) {
      line.setAttribute("x1", x);
      line.setAttribute("x2", x);
    }
  }

  charts.addEventListener("pointermove", read);
  charts.addEventListener("pointerdown", read);
  charts.addEventListener("pointerleave", leave);
}
