/*
 * How a word is compared, by the search and by the filter of all figures: without regard to
 * capitals, diacritics, forms of one letter, marks of thousands, plurals, and British or
 * American spelling.
 */
const fold = (() => {
  "use strict"
  /* Letters that Unicode does not take apart: of Azerbaijani, of Persian beside Arabic, … */
  const letters = new Map(Object.entries({
    ə: "e", ı: "i", ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th",
    ى: "ی", ي: "ی", ك: "ک", ة: "ه", ە: "ه", ـ: "", "\u200c": "", "\u200d": "", "’": "'",
  }))
  const digits = [0x660, 0x6f0].flatMap(zero => Array.from({ length: 10 }, (_, n) => [String.fromCharCode(zero + n), String(n)]))
  for (const [digit, plain] of digits) letters.set(digit, plain)
  const odd = new RegExp(`[${[...letters.keys()].join("")}]`, "g")

  const plain = text =>
    text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(odd, letter => letters.get(letter))

  /* 16,000, 16 000 and 16'000 as 16000; 14,08 as 14.08. */
  const numbers = text => text
    .replace(/(^|[^\d.,])(\d{1,3}(?:[,\s']\d{3})+)(?!\d)/g, (_, before, number) => before + number.replace(/\D/g, ""))
    .replace(/(\d),(?=\d)/g, "$1.")

  const spelled = word => word
    .replace(/'s?$/, "")
    .replace(/^(.{3,})ies$/, "$1y")
    .replace(/^(.{2,}[^siu])s$/, "$1")
    .replace(/ense$/, "ence")
    .replace(/([bdlmnv])our/, "$1or")
    .replace(/tre$/, "ter")
    .replace(/i(?:se|ze)(d?)$/, "ise$1")

  /** The words of a text, each as it is compared; signs around them are left out. */
  const words = text => numbers(plain(text))
    .split(/[\s\-–—/:~^*+"“”„«»()[\]{}!?;,]+/)
    .map(word => spelled(word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}']+$/gu, "")))
    .filter(Boolean)

  return { words }
})()
