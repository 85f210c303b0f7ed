import assert from "node:assert/strict";

const SHEET = Deno.readTextFileSync(
  new URL("../../src/web/style.css", import.meta.url),
);

/** What is written on what. */
const WRITTEN = [
  ["ink", "page"],
  ["ink", "card"],
  ["ink-soft", "page"],
  ["ink-soft", "card"],
  ["accent", "page"],
  ["accent", "card"],
  ["accent-ink", "accent"],
  ["ink", "accent-soft"],
  ["own-ink", "own"],
  ["warm", "card"],
  ["warm", "page"],
  ["ink", "warm-soft"],
  ["good", "card"],
] as const;

/** The colours by name, of the light page or the dark one. */
function colours(isDark: boolean): Map<string, string> {
  const [light = "", dark = ""] = SHEET.split("prefers-color-scheme: dark");
  const found = (isDark ? dark : light).matchAll(
    /--([a-z-]+): (#[0-9a-f]{6})/g,
  );
  return new Map(Array.from(found, ([, name = "", colour = ""]) => [
    name,
    colour,
  ]));
}

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const both = [luminance(one), luminance(other)];
  return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
}

Deno.test("contrast is that of WCAG", () => {
  assert.equal(contrast("#000000", "#ffffff").toFixed(2), "21.00");
  assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
});

for (const isDark of [false, true]) {
  const name = isDark ? "dark" : "light";
  Deno.test(`The ${name} page's texts have a contrast of 4.5 or more`, () => {
    const palette = colours(isDark);
    const faint = WRITTEN.filter(([text, ground]) => {
      const [ink, paper] = [palette.get(text), palette.get(ground)];
      assert(ink !== undefined && paper !== undefined, `${text} on ${ground}`);
      return contrast(ink, paper) < 4.5;
    });
    assert.deepEqual(faint, []);
  });
}
