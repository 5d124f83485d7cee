/** What somebody typed, kept for this tab until it is no longer needed. */

export class Draft {
  constructor(
    private readonly key: string,
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> = sessionStorage,
  ) {}

  read(): Record<string, string> {
    try {
      return JSON.parse(this.storage.getItem(this.key) ?? "{}") as Record<string, string>;
    } catch {
      return {};
    }
  }

  keep(values: Record<string, string>): void {
    try {
      this.storage.setItem(this.key, JSON.stringify(values));
    } catch {
      // A full or forbidden storage only costs the convenience.
    }
  }

  forget(): void {
    this.storage.removeItem(this.key);
  }
}
