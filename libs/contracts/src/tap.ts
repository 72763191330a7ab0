/** The part of avsc's cursor over a buffer that types of ours use; avsc has no typings for it. */
export interface Tap {
  readonly buf: Buffer;
  /** May move past the end of `buf`: avsc looks at it once, when the whole value is read or written. */
  pos: number;
  readLong(): number;
  writeLong(value: number): void;
  skipLong(): void;
  readString(): string;
}
