/**
 * A line of numbers as a small picture.
 *
 * @module
 */
/// <reference lib="dom" />

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 120;
const HEIGHT = 28;

/** The points of a polyline in a box; the greatest number reaches its top. */
export function sparkPoints(
  counts: readonly number[],
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const top = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length - 1);
  return counts.map((count, index) => {
    const y = height - 1 - (height - 2) * count / top;
    return `${round(index * step)},${round(y)}`;
  }).join(" ");
}

/** A picture of counts with a name for who cannot see it. */
export function sparkline(
  counts: readonly number[],
  label: string,
): SVGSVGElement {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("class", "spark");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", label);
  const line = document.createElementNS(SVG, "polyline");
  const box = { width: WIDTH, height: HEIGHT };
  line.setAttribute("points", sparkPoints(counts, box));
  picture.append(line);
  return picture;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
