import type { ContextViewProps } from '@stripe/ui-extension-sdk/ui';
import { Glyph } from './Glyph';

/** The Dashboard's drawer with an app in it. */
export function ContextView({
  title,
  description,
  brandColor,
  brandIcon,
  actions,
  banner,
  children,
}: ContextViewProps) {
  return (
    <section className="drawer" aria-label={title} style={{ borderTopColor: brandColor }}>
      <div className="app">
        <span className="app-icon" style={{ background: brandColor }}>
          {brandIcon && <img src={brandIcon} alt="" width="16" height="16" />}
        </span>
        <span className="app-name">BlitzRocket</span>
        <span className="app-controls">
          <Glyph name="more" />
          <Glyph name="cancelCircle" />
        </span>
      </div>
      <header>
        <h1>{title}</h1>
        {description && <p>{description}</p>}
      </header>
      {actions && <div className="actions">{actions}</div>}
      {banner}
      <div className="content">{children}</div>
    </section>
  );
}
