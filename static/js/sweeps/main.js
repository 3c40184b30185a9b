/** The page of sweeps, put together: what is set up, what the server makes of it, what is shown of the results. */

/** @import { Spec } from "../types.js" */
/** @import { State } from "./types.js" */

import { createControls } from "../controls.js";
import { byId, embedded, setAttribute, setText } from "../dom.js";
import { createLanguage } from "../language.js";
import { createList } from "../notices.js";
import { short } from "../numbers.js";
import { edited } from "../spec.js";
import { encode } from "../state.js";
import { createStore } from "../store.js";
import { createTheme } from "../theme.js";
import * as address from "./address.js";
import { createBuilder } from "./builder.js";
import { specOf } from "./chart.js";
import { fromRequest, proposed, toRequest, variables, withSpec } from "./draft.js";
import { follow } from "./follow.js";
import { createLimits } from "./limits.js";
import { carryAlong, languagePart } from "../places.js";
import { createPictures } from "./pictures.js";
import { createProgress } from "./progress.js";
import { createResults } from "./results.js";
import * as server from "./server.js";

const PATIENCE = 150; // ms of rest after which the server is asked what a draft would cost
const GOAL = 1e-3;

const language = createLanguage(embedded("words"), embedded("catalog"), relabel);
const { t, say, catalog } = language;
const given = address.read(location.search.slice(1), catalog());
const offered = (/** @type {Spec} */ spec) => variables(catalog(), spec, t);

/** @type {State} */
const initial = {
  draft: given.draft ?? { spec: given.spec, vary: [proposed(offered(given.spec)[0], true)], goal: GOAL },
  cost: null, problems: [], theory: null,
  sweep: null, request: null, table: null, limits: new Map(), serial: 0,
  picture: given.picture, lost: false, gone: false, starting: false,
};
const store = createStore(initial);
const { state } = store;
/** @type {ReturnType<typeof follow> | null} */
let following = null;
let timer = 0;

const builder = createBuilder({
  key(index, key) {
    const vary = [...state.draft.vary];
    const variable = offered(state.draft.spec).find((each) => each.key === key);
    if (variable) vary[index] = proposed(variable, index === 0);
    else vary.splice(index, 1);
    draft({ vary });
  },
  values: (index, varied) => draft({ vary: state.draft.vary.map((each, i) => (i === index ? varied : each)) }),
  goal: (goal) => draft({ goal }),
}, t, say);
const controls = createControls(byId("controls"), /** @type {any} */ ({
  edit,
  change: (/** @type {Record<string, number>} */ params) =>
    Object.entries(params).forEach(([name, value]) => edit(`optimizer.${name}`, value)),
}), t, say);
const limits = createLimits(store, catalog);
const progress = createProgress({ start, cancel }, t);
const results = createResults(t, named, (request, table, row) =>
  lab(specOf(request, table, row, (spec, key, value) => edited(spec, key, value, catalog()))));
const pictures = createPictures(byId("pictures").dataset.plotly ?? "", t, offered, {
  ready: () => store.set({}),
  choose(picture) {
    store.set({ picture });
    writeAddress();
  },
  open: results.open,
});
const notices = createList(t);
createTheme(document.querySelectorAll("[data-theme-choice]"), pictures.restyle);

store.subscribe(() => builder.update(state, offered(state.draft.spec)));
store.subscribe(() => controls.update(/** @type {any} */ ({
  spec: state.draft.spec,
  draft: null,
  rows: { step: [], columns: {}, length: 0 },
  cursor: -1,
  theory: state.theory,
  problems: state.problems.map((problem) => ({ ...problem, path: problem.path.replace(/^base\./, "") })),
})));
for (const view of [progress, results, pictures, limits]) store.subscribe(view.update);

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => language.change(button.getAttribute("data-language") === "zh" ? "zh" : "en"));
}

carryAlong("lab", () => lab(state.draft.spec));

controls.relabel(catalog());
notices.add(given.notices);
if (given.sweep) show(given.sweep, given.draft === null);
else check();

/** @param {Partial<State["draft"]>} change */
function draft(change) {
  store.set({ draft: { ...state.draft, ...change } });
  changed();
}

/** @param {string} path @param {unknown} value */
function edit(path, value) {
  const spec = path === "stop" ? { ...state.draft.spec, stop: null } : edited(state.draft.spec, path, value, catalog());
  const next = withSpec(state.draft, spec, offered(spec));
  store.set({ draft: next });
  changed();
}

function changed() {
  store.set({ cost: null });
  writeAddress();
  clearTimeout(timer);
  timer = setTimeout(check, PATIENCE);
}

/** Ask the server what the draft would cost, and what theory says of its run. */
async function check() {
  const asked = state.draft;
  const answer = await server.check(toRequest(asked), language.code());
  if (asked !== state.draft) return;
  if (!answer.ok) {
    store.set({ problems: answer.problems, lost: answer.lost });
    if (answer.lost) timer = setTimeout(check, 10 * PATIENCE);
    return;
  }
  store.set({ cost: answer.value.cost, problems: answer.value.errors, lost: false });
  if (answer.value.cost === null) return;
  const theory = await server.theory(asked.spec);
  if (asked === state.draft) store.set({ theory: theory.ok ? theory.value : null });
}

async function start() {
  store.set({ starting: true });
  const answer = await server.submit(toRequest(state.draft), language.code());
  store.set({ starting: false });
  if (answer.ok) show(answer.value.id, true);
  else store.set({ problems: answer.problems, lost: answer.lost });
}

async function cancel() {
  if (!state.sweep) return;
  const answer = await server.cancel(state.sweep.id, language.code());
  if (answer.ok) store.set({ sweep: answer.value });
  else store.set({ lost: answer.lost });
}

/** Follow a sweep, and take over what was asked for if `adopt`. @param {string} id @param {boolean} adopt */
function show(id, adopt) {
  following?.close();
  store.set({ sweep: null, request: null, table: null, limits: new Map(), gone: false });
  following = follow(id, language.code, {
    async state(sweep) {
      const first = state.sweep?.id !== sweep.id;
      store.set({ sweep });
      if (first) await adoptRequest(id, adopt);
    },
    results: (table) => store.set({ table, serial: state.serial + 1 }),
    lost: (lost) => store.set({ lost }),
    gone: () => {
      store.set({ gone: true });
      check();
    },
  });
}

/** @param {string} id @param {boolean} adopt */
async function adoptRequest(id, adopt) {
  const answer = await server.asked(id);
  if (state.sweep?.id !== id) return;
  if (!answer.ok) {
    // A server that has just gone is asked again: without what was asked for, no result can be shown.
    if (answer.lost) setTimeout(() => adoptRequest(id, adopt), 10 * PATIENCE);
    return;
  }
  const taken = fromRequest(answer.value);
  store.set({ request: answer.value, serial: state.serial + 1, ...(adopt && { draft: taken }) });
  writeAddress();
  check();
}

/** The part after "?" of a run's address in the lab. @param {Spec} spec */
function lab(spec) {
  return [encode({ ...spec, changes: spec.changes ?? [] }, 0, catalog()), ...languagePart()].filter(Boolean).join("&");
}

function writeAddress() {
  const { request, sweep, picture } = state;
  const same = request !== null && JSON.stringify(toRequest(state.draft)) === JSON.stringify(toRequest(fromRequest(request)));
  const parts = [address.write(same ? null : state.draft, sweep?.id ?? null, picture, catalog())];
  parts.push(...languagePart());
  history.replaceState(null, "", `${location.pathname}?${parts.filter(Boolean).join("&")}`);
}

/** A key's value in words. @param {string} key @param {unknown} value */
function named(key, value) {
  const variable = offered(state.request?.base ?? state.draft.spec).find((each) => each.key === key);
  const text = variable?.entries?.find(({ name }) => name === value)?.label
    ?? (typeof value === "number" ? short(value, 4) : t("sweeps.all"));
  return variable?.entries ? text : `${variable?.label ?? key} ${text}`;
}

/** Everything that is written, in the language that was chosen. */
function relabel() {
  for (const button of document.querySelectorAll("[data-language]")) {
    setAttribute(button, "aria-pressed", String(button.getAttribute("data-language") === language.code()));
  }
  setText(document.querySelector("title") ?? document.body, t("sweeps.title"));
  controls.relabel(catalog());
  builder.relabel();
  notices.relabel();
  store.set({ serial: state.serial + 1 });
  pictures.restyle();
  following?.again();
  check();
}
