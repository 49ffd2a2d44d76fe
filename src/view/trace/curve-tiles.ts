/**
 * Curves painted in tiles of fixed width: while the window pans, a frame copies the tiles in view, and paints one that is
 * about to come into view, so that no frame has to paint those of every curve.
 */
import type { CurveBox } from '../../figure/curve-line.ts';
import type { DrawingContext } from '../../figure/drawing-context.ts';
import { colour } from '../palette.ts';
import type { TimeSpan } from '../timeline.ts';

/** Width of a tile, device pixels. */
const tileWidth = 256;
/** Width on either side of a tile that is painted too, so that a line continues into the next tile; CSS pixels. */
const overlap = 4;
/** Number of unused canvases that are kept. */
const mostSpare = 64;

/** What a curve's tiles show; tiles of another look are painted anew. */
export interface TiledCurve {
  /** Identifies the curve in the scene. */
  readonly id: string;
  /** The curve's box on the screen, in samples and values. */
  readonly box: CurveBox;
  /** Hz */
  readonly samplingFrequency: number;
  /** Changes whenever the same box would be painted otherwise. */
  readonly look: string;
}

export interface CurveTiles {
  /** The span moved by less than a device pixel, so that the tiles lie on whole pixels; `width` in CSS pixels. */
  aligned(span: TimeSpan, width: number): TimeSpan;
  /** Draws a curve; `paint` is called for every tile that is missing, with the box of that tile. */
  draw(curve: TiledCurve, paint: (pen: DrawingContext, box: CurveBox) => void): void;
  /** Discards all tiles. */
  clear(): void;
}

/** The tiles of one curve. */
interface Strip {
  look: string;
  /** By their position in widths of a tile from the start of the record. */
  readonly tiles: Map<number, HTMLCanvasElement>;
}

interface TileState {
  readonly context: CanvasRenderingContext2D;
  readonly strips: Map<string, Strip>;
  /** Canvases without use. */
  readonly spare: HTMLCanvasElement[];
  /** Device pixels per CSS pixel. */
  scale: number;
  /** Device pixels per second. */
  perSecond: number;
  /** Left edge of the window, device pixels from the start of the record, in this picture and in the one before. */
  start: number;
  startBefore: number;
  /** Whether a tile was painted for this picture. */
  hasPainted: boolean;
}

const untouched = { scale: 1, perSecond: 0, start: 0, startBefore: 0, hasPainted: false };

type PaintCurve = (pen: DrawingContext, box: CurveBox) => void;

/** Creates the tiles of the curves that are drawn to `context`. */
export function createCurveTiles(context: CanvasRenderingContext2D): CurveTiles {
  const state: TileState = { context, strips: new Map(), spare: [], ...untouched };
  return {
    aligned({ startSeconds, endSeconds }, width) {
      state.scale = devicePixelRatio || 1;
      const exact = (width * state.scale) / (endSeconds - startSeconds);
      // Rounding errors of panning do not count as a change of scale.
      if (Math.abs(exact - state.perSecond) * endSeconds > 0.25) state.perSecond = exact;
      const { scale, perSecond } = state;
      const start = Math.round(startSeconds * perSecond);
      Object.assign(state, { start, startBefore: state.start, hasPainted: false });
      return { startSeconds: start / perSecond, endSeconds: (start + width * scale) / perSecond };
    },
    draw: (curve, paint) => drawTiles(state, curve, paint),
    clear() {
      for (const strip of state.strips.values()) discard(state, strip, () => false);
      state.spare.length = Math.min(state.spare.length, mostSpare);
    },
  };
}

function drawTiles(state: TileState, curve: TiledCurve, paint: PaintCurve): void {
  const { context, scale, perSecond } = state;
  const { box, samplingFrequency } = curve;
  const strip = stripOf(state, curve);
  const start = Math.round((box.from / samplingFrequency) * perSecond);
  const [left, top] = [Math.round(box.left * scale), Math.round(box.top * scale)];
  const [width, height] = [Math.round(box.width * scale), Math.round(box.height * scale)];
  const first = Math.floor(start / tileWidth);
  const last = Math.floor((start + width - 1) / tileWidth);
  discard(state, strip, place => place >= first - 1 && place <= last + 1);
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  const tileAt = (place: number): HTMLCanvasElement => {
    let tile = strip.tiles.get(place);
    if (tile === undefined) {
      tile = paintTile(state, place, curve, paint);
      strip.tiles.set(place, tile);
      state.hasPainted = true;
    }
    return tile;
  };
  for (let place = first; place <= last; place++) {
    const tile = tileAt(place);
    const x = place * tileWidth - start;
    const begin = Math.max(0, x);
    const wide = Math.min(width, x + tileWidth) - begin;
    context.drawImage(tile, begin - x, 0, wide, height, left + begin, top, wide, height);
  }
  context.restore();
  // The tile that comes next in the direction of panning, unless this picture has already had one to paint.
  if (!state.hasPainted && state.start !== state.startBefore) {
    tileAt(state.start > state.startBefore ? last + 1 : first - 1);
  }
}

/** The curve's tiles, without those of another look. */
function stripOf(state: TileState, { id, box, look: own }: TiledCurve): Strip {
  const look = `${own} ${state.perSecond} ${state.scale} ${box.height} ${box.low} ${box.high}`;
  let strip = state.strips.get(id);
  if (strip === undefined) {
    strip = { look, tiles: new Map() };
    state.strips.set(id, strip);
  } else if (strip.look !== look) {
    discard(state, strip, () => false);
    strip.look = look;
  }
  return strip;
}

function discard({ spare }: TileState, { tiles }: Strip, isKept: (place: number) => boolean): void {
  for (const [place, tile] of tiles) {
    if (isKept(place)) continue;
    spare.push(tile);
    tiles.delete(place);
  }
}

function paintTile(
  { spare, scale, perSecond }: TileState,
  place: number,
  { box, samplingFrequency }: TiledCurve,
  paint: PaintCurve,
): HTMLCanvasElement {
  const tile = spare.pop() ?? document.createElement('canvas');
  const height = Math.max(1, Math.round(box.height * scale));
  if (tile.width !== tileWidth || tile.height !== height) {
    tile.width = tileWidth;
    tile.height = height;
  }
  const pen = tile.getContext('2d', { alpha: false })!;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.fillStyle = colour('panel');
  pen.fillRect(0, 0, tileWidth, height);
  const sampleAt = (pixel: number): number => (pixel / perSecond) * samplingFrequency;
  paint(pen as DrawingContext, {
    ...{ left: -overlap, top: 0, width: tileWidth / scale + 2 * overlap, height: box.height },
    from: sampleAt(place * tileWidth - overlap * scale),
    to: sampleAt((place + 1) * tileWidth + overlap * scale),
    ...{ low: box.low, high: box.high },
  });
  return tile;
}
