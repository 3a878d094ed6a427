// Every text on the page with its contrast to the ground it stands on (WCAG 2, 1 to 21).
() => {
  const channels = (color) => (color.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = (color) => {
    const [r, g, b] = channels(color).slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = getComputedStyle(each).backgroundColor;
      const alpha = channels(color)[3];
      if (alpha === undefined || alpha === 1) return color;
      if (alpha > 0) throw new Error(`half transparent: ${color}`);
    }
    throw new Error("nothing is opaque");
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    const style = getComputedStyle(element);
    if (!text || style.display === "none") continue;
    const color = element instanceof SVGElement ? style.fill : style.color;
    const [high, low] = [light(color), light(ground(element))].sort((a, b) => b - a);
    found.push({ text: text.slice(0, 60), ratio: (high + 0.05) / (low + 0.05) });
  }
  return found;
}
