import type { LocalFacts, RoundFacts } from "../../read/experiment.js";
import type { Phases } from "../frames/phases.js";
import { globalRadius, type Point, placed } from "../stage/places.js";
import { localRadius } from "./clients.js";
import type { Flight } from "./flights.js";
import { arrivedRadius, inServer, LOCAL_OPACITY, serverRadius } from "./server.js";
import type { Whole } from "./stage.js";

/** Width of the line of the most rows. */
const WIDEST = 11;

/** Means under way between clients and server. */
export function flightsOf(
  whole: Whole,
  roundIndex: number,
  phases: Phases,
): { flights: Flight[]; progress: number } {
  const round = whole.stage.experiment.rounds[roundIndex];
  if (phases.collect > 0 && phases.collect < 1) {
    const arrive = (local: LocalFacts, i: number) => ({
      at: placed({ scale: whole.stage.serverScale }, local.positions, i),
      radius: arrivedRadius(whole.stage, local.counts[i]),
    });
    return { flights: sentFlights(whole, round, arrive, LOCAL_OPACITY), progress: phases.collect };
  }
  if (phases.broadcast > 0 && phases.broadcast < 1) {
    const from = Array.from({ length: round.k }, (_, cluster) => inServer(whole.stage, round, cluster));
    return {
      flights: broadcastFlights(whole, round, from, serverRadius(whole.stage, round.k)),
      progress: phases.broadcast,
    };
  }
  return { flights: [], progress: 0 };
}

/** The local means on their way to the server. */
function sentFlights(
  whole: Whole,
  round: RoundFacts,
  arrive: (local: LocalFacts, i: number) => { readonly at: Point; readonly radius: number },
  opacity: number,
): Flight[] {
  const { panels, panelOf } = whole.stage;
  const most = Math.max(1, ...round.locals.flatMap(({ counts }) => counts));
  return round.locals.flatMap((local) => {
    const panel = panelOf[local.client];
    if (panel === null) return [];
    const lag = panels.length > 1 ? panels.indexOf(panel) / (panels.length - 1) : 0;
    return local.targets.map((target, i): Flight => {
      const { at, radius } = arrive(local, i);
      return {
        cluster: target,
        from: placed(panel, local.positions, i),
        to: at,
        fromRadius: localRadius(panel, 1),
        toRadius: radius,
        toOpacity: opacity,
        width: Math.max(0.8, (WIDEST * local.counts[i]) / most),
        lag,
      };
    });
  });
}

/** The global means on their way to every client. */
function broadcastFlights(whole: Whole, round: RoundFacts, from: readonly Point[], radius: number): Flight[] {
  const { panels } = whole.stage;
  return panels.flatMap((panel, index) =>
    from.map((at, cluster): Flight => {
      const lag = panels.length > 1 ? index / (panels.length - 1) : 0;
      return {
        cluster,
        from: at,
        to: placed(panel, round.positions, cluster),
        fromRadius: radius,
        toRadius: globalRadius(panel),
        toOpacity: 1,
        width: 1.2,
        lag,
      };
    }),
  );
}
