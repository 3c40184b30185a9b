/** Measures what a frame of playing costs the page's scripts: with the figures' own updates, and with Plotly.react. */

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/**
 * Milliseconds of `draw(row)` for each frame, up to the last row; each frame begins with a mark in the trace.
 */
async function measure(last, frames, perFrame, draw) {
  const times = [];
  for (let row = last - frames * perFrame; row <= last; row += perFrame) {
    await nextFrame();
    const start = performance.now();
    performance.mark("frame");
    draw(row);
    times.push(performance.now() - start);
  }
  performance.mark("frame");
  return times;
}

/** The three figures' own way. */
window.measureUpdates = (frames, perFrame) => {
  const { view } = figures;
  const whole = view.rows.length;
  const rest = whole - 1;
  return measure(rest, frames, perFrame, (row) => {
    view.rows.length = row + 1; // as if the later rows had not come yet
    view.cursor = row;
    figures.update();
  }).finally(() => {
    view.rows.length = whole;
  });
};

/** The same three pictures by Plotly.react: the line, the path and the loss as far as they have come, handed over whole. */
window.measureReact = async (frames, perFrame) => {
  const { rows, run } = figures.view;
  const { w, b, loss } = rows.columns;
  const last = rows.length - 1;
  const places = ["beans", "bowl", "loss"];
  const drawn = Object.fromEntries(places.map((place) => [place, { data: figures.gd(place).data, layout: figures.gd(place).layout }]));
  const height = run.spec.loss === "squared-error" ? Math.sqrt : Number;
  figures.close();
  const gds = Object.fromEntries(places.map((place) => {
    const gd = document.createElement("div");
    document.getElementById(place).append(gd);
    return [place, gd];
  }));
  const upTo = (column, row) => column.slice(0, row + 1);
  const [left, right] = drawn.beans.layout.xaxis.range;
  const react = (place, changes) =>
    Plotly.react(
      gds[place],
      drawn[place].data.map((trace, i) => ({ ...trace, ...changes[i] })),
      { ...drawn[place].layout },
      { displayModeBar: false },
    );
  const draw = (row) => {
    react("beans", { 1: { x: [left, right], y: [w[row] * left + b[row], w[row] * right + b[row]] } });
    react("bowl", { 1: { x: upTo(w, row), y: upTo(b, row), z: upTo(loss, row).map(height) } });
    react("loss", { 2: { x: upTo(rows.step, row), y: upTo(loss, row) } });
  };
  draw(last);
  await nextFrame();
  const times = await measure(last, frames, perFrame, draw);
  for (const gd of Object.values(gds)) Plotly.purge(gd);
  return times;
};
