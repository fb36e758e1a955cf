import { linkTo, type PreviewState } from './states';

function element(tag: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

const HEADING: Record<PreviewState['view'], string> = {
  PaymentDetail: 'Payment',
  CustomerDetail: 'Customer',
};

function entry(state: PreviewState, current: PreviewState, width: number): HTMLElement {
  const link = element('a', '', state.title) as HTMLAnchorElement;
  link.href = linkTo(state, width);
  if (state === current) link.setAttribute('aria-current', 'page');
  return element('li', '', link);
}

/** Every view and state, as links. */
export function statesOf(states: PreviewState[], current: PreviewState, width: number): HTMLElement[] {
  const views = [...new Set(states.map(({ view }) => view))];
  return views.flatMap((view) => [
    element('h2', '', HEADING[view]),
    element('ul', '', ...states.filter((state) => state.view === view).map((state) => entry(state, current, width))),
  ]);
}

const bars = (...widths: number[]) =>
  widths.map((percent) => {
    const bar = element('div', 'bar');
    bar.style.width = `${percent}%`;
    return bar;
  });

const SECTIONS: Record<PreviewState['view'], string[]> = {
  PaymentDetail: ['Recent activity', 'Payment breakdown', 'Payment method', 'Events and logs'],
  CustomerDetail: ['Subscriptions', 'Payments', 'Invoices', 'Events and logs'],
};

/** The page behind the drawer. It is scenery: nothing on it is real but the mode and the object. */
export function dashboardOf(state: PreviewState): HTMLElement[] {
  const top = element(
    'div',
    'top',
    element('b', '', state.accountName ?? 'Rocket Supplies'),
    element('span', 'search', 'Search'),
  );
  const title = element('div', 'object', element('span', 'kind', HEADING[state.view]), element('h1', '', state.object));
  const sections = SECTIONS[state.view].flatMap((name, index) => [
    element('div', 'section', name),
    ...bars(
      ...([
        [74, 58],
        [100, 90, 63],
        [70, 76, 46],
        [88, 66],
      ][index % 4] ?? []),
    ),
  ]);
  const mode = state.livemode ? [] : [element('p', 'mode', 'Test mode: you’re using test data')];
  return [...mode, top, element('div', 'page', title, ...bars(70, 55), ...sections)];
}
