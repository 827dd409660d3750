/** Plain-text columns: each padded to its width; a cell that is too long pushes the rest aside. */
export interface Column {
  readonly title: string;
  readonly width: number;
  readonly align: "left" | "right";
}

/** `title:width` for a left-aligned column, `title:-width` for a right-aligned one. */
export function columns(spec: string): readonly Column[] {
  return spec.split(" ").map((part) => {
    const [title, width] = part.split(":");
    const w = Number(width);
    return { title: title!, width: Math.abs(w), align: w < 0 ? "right" : "left" };
  });
}

/** One line of a table, without trailing blanks. */
export function row(cols: readonly Column[], cells: readonly string[]): string {
  const padded = cols.map((c, i) => {
    const cell = cells[i] ?? "";
    return c.align === "right" ? cell.padStart(c.width) : cell.padEnd(c.width);
  });
  return padded.join("  ").trimEnd();
}

/** The line of titles. */
export function header(cols: readonly Column[]): string {
  return row(
    cols,
    cols.map((c) => c.title),
  );
}
