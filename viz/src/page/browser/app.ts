import { VIEWS, type View } from "../../scene/frames/frame.js";
import { roundTitle, sentenceOf } from "../../scene/frames/sentence.js";
import type { ThemeName } from "../../scene/marks/theme.js";
import { clientTitle } from "../../scene/text/names.js";
import { addressOf, placeIn } from "../address.js";
import type { PackedRun } from "../packed-run.js";
import { Player } from "../player.js";
import { timelineOf } from "../timeline.js";
import { loadFonts } from "./browser-host.js";
import { byId } from "./dom.js";
import { Follower } from "./follower.js";
import { keyHandler } from "./keys.js";
import { loadRun } from "./load.js";
import { Picture } from "./picture.js";

/* The page's program: what is asked for by buttons, keys, pointer and address becomes a place in the run, and a picture. */

/** Room below and above the picture that is not its own, and the least height it has. */
const LEAST_HEIGHT = 320;
/** Screens narrower than this are phones held upright. */
const NARROW = 560;

void loadRun()
  .then(async (run) => {
    await loadFonts(run.fonts).catch(() => {});
    start(run);
  })
  .catch((error: unknown) => {
    const trouble = byId("trouble");
    trouble.textContent = error instanceof Error ? error.message : String(error);
    trouble.hidden = false;
  });

function start(run: PackedRun): void {
  const { experiment, shown } = run;
  const timeline = timelineOf(experiment, shown.rounds);
  const numbers = experiment.rounds.map(({ round }) => round);
  const stillness = matchMedia("(prefers-reduced-motion: reduce)");
  const darkness = matchMedia("(prefers-color-scheme: dark)");
  const player = new Player(timeline, "whole");
  const canvas = byId<HTMLCanvasElement>("picture");
  const picture = new Picture(canvas, run);
  const follower = new Follower(run, picture, canvas, () => draw());
  const slider = byId<HTMLInputElement>("round");
  const first = timeline.stops[0].roundIndex;
  slider.min = String(first);
  slider.max = String(timeline.stops.at(-1)!.roundIndex);
  byId("figure").hidden = false;

  let isPrinted = false;
  let drawn = "";
  let before = 0;

  function themeName(): ThemeName {
    if (isPrinted) return "light";
    const chosen = document.documentElement.dataset.theme;
    if (chosen === "light" || chosen === "dark") return chosen;
    return darkness.matches ? "dark" : "light";
  }

  function layOut(): void {
    const width = byId("stage").clientWidth;
    const others = byId("figure").offsetHeight - canvas.offsetHeight;
    const top = byId("figure").getBoundingClientRect().top + window.scrollY;
    const room = window.innerHeight - top - others - 8;
    // On a narrow screen a high picture, which is scrolled, has the larger text.
    const high = width < NARROW ? width * 2.2 : Math.min(room, width * 1.4);
    const height = Math.round(Math.max(LEAST_HEIGHT, high));
    canvas.style.height = `${height}px`;
    picture.setUp(width, height, themeName());
    draw();
  }

  function draw(): void {
    const { frame } = player;
    picture.draw(frame, follower.followed);
    follower.show(player.stop);
    const { roundIndex, view } = player.stop;
    const key = `${player.mode} ${roundIndex} ${view} ${player.isPlaying}`;
    if (key === drawn) return;
    drawn = key;
    show(roundIndex, view);
  }

  /** All around the picture that says where in the run it is. */
  function show(roundIndex: number, view: View): void {
    const { mode, isPlaying } = player;
    const caption = sentenceOf(experiment, roundIndex, view);
    const place = roundTitle(experiment, roundIndex);
    const box = byId("caption");
    // Who listens hears each stage that was asked for, not all that pass by.
    box.setAttribute("aria-live", isPlaying ? "off" : "polite");
    box.replaceChildren(strong(`${place}, ${view}`), ` ${caption}`);
    canvas.setAttribute("aria-label", `${document.title}. ${place}, ${view}. ${caption}`);
    byId("round-text").textContent = place;
    slider.value = String(roundIndex);
    slider.setAttribute("aria-valuetext", `${place}, ${view}`);
    for (const name of VIEWS) {
      byId(name).setAttribute("aria-pressed", String(mode === "stills" && name === view));
      byId(name).classList.toggle("here", mode === "whole" && name === view);
    }
    byId("whole").setAttribute("aria-pressed", String(mode === "whole"));
    const play = byId("play");
    play.classList.toggle("playing", isPlaying);
    play.setAttribute("aria-label", isPlaying ? "Pause (space)" : "Play (space)");
    play.title = isPlaying ? "Pause (space)" : "Play (space)";
    if (!isPlaying) remember();
  }

  function remember(): void {
    const address = addressOf({ stop: player.stop, mode: player.mode }, (index) => numbers[index]);
    try {
      history.replaceState(null, "", address);
    } catch {
      // Where the page is a part of another, its address is not its own.
    }
  }

  function turn(now: number): void {
    const was = player.frame;
    // A frame may be dated before what asked for it.
    player.tick(Math.min(100, Math.max(0, now - before)));
    before = now;
    if (player.frame !== was || !player.isPlaying) draw();
    if (player.isPlaying) requestAnimationFrame(turn);
  }

  /** Changes the place, and goes on from there. */
  function act(change: () => void): void {
    const wasPlaying = player.isPlaying;
    change();
    if (player.isPlaying && !wasPlaying) {
      before = performance.now();
      requestAnimationFrame(turn);
    }
    draw();
  }

  function toRound(roundIndex: number): void {
    const { view } = player.stop;
    const bounded = Math.min(Number(slider.max), Math.max(first, roundIndex));
    act(() => player.goTo({ roundIndex: bounded, view }));
  }

  function toView(view: View): void {
    act(() => {
      player.setMode("stills");
      player.goTo({ roundIndex: player.stop.roundIndex, view });
    });
  }

  const actions = {
    toggle: () => act(() => (player.isPlaying ? player.pause() : player.play())),
    step: (by: 1 | -1) => act(() => player.step(by, !stillness.matches)),
    round: (by: 1 | -1) => toRound(player.stop.roundIndex + by),
    end: (which: "first" | "last") => act(() => player.goToEnd(which)),
    whole: () => act(() => player.setMode("whole")),
    view: toView,
    theme: () => {
      document.documentElement.dataset.theme = themeName() === "dark" ? "light" : "dark";
      layOut();
    },
    help: () => {
      const keys = byId("keys");
      keys.hidden = !keys.hidden;
      byId("help").setAttribute("aria-expanded", String(!keys.hidden));
      layOut();
    },
    release: () => follower.release(),
  };
  const on = (id: string, act: () => void) => byId(id).addEventListener("click", act);
  on("play", actions.toggle);
  on("back", () => actions.step(-1));
  on("next", () => actions.step(1));
  on("first", () => actions.end("first"));
  on("last", () => actions.end("last"));
  on("whole", actions.whole);
  on("theme", actions.theme);
  on("help", actions.help);
  for (const view of VIEWS) on(view, () => toView(view));
  slider.addEventListener("input", () => toRound(Number(slider.value)));
  byId("speed").addEventListener("change", (event) => {
    player.speed = Number((event.target as HTMLSelectElement).value);
  });
  document.addEventListener("keydown", keyHandler(actions));
  new ResizeObserver(layOut).observe(byId("stage"));
  window.addEventListener("resize", layOut);
  darkness.addEventListener("change", layOut);
  window.addEventListener("hashchange", () => {
    if (toPlaceOf(location.hash)) draw();
  });
  for (const [event, printed] of [
    ["beforeprint", true],
    ["afterprint", false],
  ] as const) {
    window.addEventListener(event, () => {
      isPrinted = printed;
      layOut();
    });
  }
  follower.offer(
    experiment.clients.map(({ name }) => clientTitle(name)),
    experiment.rounds.at(-1)!.k,
  );

  function toPlaceOf(address: string): boolean {
    const place = placeIn(address, numbers);
    if (place === null) return false;
    player.setMode(place.mode);
    player.goTo(place.stop);
    return true;
  }

  const isPlaced = toPlaceOf(location.hash);
  layOut();
  if (!isPlaced && !stillness.matches) actions.toggle();
}

function strong(text: string): HTMLElement {
  const element = document.createElement("strong");
  element.textContent = text;
  return element;
}
