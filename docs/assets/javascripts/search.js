/*
 * The worker of the search: the theme's own, which it loads from the address behind its "#",
 * with our way of comparing words (fold.js) before it. For pages opened as files it runs in a
 * frame, where importScripts takes its time: what arrives before that waits.
 */
"use strict"
{
  const SETUP = 0 // The theme's numbers for its messages: the index,
  const QUERY = 2 // a question,
  const RESULT = 3 // and an answer.
  const ALL_WORDS = 4 // The power to which the share of the words weighs that a hit has.
  const BY_NAME = 6 // How much more a hit weighs that has no other words for its name,
  const AT_START = 0.25 // and one that has all of them in its title and first paragraph,
  const ANSWERS = 2 // and a figure's page that has every number but years there.
  const EXACT = 4 // How much more a whole word weighs than the beginning of one.
  const SHORTNESS = 0.6 // How much a hit in a short text weighs above one in a long text: 0 to 1.
  const OF_PERIOD = 1 // How much more a figure's page weighs that has a row for the period asked for.
  const SCALES = { thousand: 1e3, million: 1e6, billion: 1e9 }
  const here = new URL(self.document ? document.currentScript.src : location.href)
  const theme = new URL(here.hash.slice(1).replace(/\?.*/, ""), here)

  /* Words of questions that lunr does not leave out already; what is shown is always of today. */
  const OF_QUESTIONS = new Set(["many", "much", "there", "today", "now", "currently", "ever", "these", "yet"])
  /* The stem of what the rules of English do not lead to it. */
  const STEMS = { made: "make", sold: "sale", sell: "sale", built: "build", bought: "buy", held: "hold", given: "give", gave: "give", founded: "founding" }

  /* A word without its English ending, so that exported, exports and export are one. */
  const stem = word => STEMS[word] || (/^[a-z]+$/.test(word) ? lunr.stemmer(new lunr.Token(word)).toString() : word)

  /* The forms under which the index has a word: 14.08 before "million" is 14080000 too. */
  const forms = (text, next) => {
    const [word = "", ...more] = fold.words(text).map(stem)
    const found = [word, ...more]
    if (!/^\d+(\.\d+)?$/.test(word)) return found
    const scale = SCALES[next && fold.words(next)[0]]
    if (scale) found.push(String(Math.round(word * scale)))
    if (/^\d{1,3}\.\d{3}$/.test(word)) found.push(word.replace(".", ""))
    return found
  }

  const prepare = () => {
    const trim = (token, index, tokens) =>
      forms(token.toString(), tokens[index + 1]?.toString()).map(form => token.clone(() => form))
    lunr.Pipeline.registerFunction(trim, "fold")
    lunr.trimmer = trim
    const { b } = lunr.Builder.prototype
    lunr.Builder.prototype.b = function () { b.call(this, SHORTNESS) }
  }

  /* The words of a text but for those that every text has. */
  const telling = text => {
    const isTelling = word => lunr.stopWordFilter(word) && !OF_QUESTIONS.has(word)
    const all = text.split(/\s+/)
    const found = all.filter(word => isTelling(word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")))
    return found.length ? found : all
  }

  let wanted = [] // The words of the last query.

  /* The query in the index's words: without signs that lunr takes for commands. */
  const asked = text => {
    wanted = fold.words(telling(text).join(" "))
      .flatMap(word => (/^\d{1,3}\.\d{3}$/.test(word) ? [word.replace(".", "")] : [word]))
    return wanted.map(stem).map(word => (/^\d/.test(word) ? `${word}^${EXACT}` : `${word}^${EXACT} ${word}`)).join(" ")
  }

  const MONTHS = /^(january|february|march|april|may|june|july|august|september|october|november|december)$/
  const isYear = word => /^(19|20)\d\d$/.test(word)
  const firsts = new Map() // The first paragraph of each entry: on a figure's page, its answer;
  const rows = new Map() // and the rows of its table: the words of the period, and what stands there.
  const untagged = html => html.replace(/<[^>]*>/g, "")

  /* What is to be remembered of an entry; its rows become plain text, which hits show better. */
  const remember = entry => {
    const [first] = entry.text.replace(/<sup>.*?<\/sup>/g, "").split("</p>")
    firsts.set(entry.location, untagged(first).trim())
    if (!entry.location.startsWith("figures/")) return entry
    const found = []
    const text = entry.text.replace(/<p>([^<]*)<\/p>\s*([^<\s][^<]*)/g, (_, period, value) => {
      found.push({ period: period.trim(), value: value.trim(), words: fold.words(period) })
      return `${period} ${value}`
    })
    rows.set(entry.location, found)
    return { ...entry, text }
  }

  /* The row of the years and months that a query names, if a figure has one: that of just these first. */
  const rowOf = location => {
    const dates = wanted.filter(word => isYear(word) || (MONTHS.test(word) && wanted.some(isYear)))
    const fitting = (rows.get(location) || []).filter(({ words }) => dates.every(date => words.includes(date)))
    return dates.length ? fitting.find(({ words }) => words.length === dates.length) || fitting[0] : undefined
  }

  /* How well an entry fits, and the text shown for it: a figure's page shows its answer first. */
  const weighed = hit => {
    const { location, title, text } = hit
    const isThere = word => Boolean(hit.terms[stem(word)])
    const terms = Object.fromEntries(wanted.map(word => [word, isThere(word)]))
    const shareOf = (all, given) => all.filter(word => given.includes(word)).length / (all.length || 1)
    const stems = [...new Set(wanted.map(stem))]
    const first = firsts.get(location) || ""
    const [name, ...names] = [title, first, ...(hit.tags || [])]
      .map(text => telling(untagged(text)).flatMap(fold.words).map(stem))
    const share = wanted.filter(isThere).length / (wanted.length || 1)
    const named = Math.max(...[name, ...names].map(words => shareOf(words, stems) ** 4 * (1 + shareOf(stems, words)) / 2))
    const start = shareOf(stems, [...name, ...names[0]])
    const isFigure = location.startsWith("figures/")
    const numbers = wanted.filter(word => /^\d/.test(word) && !isYear(word))
    const answers = isFigure && numbers.length && shareOf(numbers, names[0]) === 1 ? ANSWERS : 0
    const row = isFigure ? rowOf(location) : undefined
    const fit = (1 + BY_NAME * named) * (1 + AT_START * start) * (1 + answers) * (1 + (row ? OF_PERIOD : 0))
    const score = hit.score * share ** ALL_WORDS * fit
    const isMissing = isFigure && !untagged(text).replace(/\[\d+\]/g, "").trim().startsWith(first.slice(0, 20))
    const answer = (row ? `<p>${row.period}: ${row.value}</p>` : "") + (isMissing ? `<p>${first}</p>` : "")
    return { ...hit, score, terms, text: answer + text }
  }

  const ranked = pages => {
    const best = page => Math.max(...page.map(hit => hit.score))
    return pages
      .map(page => page.map(weighed).sort((one, other) => other.score - one.score))
      .sort((one, other) => best(other) - best(one))
  }

  const passed = new WeakSet()
  addEventListener("message", async event => {
    if (passed.has(event)) return
    event.stopImmediatePropagation()
    await ready
    const { type, data } = event.data
    const prepared = type === SETUP ? { ...data, docs: data.docs.map(remember) } : type === QUERY ? asked(data) : data
    const sent = new MessageEvent("message", { data: { type, data: prepared } })
    passed.add(sent)
    dispatchEvent(sent)
  })
  const post = self.postMessage
  self.postMessage = message => {
    if (message.type === RESULT) message.data.items = ranked(message.data.items)
    post.call(self, message)
  }
  const scripts = [new URL("fold.js", here), theme].map(String)
  const ready = Promise.resolve(importScripts(...scripts)).then(prepare)
}
