/** The page, put together: what it knows, what a person can do, what it shows. */

import { createAddress } from "./address.js";
import { connect, createProbe } from "./connection.js";
import { createControls } from "./controls.js";
import { createBar, listenToEdits } from "./data/bar.js";
import { namesOf } from "./data/columns.js";
import { NOT_EDITING } from "./data/editing.js";
import { createEditor } from "./data/editor.js";
import { createLimitNote } from "./data/limitnote.js";
import { createLoad } from "./data/load.js";
import { byId, embedded, setAttribute } from "./dom.js";
import { createFigures } from "./figures.js";
import { createInspector } from "./inspector/inspector.js";
import { createHand } from "./hand.js";
import { listenToKeys } from "./keyboard.js";
import { initialState } from "./known.js";
import { createLanguage } from "./language.js";
import { createExport } from "./menu/export.js";
import { createScript } from "./menu/script.js";
import { createShare } from "./menu/share.js";
import { upToShown } from "./menu/words.js";
import { createNotices } from "./notices.js";
import { createOptions } from "./options.js";
import { createPathBar } from "./pathbar.js";
import { carryAlong } from "./places.js";
import { createDriver } from "./race/driver.js";
import { createPanel } from "./race/panel.js";
import { createRace } from "./race/race.js";
import { createReadout } from "./readout.js";
import { createSearch } from "./search.js";
import { createSession } from "./session.js";
import { createSide } from "./side.js";
import { repaired } from "./state.js";
import { createStore } from "./store.js";
import { createTabs, rememberedTab } from "./tabs.js";
import { createTheme } from "./theme.js";
import { createTransport } from "./transport.js";

const language = createLanguage(embedded("words"), embedded("catalog"), relabel);
const { t, say, catalog } = language;

// What it knows.
const address = createAddress(catalog);
const asked = address.read();
const store = createStore(initialState(asked.spec, { lossScale: "log", view: rememberedTab() }));
store.set({ race: asked.race, beans: { ...NOT_EDITING, names: asked.names } });

// What a person can do. The server is spoken to by the session alone, through a connection that mends itself.
const session = createSession(store, (message) => connection.send(message), catalog, t, (spec, problems) => {
  const other = repaired(spec, problems, catalog());
  notices.add(other.notices);
  return other.notices.length > 0 ? other.spec : null;
});
const live = () => `${location.origin.replace("http", "ws")}/api/live?lang=${language.code()}`;
const connection = connect(live, createProbe(`${location.origin}/healthz`), session);
const hand = createHand(store, session);
const editor = createEditor(store, session);
const race = createRace(store, catalog, t, language.code, Number(byId("race").dataset.maxSteps));
const driver = createDriver(store, session);

// What it shows.
const notices = createNotices(t, say, connection.retry);
const load = createLoad(editor, t, Number(byId("lab").dataset.mostPoints), (source) => limit.await(source));
const controls = createControls(byId("controls"), { ...session, edit: editor.edit }, t, say, { load: load.show });
const limit = createLimitNote(notices);
const bar = createBar(editor, t);
const transport = createTransport(store, driver, catalog, t);
const pathBar = createPathBar(session, t);
const readout = createReadout(session, t, say);
const figures = createFigures(byId("lab").dataset.plotly ?? "", catalog, t, hand, { ...editor, remove: bar.deleteBean }, () => store.set({}));
const tabs = createTabs(store, t);
const search = createSearch(store, t);
const inspector = createInspector(byId("inspector"), store, session, t);
const racing = createPanel(byId("race"), race, store.state, t, say, catalog);
const script = createScript(t, language.code, () => upToShown(store.state), () => namesOf(store.state));
const share = createShare(t, () => address.link(store.state), script.show);
const exporting = createExport(t, language.code, store.state);
const side = createSide(byId("side-tabs"), (panel) => {
  document.documentElement.dataset.side = panel;
  store.set({ inspecting: panel === "inspector" });
});
const options = createOptions(store, t);
carryAlong("sweeps", () => location.search.slice(1));
if (asked.race.lanes.length > 0) side.show("race");
createTheme(document.querySelectorAll("[data-theme-choice]"), figures.restyle);
for (const who of [editor, race, driver]) store.subscribe(who.update);
for (const view of [controls, bar, load, limit, transport, pathBar, readout, tabs, options, search, inspector, figures, racing, notices, address, share, exporting]) {
  store.subscribe((state) => view.update(hand.seen(state)));
}
store.subscribe(session.drawn);

for (const button of document.querySelectorAll("[data-language]")) {
  const code = button.getAttribute("data-language") === "zh" ? "zh" : "en";
  button.addEventListener("click", () => language.change(code).catch(() => notices.add([{ kind: "words" }])));
}
listenToKeys({
  " ": transport.toggle,
  ArrowLeft: () => driver.step(-1),
  ArrowRight: () => driver.step(1),
  Home: driver.reset,
  i: () => side.toggle("inspector"),
  e: () => editor.toggle(),
  Delete: bar.deleteBean,
  Backspace: bar.deleteBean,
  g: transport.goTo,
  r: () => side.toggle("race"),
});
listenToEdits(editor);
addEventListener("hashchange", () => {
  const other = address.read();
  notices.add(other.notices);
  store.set({ race: other.race, beans: { ...store.state.beans, names: other.names } });
  driver.aim(other.at);
  session.begin(other.spec, other.at, false);
});

controls.relabel(catalog());
notices.add(asked.notices);
driver.aim(asked.at);
session.begin(asked.spec, asked.at, false);

/** Everything that is written, in the language that was chosen. */
function relabel() {
  for (const button of document.querySelectorAll("[data-language]")) {
    setAttribute(button, "aria-pressed", String(button.getAttribute("data-language") === language.code()));
  }
  controls.relabel(catalog());
  bar.relabel();
  transport.relabel();
  session.relabel();
  pathBar.relabel();
  inspector.relabel();
  race.relabel();
  racing.relabel();
  notices.relabel();
  figures.restyle();
  store.set({});
}

/** For tests, and for the curious: what the page holds, to look at. */
Object.defineProperty(window, "beanBowl", {
  value: Object.freeze({
    get rows() { return store.state.rows; },
    get cursor() { return store.state.cursor; },
    get spec() { return store.state.spec; },
    get status() { return store.state.status; },
    get theory() { return store.state.theory; },
    get settled() { return store.state.draft === null && store.state.beans.at === null; },
    get connection() { return store.state.connection; },
  }),
});
