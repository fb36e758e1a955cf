/** How much the worker does in one turn, and how long it rests after it. */
export interface Step {
  readonly perTurn: number;
  readonly restMs: number;
}

/**
 * Keeping and working through share a thread, and keeping comes first. Alone, the worker takes long turns. While deliveries
 * trickle in, short ones, so that none of them waits for long. While they pour in, short ones with rests: whoever waits for an
 * answer at the door is served, and what has been kept is worked through when it gets quieter.
 */
const ALONE: Step = { perTurn: 64, restMs: 0 };
const TRICKLE: Step = { perTurn: 8, restMs: 0 };
const POUR: Step = { perTurn: 4, restMs: 50 };

const WINDOW_MS = 50;
const POUR_PER_WINDOW = 150;

export interface Pace {
  kept(deliveries: number): void;
  step(): Step;
}

/** `elapsed` is a clock that only runs forward. */
export function createPace(elapsed: () => number): Pace {
  let windowFrom = Number.NEGATIVE_INFINITY;
  let inWindow = 0;
  let inWindowBefore = 0;
  const turnOver = () => {
    const now = elapsed();
    const passed = now - windowFrom;
    if (passed < WINDOW_MS) return;
    inWindowBefore = passed < 2 * WINDOW_MS ? inWindow : 0;
    inWindow = 0;
    windowFrom = now;
  };
  return {
    kept: (deliveries) => {
      turnOver();
      inWindow += deliveries;
    },
    step: () => {
      turnOver();
      const lately = Math.max(inWindow, inWindowBefore);
      if (lately === 0) return ALONE;
      return lately < POUR_PER_WINDOW ? TRICKLE : POUR;
    },
  };
}
