import type {
  AccordionItemProps,
  AccordionProps,
  BadgeProps,
  BannerProps,
  BoxProps,
  ButtonProps,
  IconProps,
  InlineProps,
  LinkProps,
  ListItemProps,
  ListProps,
  PropertyListItemProps,
  PropertyListProps,
  RouteDescriptor,
  SpinnerProps,
  TableBodyProps,
  TableCellProps,
  TableHeadProps,
  TableHeaderCellProps,
  TableProps,
  TableRowProps,
} from '@stripe/ui-extension-sdk/ui';
import type { MeterChartProps } from '@stripe/ui-extension-sdk/ui/next';
import type { createController } from '@remote-ui/react/host';
import { type MouseEvent, useState } from 'react';
import { contact } from './contact';
import { ContextView } from './Drawer';
import { Glyph } from './Glyph';
import { styleOf } from './tokens';

// The SDK's types leave the press event to the Dashboard; no view of ours reads it.
type Press = Parameters<NonNullable<ButtonProps['onPress']>>[0];
const PRESS = {} as Press;

const Box = ({ css, children }: BoxProps) => <div style={styleOf(css)}>{children}</div>;
const Inline = ({ css, children }: InlineProps) => <span style={styleOf(css)}>{children}</span>;

function Button({ type = 'secondary', size = 'medium', disabled, pending, onPress, children }: ButtonProps) {
  return (
    <button
      type="button"
      className={`button ${type} ${size}`}
      disabled={disabled}
      aria-disabled={pending || undefined}
      onClick={() => !pending && onPress?.(PRESS)}
    >
      {pending && <span className="spinner small" />}
      <span>{children}</span>
    </button>
  );
}

function routeTo(href: string | RouteDescriptor): [name: string, id: string | null] {
  if (typeof href === 'string') return [href, null];
  const params = 'params' in href ? Object.values(href.params ?? {}) : [];
  return [href.name, typeof params[0] === 'string' ? params[0] : null];
}

function Link({ href, onPress, external, type = 'primary', children }: LinkProps) {
  const icon = external && <Glyph name="external" size="xsmall" />;
  if (!href) {
    return (
      <button type="button" className={`link ${type}`} onClick={() => onPress?.(PRESS)}>
        {children}
      </button>
    );
  }
  const [name, id] = routeTo(href);
  const follow = (event: MouseEvent) => {
    event.preventDefault();
    void contact('navigate', name, id);
  };
  return (
    <a className={`link ${type}`} href={typeof href === 'string' ? href : `#${id ?? name}`} onClick={follow}>
      {children}
      {icon}
    </a>
  );
}

const Badge = ({ type = 'neutral', children }: BadgeProps) => <span className={`badge ${type}`}>{children}</span>;

function Banner({ type = 'default', title, description, actions }: BannerProps) {
  return (
    <div className={`banner ${type}`} role={type === 'critical' ? 'alert' : 'status'}>
      <Glyph name={type === 'default' ? 'info' : 'warning'} />
      <div>
        {title && <strong>{title}</strong>}
        {description && <div>{description}</div>}
        {actions && <div className="banner-actions">{actions}</div>}
      </div>
    </div>
  );
}

const Accordion = ({ children }: AccordionProps) => <div className="accordion">{children}</div>;

function AccordionItem({ title, subtitle, defaultOpen = false, onChange, children }: AccordionItemProps) {
  const [open, setOpen] = useState(defaultOpen);
  const toggle = () => {
    setOpen(!open);
    onChange?.(!open);
  };
  return (
    <div className={open ? 'accordion-item open' : 'accordion-item'}>
      <button type="button" aria-expanded={open} onClick={toggle}>
        <Glyph name="chevron" size="small" />
        <span>
          <b>{title}</b>
          {subtitle && <small>{subtitle}</small>}
        </span>
      </button>
      {open && <div className="accordion-body">{children}</div>}
    </div>
  );
}

const List = ({ children }: ListProps) => <ul className="list">{children}</ul>;
const ListItem = ({ title, secondaryTitle, value }: ListItemProps) => (
  <li>
    <div className="list-text">
      <div>{title}</div>
      {secondaryTitle && <small>{secondaryTitle}</small>}
    </div>
    {value && <div className="list-value">{value}</div>}
  </li>
);

const PropertyList = ({ children }: PropertyListProps) => <dl className="properties">{children}</dl>;
const PropertyListItem = ({ label, value }: PropertyListItemProps) => (
  <div>
    <dt>{label}</dt>
    <dd>{value}</dd>
  </div>
);

const WIDTH = { maximized: '100%', minimized: '1%' } as Record<string, string>;
const cellStyle = ({ align, wrap, width }: Pick<TableCellProps, 'align' | 'wrap' | 'width'>) => ({
  textAlign: align,
  whiteSpace: wrap === false ? ('nowrap' as const) : undefined,
  width: width === undefined ? undefined : WIDTH[String(width)],
});
const Table = ({ children }: TableProps) => <table>{children}</table>;
const TableHead = ({ children }: TableHeadProps) => <thead>{children}</thead>;
const TableBody = ({ children }: TableBodyProps) => <tbody>{children}</tbody>;
const TableRow = ({ children }: TableRowProps) => <tr>{children}</tr>;
const TableCell = ({ children, ...cell }: TableCellProps) => <td style={cellStyle(cell)}>{children}</td>;
const TableHeaderCell = ({ children, ...cell }: TableHeaderCellProps) => (
  <th scope="col" style={cellStyle(cell)}>
    {children}
  </th>
);

const Spinner = ({ size = 'medium' }: SpinnerProps) => (
  <span className={`spinner ${size}`} role="status" aria-label="Loading" />
);
const Icon = ({ name, size, css }: IconProps) => (
  <span className="icon" style={styleOf(css)}>
    <Glyph name={name} size={size} />
  </span>
);

const METER = ['#7b4dff', '#c9d0d8', '#0bb5c4', '#ffb020'];

/** Parts of a whole, with their numbers printed: the bar alone tells nothing to someone who can't see it. */
function MeterChart({ data }: MeterChartProps) {
  const total = data.reduce((sum, { value }) => sum + value, 0) || 1;
  return (
    <div className="meter">
      <div className="meter-bar" aria-hidden="true">
        {data.map(({ label, value }, index) => (
          <i key={label} style={{ width: `${(value / total) * 100}%`, background: METER[index] }} />
        ))}
      </div>
      <div className="meter-legend">
        {data.map(({ label, value }, index) => (
          <span key={label}>
            <i style={{ background: METER[index] }} aria-hidden="true" />
            {label} <b>{value}</b>
          </span>
        ))}
      </div>
    </div>
  );
}

export type Drawn = ReturnType<ReturnType<typeof createController>['get']>;

/** Every component that the views use; another one is reported by the host. */
export const components: Record<string, Drawn> = {
  Accordion,
  AccordionItem,
  Badge,
  Banner,
  Box,
  Button,
  ContextView,
  Icon,
  Inline,
  Link,
  List,
  ListItem,
  MeterChart,
  PropertyList,
  PropertyListItem,
  Spinner,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeaderCell,
  TableRow,
};
