import { type Followed, followedAt } from "../../scene/follow.js";
import { clusterStyle } from "../../scene/marks/theme.js";
import { factsOf } from "../facts.js";
import type { PackedRun } from "../packed-run.js";
import type { Stop } from "../timeline.js";
import { byId } from "./dom.js";
import type { Picture } from "./picture.js";

const NOTHING: Followed = { client: null, cluster: null };
/** How near, in the page's own pixels, the pointer must be to a mean or a row. */
const REACH = 9;

/** Follows what the pointer is at, or what was clicked or chosen, and tells what is known of it. */
export class Follower {
  #pinned: Followed = NOTHING;
  #hovered: Followed = NOTHING;
  #pointer: { x: number; y: number } | null = null;
  readonly #run: PackedRun;
  readonly #picture: Picture;
  readonly #canvas: HTMLCanvasElement;
  readonly #select: HTMLSelectElement;
  readonly #redraw: () => void;

  constructor(run: PackedRun, picture: Picture, canvas: HTMLCanvasElement, redraw: () => void) {
    this.#run = run;
    this.#picture = picture;
    this.#canvas = canvas;
    this.#redraw = redraw;
    this.#select = byId<HTMLSelectElement>("follow");
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerleave", () => this.#leave());
    canvas.addEventListener("click", (event) => this.#click(event));
    this.#select.addEventListener("change", () => {
      const [kind, index] = this.#select.value.split(" ");
      this.#pin(kind === "" ? NOTHING : { ...NOTHING, [kind]: Number(index) });
    });
  }

  get followed(): Followed {
    return isNothing(this.#pinned) ? this.#hovered : this.#pinned;
  }

  /** Fills the list of what can be followed. */
  offer(clients: readonly string[], k: number): void {
    const group = (label: string, kind: string, names: readonly string[]) => {
      if (names.length === 0) return;
      const element = document.createElement("optgroup");
      element.label = label;
      element.append(...names.map((name, i) => new Option(name, `${kind} ${i}`)));
      this.#select.append(element);
    };
    group(
      "Clusters",
      "cluster",
      Array.from({ length: k }, (_, cluster) => `cluster ${cluster}`),
    );
    group("Clients", "client", clients);
  }

  release(): void {
    this.#hovered = NOTHING;
    this.#pin(NOTHING);
  }

  /** Shows what is known at a stage of what is followed. */
  show(stop: Stop): void {
    const box = byId("facts");
    const { followed } = this;
    const facts = factsOf(this.#run, followed, stop);
    box.hidden = facts === null;
    if (facts === null) return;
    const title = document.createElement("strong");
    title.textContent = facts.title;
    const lines = facts.lines.map((text) => {
      const line = document.createElement("span");
      line.textContent = text;
      return line;
    });
    box.replaceChildren(title, ...lines);
    box.style.borderLeftColor =
      followed.cluster === null ? "var(--accent)" : clusterStyle(followed.cluster).color;
    this.#place(box);
  }

  /** Beside the pointer, inside the picture; below it where there is no pointer. */
  #place(box: HTMLElement): void {
    const { clientWidth, clientHeight } = this.#canvas;
    box.classList.toggle("below", this.#pointer === null);
    if (this.#pointer === null) {
      box.style.transform = "";
      return;
    }
    const { x, y } = this.#pointer;
    const right = x + 16 + box.offsetWidth > clientWidth;
    const left = right ? Math.max(4, x - 16 - box.offsetWidth) : x + 16;
    const top = Math.max(4, Math.min(y + 12, clientHeight - box.offsetHeight - 4));
    box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  #move(event: PointerEvent): void {
    // A finger that moves scrolls the page.
    if (event.pointerType === "touch") return;
    const found = this.#at(event);
    const isNew = !isSame(found, this.#hovered);
    this.#hovered = found;
    this.#canvas.style.cursor = isNothing(found) ? "default" : "pointer";
    if (isNew && isNothing(this.#pinned)) this.#redraw();
    else if (!isNothing(this.followed)) this.#place(byId("facts"));
  }

  #leave(): void {
    this.#pointer = null;
    if (isNothing(this.#hovered)) return;
    this.#hovered = NOTHING;
    this.#redraw();
  }

  #click(event: MouseEvent): void {
    const found = this.#at(event);
    this.#hovered = NOTHING;
    this.#pin(isSame(found, this.#pinned) ? NOTHING : found);
  }

  #at(event: MouseEvent): Followed {
    const box = this.#canvas.getBoundingClientRect();
    this.#pointer = { x: event.clientX - box.left, y: event.clientY - box.top };
    const { scene } = this.#picture;
    if (scene === null) return NOTHING;
    const { x, y, unit } = this.#picture.placeAt(event);
    const k = this.#run.experiment.rounds.at(-1)!.k;
    return followedAt(scene, x, y, k, REACH * unit) ?? NOTHING;
  }

  #pin(followed: Followed): void {
    this.#pinned = followed;
    const { client, cluster } = followed;
    this.#select.value = cluster !== null ? `cluster ${cluster}` : client !== null ? `client ${client}` : "";
    this.#redraw();
  }
}

function isNothing({ client, cluster }: Followed): boolean {
  return client === null && cluster === null;
}

function isSame(a: Followed, b: Followed): boolean {
  return a.client === b.client && a.cluster === b.cluster;
}
