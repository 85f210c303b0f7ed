import assert from "node:assert/strict";
import {
  acceptedLanguage,
  languageOf,
} from "../../../src/http/pages/language.ts";

Deno.test("acceptedLanguage takes what the browser likes best", () => {
  assert.equal(acceptedLanguage("zh-CN,zh;q=0.9,en;q=0.8"), "zh-CN");
  assert.equal(acceptedLanguage("en-GB, zh;q=0.5"), "en");
  assert.equal(acceptedLanguage("en;q=0.3, zh-TW;q=0.7"), "zh-CN");
  assert.equal(acceptedLanguage("fr, de;q=0.9, zh;q=0.1"), "zh-CN");
});

Deno.test("acceptedLanguage is English where nothing is known or liked", () => {
  for (const header of ["", "fr", "zh;q=0", "*", ";;q=,", "q=1"]) {
    assert.equal(acceptedLanguage(header), "en", header);
  }
});

Deno.test("languageOf knows a language by the first part of its tag", () => {
  assert.equal(languageOf("zh"), "zh-CN");
  assert.equal(languageOf("ZH-Hant-TW"), "zh-CN");
  assert.equal(languageOf("en-US"), "en");
  assert.equal(languageOf("english"), undefined);
  assert.equal(languageOf(undefined), undefined);
});
