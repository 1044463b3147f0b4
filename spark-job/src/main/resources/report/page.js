// Says what a chart's area is about, where a pointer is over it or a finger touched it.
(function () {
  "use strict";
  var tip = document.getElementById("tip");
  var shown = null;

  function hide() {
    if (shown) {
      shown.classList.remove("shown");
    }
    shown = null;
    tip.style.display = "none";
  }

  function show(area, x, y) {
    hide();
    shown = area;
    area.classList.add("shown");
    tip.textContent = area.getAttribute("data-tip");
    tip.style.display = "block";
    var wide = document.documentElement.clientWidth;
    var high = document.documentElement.clientHeight;
    tip.style.left = Math.max(4, Math.min(x + 14, wide - tip.offsetWidth - 4)) + "px";
    tip.style.top = Math.max(4, y + 18 + tip.offsetHeight > high ? y - tip.offsetHeight - 12 : y + 18) + "px";
  }

  document.querySelectorAll("rect.tip").forEach(function (area) {
    // The title is for pages without scripts; with both there would be two.
    var title = area.querySelector("title");
    area.setAttribute("data-tip", title.textContent);
    area.setAttribute("aria-label", title.textContent);
    title.remove();
  });
  ["pointerover", "click"].forEach(function (event) {
    document.addEventListener(event, function (at) {
      var area = at.target.closest ? at.target.closest("rect.tip") : null;
      if (area) {
        show(area, at.clientX, at.clientY);
      } else {
        hide();
      }
    });
  });
  document.addEventListener("scroll", hide, true);
})();
