/*
 * The site's own script; each part is an addition to pages that are whole without it.
 *
 * Popover: hover, focus or tap on a figure shows value, period, source and dispute beside it
 * (WCAG 1.4.13: Escape or its button closes it, the pointer may move into it, it stays). What it
 * says comes from figures/ID.js, which is loaded when the first figure of that id is pointed at.
 * Where that is late, missing, or says something else than the page, the link is a link.
 * Marks: the switch above the article is remembered. Folds: what a link leads to is opened.
 * Filters: for the list of all figures.
 */
const factsheet = (() => {
  "use strict"
  const here = document.currentScript.src
  const top = new URL("../../", here)
  const data = document.getElementById("factsheet-words")
  const words = data ? JSON.parse(data.textContent) : {}
  const PATIENCE = 500 // So many milliseconds a tap waits for its popover.

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag)
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    element.append(...children)
    return element
  }

  const run = address =>
    new Promise((resolve, reject) => {
      const script = make("script", { src: address })
      script.onload = resolve
      script.onerror = reject
      document.head.append(script)
    })

  /* Popover */

  const api = {}
  const edition = document.querySelector(".fingerprint")?.textContent || ""
  const known = new Map() // The popovers of each figure that has been loaded, by period.
  const asked = new Map()
  api.popovers = (id, byPeriod) => known.set(id, byPeriod)

  const load = id => {
    const address = new URL(`figures/${id}.js?${edition}`, top)
    if (!asked.has(id)) asked.set(id, run(address).catch(() => asked.delete(id)))
    return asked.get(id)
  }

  const box = make("div", { class: "popover", id: "popover", popover: "manual", role: "group" })
  box.setAttribute("aria-label", words.this_figure || "")
  let figure = null
  let wanted = null
  let timer = 0
  let touched = false

  const valueOf = element => element.getAttribute("value") ?? element.getAttribute("datetime")

  /* What there is to show for a link: nothing yet, or nothing that agrees with the page. */
  const found = link => {
    const shown = link.querySelector("[data-figure]")
    const html = known.get(shown.dataset.figure)?.[shown.dataset.period || ""]
    if (!html || !box.showPopover) return null
    const content = make("template")
    content.innerHTML = html
    const said = content.content.querySelector(".popover-value .fig")
    const same = said && valueOf(said) === valueOf(shown)
    return same ? content.content : null
  }

  const place = () => {
    const at = figure.getBoundingClientRect()
    const room = document.documentElement
    const below = at.bottom + box.offsetHeight + 12 < room.clientHeight
    const left = Math.min(at.left, room.clientWidth - box.offsetWidth - 8)
    box.style.left = `${Math.max(8, left)}px`
    box.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - box.offsetHeight - 4)}px`
  }

  const close = make("button", { type: "button", class: "popover-close", "aria-label": words.close || "" }, "×")
  close.addEventListener("click", () => {
    const link = figure
    hide()
    if (!touched) link.focus()
    hide() // Focus has shown it again.
  })

  const open = (link, content) => {
    hide()
    figure = link
    for (const anchor of content.querySelectorAll("a[href]"))
      anchor.href = new URL(anchor.getAttribute("href"), top)
    box.replaceChildren(content, close)
    link.after(box)
    link.setAttribute("aria-describedby", "popover")
    box.showPopover()
    place()
  }

  /* Shows it as soon as it is there; says whether it is shown now. */
  const show = async link => {
    clearTimeout(timer)
    if (figure === link) return true
    wanted = link
    if (!found(link)) await load(link.querySelector("[data-figure]").dataset.figure)
    const content = found(link)
    if (content && wanted === link) open(link, content)
    return figure === link
  }

  const hide = () => {
    clearTimeout(timer)
    wanted = null
    if (!figure) return
    figure.removeAttribute("aria-describedby")
    figure = null
    box.remove()
  }

  const later = (work, wait) => {
    clearTimeout(timer)
    timer = setTimeout(work, wait)
  }
  const linkAt = target => target.closest?.("a.figure-link:has([data-figure])")
  const within = target => target && (box.contains(target) || (figure && figure.contains(target)))

  document.addEventListener("pointerover", event => {
    if (event.pointerType !== "mouse") return
    const link = linkAt(event.target)
    if (link && !box.contains(link)) later(() => show(link), 150)
    else if (within(event.target)) clearTimeout(timer)
    else if (figure && !box.contains(document.activeElement)) later(hide, 300)
    else {
      clearTimeout(timer)
      if (!figure) wanted = null
    }
  })
  document.addEventListener("pointerdown", event => {
    touched = event.pointerType !== "mouse"
    if (!within(event.target)) hide()
    const link = touched && linkAt(event.target)
    if (link) load(link.querySelector("[data-figure]").dataset.figure)
  })
  document.addEventListener("click", async event => {
    const link = linkAt(event.target)
    if (!link || !touched || link === figure || box.contains(link)) return
    if (!box.showPopover || wanted === link) return
    event.preventDefault()
    const late = new Promise(resolve => setTimeout(resolve, PATIENCE))
    const shown = await Promise.race([show(link), late])
    if (!shown && wanted === link) location.assign(link.href)
  })
  document.addEventListener("focusin", event => {
    const link = linkAt(event.target)
    if (link && !box.contains(link) && link.matches(":focus-visible")) show(link)
    else if (!within(event.target)) hide()
  })
  document.addEventListener("keydown", event => {
    if (event.key !== "Escape" || !figure) return
    if (box.contains(document.activeElement)) figure.focus()
    hide()
  })
  for (const event of ["scroll", "resize"])
    addEventListener(event, () => figure && place(), { passive: true })

  /* Search: the theme lists the tags of each hit as a landmark, all of them without a name. */

  const hits = document.querySelector(".md-search-result")
  if (hits) {
    new MutationObserver(() => {
      for (const tags of hits.querySelectorAll("nav.md-tags")) tags.setAttribute("role", "none")
    }).observe(hits, { childList: true, subtree: true })
  }

  /* Marks */

  const marks = document.getElementById("marks")
  const name = "factsheet.marks"
  if (marks) {
    try {
      marks.checked = localStorage.getItem(name) === "on"
      marks.addEventListener("change", () => {
        localStorage.setItem(name, marks.checked ? "on" : "off")
      })
    } catch { /* Some browsers keep nothing for pages opened as files. */ }
  }

  /* Copying: a button takes what its element says. */

  document.documentElement.classList.add("js")
  document.addEventListener("click", async event => {
    const button = event.target.closest?.("button[data-copies]")
    if (!button) return
    const from = document.getElementById(button.dataset.copies)
    const plain = from.matches("pre") ? from.textContent : from.textContent.replace(/\s+/g, " ").trim()
    const text = /^https?:/.test(plain) ? plain : from.href || plain
    button.dataset.says ??= button.textContent
    try {
      await navigator.clipboard.writeText(text)
      button.textContent = words.copied
    } catch {
      getSelection().selectAllChildren(from)
      button.textContent = words.selected
    }
    setTimeout(() => { button.textContent = button.dataset.says }, 2000)
  })

  /* Folds: those of the row that the address names, or the one that it names. */

  const unfold = () => {
    const folds = document.querySelectorAll("tr:target summary, details:target > summary")
    for (const summary of folds) summary.parentElement.open = true
  }
  addEventListener("hashchange", unfold)
  addEventListener("load", unfold)

  /* Filters: what is chosen stands in the address, and what the address says is chosen. */

  const filters = document.querySelector(".filters")
  const filter = () => {
    const rows = [...document.querySelectorAll("tr[data-topic], .sources > li")].map(row => ({
      row,
      topic: row.closest(".topic"),
      said: ` ${fold.words([
        row.querySelector("p")?.textContent || row.textContent, row.dataset.also || "", row.querySelector(".fig")?.getAttribute("value") || "",
      ].join(" ; ")).join(" ")}`,
      state: (row.dataset.state || "").split("|").filter(Boolean),
      name: row.dataset.topic,
    }))
    const number = new Intl.NumberFormat(document.documentElement.lang)
    const form = make("form", { "aria-label": words.filter, role: "search" })
    const result = make("p", { role: "status" })
    const choice = (name, values) => {
      const select = make("select", { name }, make("option", { value: "" }, words.all_of_them))
      if (!values.length) return select
      select.append(...values.map(([value, label]) => make("option", { value }, label)))
      form.append(make("label", {}, words[name], select))
      return select
    }
    const text = make("input", { name: "text", type: "search", autocomplete: "off" })
    form.append(make("label", {}, words.filter_text, text))
    const topics = [...document.querySelectorAll(".topic")].map(topic => [
      topic.dataset.topic, topic.querySelector(".topic-name").textContent])
    const states = [...new Set(rows.flatMap(({ state }) => state))].sort()
    const topic = choice("topic", topics)
    const state = choice("state", states.map(value => [value, value]))
    const fields = [text, topic, state].filter(field => field.form)

    const apply = (unknown = []) => {
      const typed = fold.words(text.value)
      const isOn = fields.some(field => field.value)
      let shown = 0
      for (const one of rows) {
        const fits = typed.every(word => one.said.includes(` ${word}`))
          && (!topic.value || one.name === topic.value)
          && (!state.value || one.state.includes(state.value))
        one.row.hidden = !fits
        shown += fits
      }
      for (const one of new Set(rows.flatMap(row => row.topic || []))) {
        const left = one.querySelectorAll("tr[data-topic]:not([hidden])").length
        one.hidden = !left
        one.querySelector("summary .tally").textContent = number.format(left)
        if (isOn || apply.wasOn) one.open = isOn && !one.hidden
      }
      apply.wasOn = isOn
      const parts = unknown.map(name => words.filter_unknown.replace("{name}", () => name))
      parts.push(words.filtered.replace("{shown}", number.format(shown)).replace("{all}", number.format(rows.length)))
      if (!shown) parts.push(words.filter_none)
      result.textContent = parts.join(" ")
    }
    const read = () => {
      const address = new URLSearchParams(location.hash.startsWith("#?") ? location.hash.slice(2) : "")
      const unknown = []
      for (const field of fields) {
        const value = address.get(field.name) || ""
        field.value = value
        if (field.value !== value) {
          field.value = ""
          unknown.push(`${field.name}=${value}`)
        }
        address.delete(field.name)
      }
      apply([...unknown, ...[...address].map(pair => pair.join("="))])
    }
    const write = () => {
      apply()
      const kept = new URLSearchParams(fields.filter(f => f.value).map(f => [f.name, f.value]))
      history.replaceState(null, "", `#${kept.size ? "?" + kept : ""}`)
    }

    form.append(make("button", { type: "reset" }, words.reset))
    form.addEventListener("reset", () => setTimeout(write))
    form.addEventListener("submit", event => event.preventDefault())
    form.addEventListener("input", write)
    addEventListener("hashchange", read)
    filters.append(form, result)
    read()
  }
  if (filters) run(new URL("fold.js", here)).then(filter)

  return api
})()
