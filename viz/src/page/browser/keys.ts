import type { View } from "../../scene/frames/frame.js";

/** What keys ask for. */
export interface Actions {
  toggle(): void;
  step(by: 1 | -1): void;
  round(by: 1 | -1): void;
  end(which: "first" | "last"): void;
  whole(): void;
  view(view: View): void;
  theme(): void;
  help(): void;
  release(): void;
}

/** Elements whose own keys come first. */
const OWN_KEYS: Readonly<Record<string, RegExp>> = {
  SELECT: /./,
  INPUT: /^(Arrow|Home|End|Page)/,
  BUTTON: /^( |Enter)$/,
};

export function keyHandler(actions: Actions): (event: KeyboardEvent) => void {
  const byKey: Readonly<Record<string, () => void>> = {
    " ": actions.toggle,
    k: actions.toggle,
    ArrowRight: () => actions.step(1),
    ArrowLeft: () => actions.step(-1),
    ArrowUp: () => actions.round(1),
    ArrowDown: () => actions.round(-1),
    Home: () => actions.end("first"),
    End: () => actions.end("last"),
    0: actions.whole,
    1: () => actions.view("local"),
    2: () => actions.view("aggregation"),
    3: () => actions.view("global"),
    t: actions.theme,
    "?": actions.help,
    Escape: actions.release,
  };
  return (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const own = OWN_KEYS[(event.target as HTMLElement).tagName];
    if (own?.test(event.key) && event.key !== "Escape") return;
    const act = byKey[event.key] ?? byKey[event.key.toLowerCase()];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
}
