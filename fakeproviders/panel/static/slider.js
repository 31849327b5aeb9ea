// The behaviour captcha as a slider. Without this script the position is read off the ruler and typed.
for (const captcha of document.querySelectorAll(".captcha")) {
  const gap = captcha.querySelector(".gap");
  const typed = captcha.querySelector("input[type=number]");
  const slider = document.createElement("input");
  const piece = gap.cloneNode();
  Object.assign(slider, { type: "range", min: typed.min, max: typed.max, value: typed.min });
  slider.setAttribute("aria-labelledby", captcha.dataset.labelledby);
  piece.setAttribute("class", "piece");
  const move = () => {
    piece.setAttribute("x", slider.value);
    typed.value = slider.value;
  };
  slider.addEventListener("input", move);
  gap.after(piece);
  move();
  typed.closest(".typed").hidden = true;
  captcha.append(slider);
}
