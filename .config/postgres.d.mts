/** A PostgreSQL cluster of its own. */
export interface Cluster {
  readonly url: string;
  pause(): Promise<void>;
  resume(): Promise<void>;
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}
export function startPostgres(): Promise<Cluster>;
export default function setup(): Promise<void>;
