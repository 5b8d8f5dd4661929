/*
 * The engine's own Math.log and Math.exp differ in the last bit between Node's and Deno's V8. Results must
 * not, so what enters a result is computed here from +, -, * and /, which IEEE 754 fixes to the bit.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

const bits = new DataView(new ArrayBuffer(8));

/** x * 2^n for a normal result; exact. */
function scaleByPowerOfTwo(x: number, n: number): number {
  bits.setUint32(0, (n + 1023) << 20);
  bits.setUint32(4, 0);
  return x * bits.getFloat64(0);
}

/**
 * Natural logarithm, within one unit in the last place, the same bits on every host.
 *
 * @param x a positive finite number
 * @returns NaN below 0, -Infinity at 0
 * @example log(1024) // => 10 * Math.LN2
 * @see Ng & Turner, FDLIBM (Sun Microsystems, 1993), e_log.c: reduction to sqrt(2)/2..sqrt(2), Remez polynomial
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  let exponent = 0;
  let scaled = x;
  if (scaled < 2 ** -1022) {
    scaled *= 2 ** 54;
    exponent = -54;
  }
  bits.setFloat64(0, scaled);
  const high = bits.getUint32(0);
  exponent += (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  const f = mantissa - 1;
  if (f === 0) return exponent * LN2_HIGH + exponent * LN2_LOW;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const halfSquare = 0.5 * f * f;
  const correction = s * (halfSquare + even + odd) + exponent * LN2_LOW;
  return exponent * LN2_HIGH - (halfSquare - correction - f);
}

/**
 * Exponential function, within one unit in the last place, the same bits on every host.
 *
 * @param x any number
 * @example exp(0) // => 1
 * @see Ng & Turner, FDLIBM (Sun Microsystems, 1993), e_exp.c: reduction by ln 2, Remez polynomial
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const n = Math.round(x / Math.LN2);
  const high = x - n * LN2_HIGH;
  const low = n * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (n > 1023) return scaleByPowerOfTwo(y, n - 1) * 2;
  if (n < -1021) return scaleByPowerOfTwo(y, n + 100) * 2 ** -100;
  return scaleByPowerOfTwo(y, n);
}
