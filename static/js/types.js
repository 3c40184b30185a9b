/**
 * The shapes that the modules hand to each other.
 *
 * @typedef {{ name: string, label: string, symbol: string, default: number, low: number, high: number,
 *   scale: "linear" | "log", integer: boolean, slider: [number, number], help: string }} Param
 *   One number that somebody may choose, as the catalogue describes it.
 * @typedef {{ name: string, label: string, help: string, parameters: Param[] }} Entry
 *   One thing that can be chosen by name.
 * @typedef {{ datasets: Entry[], models: Entry[], losses: Entry[], optimizers: Entry[], orders: Entry[], run: Param[] }} Catalog
 *
 * @typedef {{ step: number, optimizer: Record<string, number> }} Change
 * @typedef {{ name: string, [parameter: string]: any }} Named
 * @typedef {{ dataset: Named, model: string, loss: string, optimizer: Named, batch: { size: number | "all", order: string },
 *   start: Record<string, number>, steps: number, seed: number, changes: Change[],
 *   stop: { gradient_norm: number } | null }} Spec
 *   Everything that determines a run, every default filled in.
 *
 * @typedef {{ optimum: Record<string, number>, optimum_loss: number, eigenvalues: number[], condition_number: number | null,
 *   learning_rate_limit: number | null, best_learning_rate: number | null, error_factor: number | null,
 *   long_run_excess: number | null, crawls_below: number | null, wanders_above: number | null,
 *   oscillates_above: number | null, outlook: Outlook | null }} Theory
 * @typedef {{ regime: "crawling" | "good" | "wandering" | "oscillating" | "diverging", sentence: string,
 *   message: { key: string, facts: Record<string, string> } }} Outlook
 *   What the rate in force does in the long run.
 * @typedef {{ status: "running" | "finished" | "converged" | "diverged", step: number, sentence: string,
 *   message: { key: string, facts: Record<string, string> } }} Outcome
 * @typedef {{ x: number[][], y: number[], names: { x: string[], y: string } }} Data
 * @typedef {{ w: number[], b?: number[], loss: number[] | number[][] }} Surface
 * @typedef {{ path: string, message: string, key?: string, facts?: Record<string, string> }} Problem
 *
 * @typedef {number | string | [operator: string, ...operands: any[]]} Formula
 *   A number, a name, or an operator with its operands.
 * @typedef {{ phase: "forward" | "backward" | "move", code: string, target: string, formula: Formula,
 *   values?: Record<string, number | number[]>, result?: number | number[] }} Line
 *   A line of NumPy; those of the move with their numbers, a list having one for each parameter.
 * @typedef {{ count: number, rows: number[], columns: Record<string, number[]>, means: Record<string, number> }} Batch
 *   count rows, some of them one by one: what each name of the lines is there; and its mean over all of them.
 * @typedef {{ step: number, parameters: string[], before: Record<string, number>, after: Record<string, number>,
 *   gradient: Record<string, number>, batch: Batch, lines: Line[],
 *   data: { gradient: Record<string, number>, rows: number[], gradients: Record<string, number[]> } }} Update
 *   The update step → step + 1, taken apart; data: the gradients of all rows, not of the batch alone.
 *
 * @typedef {{ kind: "steps" | "path", rows: number, firstStep: number, stride: number, columns: Float64Array[] }} Frame
 *   Consecutive rows of a run: row i is step firstStep + i · stride; the parameters' columns in order, then the loss.
 * @typedef {{ length: number, version: number, every: number, step: Float64Array, columns: Record<string, Float64Array>,
 *   append: (frame: Frame) => void, replace: (frame: Frame) => void, find: (step: number) => number,
 *   truncate: (length: number) => void }} Rows
 *
 * @typedef {{ spec: Spec, parameters: string[], data: Data, surface: Surface, theory: Theory | null, serial: number }} Run
 * @typedef {"paused" | "playing" | "finished" | "converged" | "diverged"} Status
 * @typedef {{ lossScale: "log" | "linear", excess?: boolean, smoothing?: number, view?: Tab }} Options
 *   excess: the loss is drawn above the lowest possible one; smoothing: the factor of its weighted mean, 0 for none.
 * @typedef {"bowl" | "contour" | "slices" | "search"} Tab
 * @typedef {{ run: Run | null, rows: Rows, cursor: number, status: Status, options: Options, look?: Place | null,
 *   search?: Search | null, beans?: Editing, companions?: readonly Companion[], name?: string, perStep?: number,
 *   update?: Update | null, picked?: number, racing?: boolean }} View
 *   What a figure is given: `cursor` is the index into `rows` of the row shown; `look` is the point that is looked at;
 *   update: the one that is looked into, if any; picked: the row of its batch that is looked at, -1 for none.
 *   companions: other runs to draw beside it; name: what the run shown is called among them; perStep: the rows of data that
 *   a step of it sees, where these are counted across instead of the steps; racing: others beside it go on after its end.
 * @typedef {{ key: string, label: string, kind: "lane" | "ghost", hue: number, rows: Rows, cursor: number, stretch?: number }} Companion
 *   Another run from the same bowl, drawn beside the one shown: hue: 1 … 8, which of the colours of lanes is its own (ghosts
 *   have none: they are pale); rows: its rows held; cursor: the index of the row shown of it, -1 for none, then nothing of it
 *   is drawn; stretch: how many steps of the run shown stand where one of it stands, over the steps.
 * @typedef {{ theta: Record<string, number>, loss: number }} Place
 * @typedef {{ active: boolean, selected: number, at: [x: number, y: number] | null, names: [x: string, y: string] | null }} Editing
 *   What a person does to the beans: selected: the index of one of them, -1 for none; at: where it is, until a run has it there;
 *   names: what x and y of beans of one's own are called, null for what beans are.
 * @typedef {{ names: string[], axes: Record<string, number[]>, losses: number[], done: number, best: number }} Search
 *   names: the parameters of which all values are tried; losses: w after w, then b after b; done: how many of them have been
 *   computed; best: the index of the lowest of these.
 *
 * @typedef {(key: string, facts?: Record<string, string | number>) => string} Translate
 */

export {};
