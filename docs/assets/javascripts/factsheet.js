/*
 * The site's own script; each part is an addition to pages that are whole without it.
 *
 * Glance: hover, focus or tap on a figure shows value, period, source and dispute beside it
 * (WCAG 1.4.13: Escape closes it, the pointer may move into it, it stays). The summaries come
 * from the renderer, in glances.js, which is loaded when the first one is asked for.
 * Marks: the switch above the article is remembered. Filters: for the table of all figures.
 */
const factsheet = (() => {
  "use strict"
  const address = new URL("glances.js", document.currentScript.src)
  const data = document.getElementById("factsheet-words")
  const words = data ? JSON.parse(data.textContent) : {}

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag)
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    element.append(...children)
    return element
  }

  /* Glance */

  const api = {}
  const loaded = new Promise(resolve => { api.glances = resolve })
  const load = () => {
    if (!load.asked) document.head.append(make("script", { src: address }))
    load.asked = true
    return loaded
  }

  const box = make("div", { class: "glance", id: "glance", popover: "manual", role: "group" })
  box.setAttribute("aria-label", words.this_figure || "")
  let figure = null
  let timer = 0
  let touched = false

  const keyOf = link => {
    const { figure, period } = link.querySelector("[data-figure]").dataset
    return figure + (period ? "-" + period.replace("/", "--") : "")
  }

  const place = () => {
    const at = figure.getBoundingClientRect()
    const room = document.documentElement
    const below = at.bottom + box.offsetHeight + 12 < room.clientHeight
    const left = Math.min(at.left, room.clientWidth - box.offsetWidth - 8)
    box.style.left = `${Math.max(8, left)}px`
    box.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - box.offsetHeight - 4)}px`
  }

  /* The uses of a figure before and after the one that is looked at. */
  const neighbours = (uses, link) => {
    const page = location.pathname.split("/").pop() || "index.html"
    const passed = uses.map(use => {
      const [name, id] = use.split("#")
      const there = name === page && document.getElementById(id)
      if (!there) return false
      const order = there.compareDocumentPosition(link)
      return !order || Boolean(order & (4 | 16))
    })
    const here = passed.lastIndexOf(true)
    return here < 0 ? [] : [[words.previous_use, uses[here - 1]], [words.next_use, uses[here + 1]]]
  }

  const show = async link => {
    clearTimeout(timer)
    if (figure === link) return
    const wanted = (show.wanted = link)
    const found = (await load())[keyOf(link)]
    if (!found || show.wanted !== wanted || !box.showPopover) return
    hide()
    figure = link
    box.innerHTML = found[0]
    for (const [word, use] of neighbours(found[1], link))
      if (use) box.lastElementChild.append(make("a", { href: use }, word))
    link.after(box)
    link.setAttribute("aria-describedby", "glance")
    box.showPopover()
    place()
  }

  const hide = () => {
    clearTimeout(timer)
    show.wanted = null
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
    else clearTimeout(timer)
  })
  document.addEventListener("pointerdown", event => {
    touched = event.pointerType !== "mouse"
    if (!within(event.target)) hide()
  })
  document.addEventListener("click", event => {
    const link = linkAt(event.target)
    if (!link || !touched || link === figure || !box.showPopover || box.contains(link)) return
    event.preventDefault()
    show(link)
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
    const text = document.getElementById(button.dataset.copies).textContent.replace(/\s+/g, " ").trim()
    const said = button.textContent
    try {
      await navigator.clipboard.writeText(text)
      button.textContent = words.copied
    } catch {
      getSelection().selectAllChildren(document.getElementById(button.dataset.copies))
      button.textContent = words.selected
    }
    setTimeout(() => { button.textContent = said }, 2000)
  })

  /* Filters */

  const filters = document.querySelector(".filters")
  if (filters) {
    const rows = [...document.querySelectorAll("tr[data-topic]")]
    const valuesOf = (row, field) => (row.dataset[field] || "").split("|").filter(Boolean)
    const form = make("form", { "aria-label": words.filter })
    const said = make("p", { role: "status" })
    const address = new URLSearchParams(location.hash.startsWith("#?") ? location.hash.slice(2) : "")
    const number = new Intl.NumberFormat(document.documentElement.lang)
    const selects = ["topic", "measure", "stance", "state", "year"].map(field => {
      const values = [...new Set(rows.flatMap(row => valuesOf(row, field)))]
      if (field !== "topic") values.sort()
      const select = make("select", { name: field }, make("option", { value: "" }, words.all_of_them))
      select.append(...values.map(value => make("option", { value }, value)))
      if (values.includes(address.get(field))) select.value = address.get(field)
      form.append(make("label", {}, words[field], select))
      return select
    })
    const apply = () => {
      let shown = 0
      for (const row of rows) {
        row.hidden = !selects.every(
          ({ name, value }) => !value || valuesOf(row, name).includes(value))
        shown += !row.hidden
      }
      for (const table of new Set(rows.map(row => row.closest("table"))))
        table.hidden = !table.querySelector("tbody tr:not([hidden])")
      said.textContent = words.filtered
        .replace("{shown}", number.format(shown)).replace("{all}", number.format(rows.length))
    }
    form.append(make("button", { type: "reset" }, words.reset))
    form.addEventListener("reset", () => setTimeout(() => form.dispatchEvent(new Event("change"))))
    form.addEventListener("submit", event => event.preventDefault())
    form.addEventListener("change", () => {
      apply()
      const kept = new URLSearchParams(selects.filter(s => s.value).map(s => [s.name, s.value]))
      history.replaceState(null, "", `#${kept.size ? "?" + kept : ""}`)
    })
    filters.append(form, said)
    apply()
  }

  return api
})()
