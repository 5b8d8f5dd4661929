import { spawnSync } from "node:child_process";

/** What ffprobe finds in a video, by decoding all of it. */
export interface Probe {
  readonly codec_name: string;
  readonly width: number;
  readonly height: number;
  readonly pix_fmt: string;
  /** A fraction of frames a second. */
  readonly avg_frame_rate: string;
  readonly nFrames: number;
  /** Seconds. */
  readonly duration: number;
}

const ENTRIES = "stream=codec_name,width,height,pix_fmt,avg_frame_rate,nb_read_frames:format=duration";

export function probe(file: string): Probe {
  const { stdout, stderr, status } = spawnSync(
    "ffprobe",
    ["-v", "error", "-count_frames", "-show_entries", ENTRIES, "-of", "json", file],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  const { streams, format } = JSON.parse(stdout);
  const { nb_read_frames, ...stream } = streams[0];
  return { ...stream, nFrames: Number(nb_read_frames), duration: Number(format.duration) };
}

/** For a test's `skip`: false, or why videos cannot be looked into here. */
export const skipWithoutFfprobe: string | false =
  spawnSync("ffprobe", ["-version"]).status === 0 ? false : "ffprobe is not installed";
