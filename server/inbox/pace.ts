/** How much the worker does in one turn, and how long it rests after it: at least so long, and so many times what it took. */
export interface Step {
  readonly perTurn: number;
  readonly restMs: number;
  readonly restTimes: number;
}

/**
 * Keeping and working through share a thread, and keeping comes first. Alone, the worker takes long turns. While deliveries
 * come in it takes short ones, and leaves two thirds of the thread to them: without that rest, a worker that is slower than
 * the door would hold the door down to its own speed, and would never see that more want to come in. While they pour in it
 * hardly works: whoever waits for an answer is served, and what has been kept is worked through when it gets quieter.
 */
const ALONE: Step = { perTurn: 64, restMs: 0, restTimes: 0 };
const TRICKLE: Step = { perTurn: 8, restMs: 0, restTimes: 2 };
const POUR: Step = { perTurn: 1, restMs: 250, restTimes: 2 };

const WINDOW_MS = 50;
const POUR_PER_WINDOW = 300;

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
