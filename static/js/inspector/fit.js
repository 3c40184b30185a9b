/**
 * What has become too wide for its place is set smaller. Numbers grow and shrink while places stay as they are; how wide
 * they are is told by the browser between its layout and painting, so nothing is measured in vain or painted too wide.
 */

/** Pixels that stay free, since not all of a content shrinks with its type. */
const AIR = 4;

/**
 * @param {HTMLElement} room that all these places have together
 * @param {number} smallest share of its usual type
 */
export function createFit(room, smallest) {
  /** @type {readonly Element[]} */
  let contents = [];
  let across = 0;
  const places = () => contents.map((content) => /** @type {HTMLElement} */ (content.parentElement));

  const observer = new ResizeObserver(() => {
    const wide = places().flatMap((place) => {
      const { clientWidth: free, scrollWidth: width } = place;
      const share = Number(place.style.getPropertyValue("--fit") || 1);
      return width > free && share > smallest ? [{ place, share: (share * (free - AIR)) / width }] : [];
    });
    if (wide.length > 0) {
      for (const { place, share } of wide) place.style.setProperty("--fit", Math.max(share, smallest).toFixed(3));
      // That these are smaller now is nothing to be told of.
      observer.disconnect();
      requestAnimationFrame(observe);
    }
    if (room.clientWidth !== across) requestAnimationFrame(renew);
    across = room.clientWidth;
  });

  function observe() {
    for (const content of contents) observer.observe(content);
    observer.observe(room);
  }

  /** Each as large as it can be; until then, those that once had to be smaller stay so. */
  function renew() {
    for (const { style } of places()) if (style.getPropertyValue("--fit")) style.removeProperty("--fit");
  }

  return {
    /** Keep these within the elements that they are in, by the custom property `--fit` of these. @param {readonly Element[]} these */
    watch(these) {
      observer.disconnect();
      contents = these;
      observe();
    },

    renew,
  };
}
