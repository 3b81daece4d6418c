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
  const SCALES = { thousand: 1e3, million: 1e6, billion: 1e9 }
  const here = new URL(self.document ? document.currentScript.src : location.href)
  const theme = new URL(here.hash.slice(1).replace(/\?.*/, ""), here)

  /* The forms under which the index has a word: 14.08 before "million" is 14080000 too. */
  const forms = (text, next) => {
    const [word = "", ...more] = fold.words(text)
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
    const isTelling = word => lunr.stopWordFilter(word) && !["many", "much"].includes(word)
    const all = text.split(/\s+/)
    const found = all.filter(word => isTelling(word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")))
    return found.length ? found : all
  }

  /* The query in the index's words: without signs that lunr takes for commands. */
  const asked = text => {
    const words = fold.words(telling(text).join(" "))
      .flatMap(word => (/^\d{1,3}\.\d{3}$/.test(word) ? [word.replace(".", "")] : [word]))
    return words.map(word => (/^\d/.test(word) ? `${word}^${EXACT}` : `${word}^${EXACT} ${word}`)).join(" ")
  }

  const firsts = new Map() // The first paragraph of each entry: on a figure's page, its answer.
  const untagged = html => html.replace(/<[^>]*>/g, "")

  const remember = ({ docs }) => {
    for (const { location, text } of docs) {
      const [first] = text.replace(/<sup>.*?<\/sup>/g, "").split("</p>")
      firsts.set(location, untagged(first).trim())
    }
  }

  /* How well an entry fits, and the text shown for it: a figure's page shows its answer first. */
  const weighed = hit => {
    const { location, title, text, terms } = hit
    const asked = Object.keys(terms)
    const shareOf = (all, given) => all.filter(word => given.includes(word)).length / (all.length || 1)
    const found = asked.filter(word => terms[word])
    const first = firsts.get(location) || ""
    const [name, ...names] = [title, first, ...(hit.tags || [])]
      .map(text => telling(untagged(text)).flatMap(fold.words))
    const share = shareOf(asked, found)
    const named = Math.max(...[name, ...names].map(words => shareOf(words, asked)))
    const start = shareOf(asked, [...name, ...names[0]])
    const isFigure = location.startsWith("figures/")
    const numbers = asked.filter(word => /^(?!(19|20)\d\d$)\d/.test(word))
    const answers = isFigure && numbers.length && shareOf(numbers, names[0]) === 1 ? ANSWERS : 0
    const fit = (1 + BY_NAME * named ** 4) * (1 + AT_START * start) * (1 + answers)
    const score = hit.score * share ** ALL_WORDS * fit
    const isMissing = isFigure && !untagged(text).replace(/\[\d+\]/g, "").trim().startsWith(first.slice(0, 20))
    return { ...hit, score, text: isMissing ? `<p>${first}</p>${text}` : text }
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
    if (type === SETUP) remember(data)
    const sent = new MessageEvent("message", { data: { type, data: type === QUERY ? asked(data) : data } })
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
